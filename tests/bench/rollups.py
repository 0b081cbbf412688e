"""Rolling up one day of many sites, beside one pass of DuckDB over the same rows.

The peer reads them where they lie, in PostgreSQL; the limit has them ready in Parquet. Neither writes anything.

As the nightly flow does it: in the run after each time zone's midnight, in the middle of a month whose days before are
rolled up. Times are processor time of this process, DuckDB's threads included, and of PostgreSQL.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from uuid import UUID

import psutil
from sqlalchemy import TextClause, text

from compose.simulation.past import Asked
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.domain.reports.buckets import Range
from regulars.ports import ObjectStore
from regulars.steps.roll_up import roll_up
from regulars.store.rollup_tables import rollup_days
from regulars.store.session import Engine, connect
from tests.bench.measuring import OURS, Row, in_turns, rows_of
from tests.bench.past import Servers, find_chain, make_chain, servers
from tests.bench.plain_pass import plain_passes

DAY = date(2026, 10, 17)
RUNS = tuple(datetime(2026, 10, 17, hour, 30, tzinfo=UTC) for hour in (13, 15, 17))
"""When the flow finds the day over: in Sydney, in Tokyo, in Vietnam, where most of the shops are."""
VISITS_PER_DAY = 800.0
_LOOK_S = 0.01
_NOT_YET = text("delete from rollup_days where tenant_id = :tenant_id and day = :day")
_HELD = ", ".join(one.name for one in rollup_days.columns if not one.primary_key)
_DAYS_BEFORE = text(f"""
insert into rollup_days (tenant_id, site_id, day, {_HELD})
select tenant_id, site_id, cast(:day as date) - n, {_HELD}
from rollup_days, generate_series(1, cast(extract(day from cast(:day as date)) as integer) - 1) n
where tenant_id = :tenant_id and day = :like on conflict do nothing
""")  # noqa: S608 - names of columns
_FORGET = text("""
delete from visitor_numbers where tenant_id = :tenant_id and number > (
    select max(number) from visitor_numbers where tenant_id = :tenant_id
) - (
    select count(distinct customer_id) / 10 from visits
    where tenant_id = :tenant_id and started_at >= cast(:day as timestamp) at time zone 'Asia/Ho_Chi_Minh'
)
""")


def run(
    rounds: int | None,
    say: Callable[[str], None],
    *,
    place: str = "many-sites",
    sizes: Sequence[int] = (100, 300, 1000),
    first: date = DAY - timedelta(days=1),
) -> list[Row]:
    """Return for each number of sites what a visit and a site cost, beside the two passes.

    What happened from `first` on is simulated and lies under `place`; the month's days before are copies of that day.
    """
    rows: list[Row] = []
    with servers(place) as started:
        for sites in sizes:
            name = f"{sites} sites since {first}"
            asked = Asked(sites, first, RUNS[-1], VISITS_PER_DAY, 1)
            tenant_id = find_chain(started.owner, name) or make_chain(started.owner, name, asked, say)
            say(f"a day of {sites} sites")
            _fill_month(started, tenant_id, first)
            rows += _beside_duckdb(started, tenant_id, sites, rounds or 3)
    return rows


def _beside_duckdb(started: Servers, tenant_id: UUID, sites: int, rounds: int) -> list[Row]:
    def ours() -> float:
        _run_sql(started, tenant_id, _NOT_YET)
        return _cpu_ms(started, lambda: _night(started, tenant_id))

    with plain_passes(started.owner, tenant_id, DAY) as plain:
        in_place, ready = "one DuckDB pass over PostgreSQL", "one DuckDB pass over Parquet"
        some_new = "a tenth of the visitors never seen before"
        contestants = {
            OURS: ours,
            some_new: lambda: _run_sql(started, tenant_id, _FORGET) or ours(),
            in_place: lambda: _cpu_ms(started, plain.over_postgres),
            ready: lambda: _cpu_ms(started, plain.over_parquet),
        }
        figures = in_turns(contestants, rounds)
        visits = plain.visits
    by_visit = {name: [1000 * one / visits for one in taken] for name, taken in figures.items()}
    by_site = {OURS: [one / sites for one in figures[OURS]]}
    case = f"a day of {sites} sites, {visits:,} visits"
    with_new = by_visit | {OURS: by_visit[some_new]}
    return [
        *rows_of("rollups", f"{case}: a visit", "us of CPU", by_visit, [in_place], ready),
        *rows_of("rollups", f"{case}, {some_new}: a visit", "us of CPU", with_new, [in_place], ready),
        *rows_of("rollups", f"{case}: a site", "ms of CPU", by_site, [], None),
        Row("rollups", f"{case}: the process at its largest", _peak_mb(started, tenant_id), "MB"),
    ]


def _fill_month(started: Servers, tenant_id: UUID, like: date) -> None:
    """Have the month's days before rolled up and in files: those that were not simulated are like this one."""
    _night(started, tenant_id)
    _run_sql(started, tenant_id, _DAYS_BEFORE, like=like)
    _night(started, tenant_id, Range(like, like))


def _night(started: Servers, tenant_id: UUID, span: Range | None = None) -> None:
    _all_runs(tenant_id, started.engine, started.objects, span)


def _all_runs(tenant_id: UUID, engine: Engine, objects: ObjectStore, span: Range | None = None) -> None:
    """Roll up what is due in each of the night's runs."""
    for now in RUNS:
        list(roll_up(tenant_id, engine=engine, objects=objects, now=now, span=span))


def _peak_mb(started: Servers, tenant_id: UUID) -> float:
    """Return the most memory (resident) that a process has which does the night and nothing else."""
    _run_sql(started, tenant_id, _NOT_YET)
    database = started.engine.url.render_as_string(hide_password=False)
    night = get_context("spawn").Process(target=_night_alone, args=(database, started.objects_url, tenant_id))
    night.start()
    seen, peak = psutil.Process(night.pid), 0
    while night.is_alive():
        with suppress(psutil.Error):
            peak = max(peak, seen.memory_info().rss)
        time.sleep(_LOOK_S)
    if night.exitcode:
        raise RuntimeError(f"the night ended with {night.exitcode}")
    return peak / 1e6


def _night_alone(database: str, objects: str, tenant_id: UUID) -> None:
    _all_runs(tenant_id, connect(database), S3ObjectStore(objects))


def _run_sql(started: Servers, tenant_id: UUID, statement: TextClause, **said: object) -> None:
    with started.owner.begin() as connection:
        connection.execute(text("set local statement_timeout = 0"))  # days of ten thousand sites take a while
        connection.execute(statement, {"tenant_id": tenant_id, "day": DAY} | said)


def _cpu_ms(started: Servers, work: Callable[[], object]) -> float:
    """Return the processor time of this process and of PostgreSQL's, those that ended meanwhile included."""
    own_s, theirs_s = time.process_time(), _postgres_s(started.postmaster)
    work()
    return 1000 * (time.process_time() - own_s + _postgres_s(started.postmaster) - theirs_s)


def _postgres_s(postmaster: int) -> float:
    of_all = psutil.Process(postmaster)
    while True:
        begun = of_all.cpu_times()
        with suppress(psutil.NoSuchProcess):
            theirs_s = sum(sum(one.cpu_times()[:2]) for one in of_all.children())
            ended = of_all.cpu_times()
            # One that ends meanwhile is with its parent afterwards, and must not be missed between the two.
            if begun[2:4] == ended[2:4]:
                return sum(ended[:4]) + theirs_s
