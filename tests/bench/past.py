"""A chain with a long past for the benchmarks of reports: made once under `.regulars/bench`, then only started."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.seaweed import SeaweedServer
from compose.onebox.words import timed_progress
from compose.simulation.loading import load_past
from compose.simulation.past import Asked, make_past
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.steps.roll_up import roll_up
from regulars.store.migrate import migrate
from regulars.store.session import Engine, as_role, connect, transaction
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM

HOME = Path(__file__).resolve().parents[2] / ".regulars" / "bench"
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
"""The past ends here, whenever the benchmark runs: the same rows each time."""
MONTHS, SITES, VISITS_PER_DAY, SEED = 13, 12, 800.0, 1
FIRST = (NOW - timedelta(days=round(MONTHS * 365.25 / 12))).date()


@dataclass(frozen=True, slots=True)
class Servers:
    """PostgreSQL and the object store: `engine` as the application's role, `owner` as the schema's owner."""

    engine: Engine
    owner: Engine
    objects: S3ObjectStore
    objects_url: str
    postmaster: int


@dataclass(frozen=True, slots=True)
class LongPast:
    """The chain and where it lies."""

    tenant_id: UUID
    engine: Engine
    owner: Engine
    objects: S3ObjectStore


@contextmanager
def servers(name: str) -> Generator[Servers]:
    """Start both with what is kept of them under that name. Raises DependencyAway."""
    place = Place(HOME / name)
    with ExitStack() as stack:
        supervisor = stack.enter_context(Supervisor(place.run_dir))
        server, store = PostgresServer(place, supervisor), SeaweedServer(place, supervisor)
        server.start()
        store.start()
        owner = connect(server.url, pool_size=2)
        stack.callback(owner.dispose)
        application = as_role(server.url, "regulars_app", place.secret("regulars-app"))
        migrate(owner, application)
        engine = connect(application, pool_size=4)
        stack.callback(engine.dispose)
        with owner.connect() as connection:
            file = connection.exec_driver_sql("select pg_read_file('postmaster.pid')").scalar_one()
        yield Servers(engine, owner, S3ObjectStore(store.url), store.url, int(file.split()[0]))


@contextmanager
def long_past() -> Generator[LongPast]:
    """Start PostgreSQL and the object store with 13 months of 12 sites in them, rolled up; some minutes the first time.

    2.8 million visits, 5.3 million sightings: 5 GB on the disk. Raises DependencyAway.
    """
    with servers("past") as started:
        tenant_id = _chain(started.owner, started.engine, started.objects)
        yield LongPast(tenant_id, started.engine, started.owner, started.objects)


def _chain(owner: Engine, engine: Engine, objects: S3ObjectStore) -> UUID:
    """Return the chain's tenant, made and rolled up if it is not there yet."""
    name, say = f"{MONTHS} months of {SITES} sites, seed {SEED}", timed_progress()
    found = find_chain(owner, name) or make_chain(owner, name, Asked(SITES, FIRST, NOW, VISITS_PER_DAY, SEED), say)
    done = [month for month in roll_up(found, engine=engine, objects=objects, now=NOW) if month.days]
    if done:
        say(f"{sum(one.days for one in done)} site-days, {sum(one.visits for one in done):,} visits rolled up")
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze rollup_days")
    return found


def find_chain(owner: Engine, name: str) -> UUID | None:
    """Return the chain of that name, if it was made."""
    with transaction(owner, PLATFORM) as connection:
        return next((one.tenant_id for one in list_tenants(connection) if one.name == name), None)


def make_chain(owner: Engine, name: str, asked: Asked, say: Callable[[str], None]) -> UUID:
    """Simulate a chain, and have PostgreSQL know what lies where."""
    made = load_past(make_past(asked), asked, name, owner=owner, say=say).tenant_id
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("set statement_timeout = 0")
        connection.exec_driver_sql("vacuum analyze")
    return made
