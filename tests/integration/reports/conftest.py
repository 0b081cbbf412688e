"""A simulated chain in a database of its own, rolled up into a real object store."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import duckdb
import pytest
from sqlalchemy import Engine, text

from compose.onebox.servers.postgres import PostgresServer
from compose.simulation.main import main as simulate
from regulars.domain.reports.buckets import Range
from regulars.domain.reports.site_days import SiteDay
from regulars.steps.roll_up import RolledUp, roll_up
from regulars.store.held_columns import HeldColumns
from regulars.store.rollups import days_of
from regulars.store.session import as_role, connect, transaction
from regulars.store.tenants import list_sites
from regulars.tenancy import PLATFORM, Tenancy
from tests.recognizing import objects

__all__ = ["objects"]

NOW = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
SPAN = Range(datetime(2026, 1, 1).date(), NOW.date())  # noqa: DTZ001 - a date


@dataclass(frozen=True, slots=True)
class Chain:
    """A simulated tenant, and how to ask for its days and to roll them up."""

    tenant_id: UUID
    engine: Engine
    owner: Engine
    objects: object
    held: HeldColumns = field(default_factory=lambda: HeldColumns(50_000_000))

    def days(self, *, rolled: bool = True, span: Range = SPAN, now: datetime = NOW) -> list[SiteDay]:
        """Return them as the gateway reads them, again and again with what it holds of before."""
        with transaction(self.engine, Tenancy(self.tenant_id)) as connection:
            sites = list_sites(connection, self.tenant_id)
            return days_of(connection, self.tenant_id, sites, span, now, held=self.held, rolled=rolled)

    def roll_up(self, *, span: Range | None = None, now: datetime = NOW) -> list[RolledUp]:
        given = {"engine": self.engine, "objects": self.objects, "now": now, "span": span}
        return list(roll_up(self.tenant_id, **given))  # pyright: ignore[reportArgumentType]

    def sql(self, statement: str, **given: object) -> list[tuple[object, ...]]:
        with self.owner.begin() as connection:
            done = connection.execute(text(statement), {"tenant_id": self.tenant_id} | given)
            return [tuple(row) for row in done] if done.returns_rows else []


def told(days: list[SiteDay]) -> list[tuple[object, ...]]:
    """Return all that a report can see of these days; visitors by who shares a number, not by the number."""
    seen: dict[int, int] = {}
    return [
        (
            one.site_id,
            one.day,
            [seen.setdefault(number, len(seen)) if number else -1 for number in one.visits.visitor.tolist()],
            one.visits.cell.tolist(),
            one.visits.dwell_s.tolist(),
            one.hours.tolist(),
            one.inside,
        )
        for one in days
    ]


@pytest.fixture(scope="session")
def owner_url(postgres_server: PostgresServer) -> str:
    return postgres_server.make_database("reports")


@pytest.fixture(scope="session")
def reports_database(owner_url: str) -> Iterator[tuple[Engine, Engine]]:
    """The schema's owner and the application's role on a migrated database that only these tests use."""
    from regulars.store.migrate import migrate

    owner = connect(owner_url, pool_size=2)
    url = as_role(owner_url, "regulars_app", "of-the-tests")
    migrate(owner, url)
    application = connect(url, pool_size=4)
    yield owner, application
    application.dispose()
    owner.dispose()


@pytest.fixture(scope="session")
def make_chain(reports_database: tuple[Engine, Engine], owner_url: str, objects: object) -> "MakeChain":
    return MakeChain(*reports_database, owner_url, objects)


@dataclass(frozen=True, slots=True)
class MakeChain:
    """Simulates chains through the command."""

    owner: Engine
    application: Engine
    owner_url: str
    objects: object

    def __call__(self, name: str, months: float, sites: int, visits_per_day: float, *, seed: int = 1) -> Chain:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REGULARS_DATABASE_URL", as_role(self.owner_url, "regulars_app", "of-the-tests"))
            patch.setenv("REGULARS_DATABASE_OWNER_URL", self.owner_url)
            words = ["--months", str(months), "--sites", str(sites), "--visits-per-day", str(visits_per_day)]
            assert simulate([*words, "--seed", str(seed), "--until", NOW.isoformat(), "--name", name]) == 0
        with transaction(self.application, PLATFORM) as connection:
            tenant_id = connection.scalar(text("select tenant_id from tenants where name = :name"), {"name": name})
        assert tenant_id is not None
        return Chain(tenant_id, self.application, self.owner, self.objects)


@pytest.fixture(scope="session")
def chain(make_chain: MakeChain) -> Chain:
    """Six sites, so that one keeps summer time, for two months; rolled up. Tests leave it as it is."""
    made = make_chain("rolled up", 2.2, 6, 10)
    made.roll_up()
    return made


def parquet(chain: Chain, kind: str, folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a DuckDB with the chain's Parquet files of a kind as a view of that name."""
    from regulars.adapters.objects_s3 import S3ObjectStore

    assert isinstance(chain.objects, S3ObjectStore)
    for number, found in enumerate(chain.objects.list(f"rollups/{chain.tenant_id}/{kind}/")):
        (folder / f"{kind}-{number}.parquet").write_bytes(io.BytesIO(chain.objects.get(found.key, 10**8)).read())
    duck = duckdb.connect()
    duck.execute(f"create view {kind} as from read_parquet('{folder}/{kind}-*.parquet')")
    return duck


YESTERDAY = NOW - timedelta(days=1)
