"""The page of reports over a long past: every question as the gateway answers it, beside plain SQL and a bare scan.

Times are processor time of this process and of the PostgreSQL session that serves it, from the query to the answer's
JSON; `waited` is what the clock said, which on a machine that others use is more. The gateway holds what it has read:
the first time, and beside peers, nothing is held.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import duckdb
import psutil

from functions.gateway.reports.schema import show_report
from regulars.domain.reports.buckets import Bucket, Range
from regulars.domain.reports.counted import HourBand
from regulars.domain.reports.files import each_once, whole_prefix
from regulars.domain.reports.report import Asked, make_report
from regulars.garbage import settle
from regulars.store.held_columns import HeldColumns
from regulars.store.plain_counts import counts_of_parquet, counts_of_visits
from regulars.store.rollups import columns_of
from regulars.store.session import Connection, transaction
from regulars.store.tenants import list_sites
from regulars.tenancy import Tenancy
from tests.bench.measuring import OURS, Row, compare, cpu_ms, in_turns, percentile, rows_of
from tests.bench.more_visits import chain_like, parquet_of_chain
from tests.bench.past import NOW, LongPast, long_past

LAST = (NOW - timedelta(days=1)).date()
QUARTER, YEAR = Range(date(2026, 8, 1), LAST), Range(date(2025, 10, 1), LAST)
QUESTIONS: dict[str, Asked] = {
    "a week by day": Asked(Range(LAST - timedelta(days=6), LAST), "day"),
    "a month by day": Asked(Range(date(2026, 10, 1), LAST), "day"),
    "a month by day, for an analyst": Asked(Range(date(2026, 10, 1), LAST), "day", k=10),
    "a quarter by week": Asked(QUARTER, "week"),
    **{
        f"13 months by {bucket.replace('_', ' ')}": Asked(YEAR, bucket)
        for bucket in list[Bucket](["day", "week", "month", "day_of_week", "hour_of_day"])
    },
    "13 months by month, for an analyst": Asked(YEAR, "month", k=10),
    "13 months by day, for an analyst": Asked(YEAR, "day", k=10),
    "13 months by month, 11 to 14 o'clock": Asked(YEAR, "month", band=HourBand(11, 14)),
    "13 months by month, women": Asked(YEAR, "month", gender="female"),
}
MORE: dict[str, dict[str, int]] = {
    "13 months by month, 1 site": {"sites": 1},
    "13 months by month, 1 site, 10 times the visits": {"sites": 1, "visits": 10},
    "13 months by month, 12 of 430 sites with 100 M visits": {"sites": 12, "people": 36},
}
_SCAN = """
select count(*), sum(hour), sum(visitor), count(status), count(gender), sum(dwell_s), min(site_id), max(day)
from read_parquet(?) where day between ? and ?
"""


class Clock:
    """Adds up what this process and the session's backend took, and how long it was waited for."""

    def __init__(self, connection: Connection) -> None:
        self.waited_ms: list[float] = []
        self._backend = psutil.Process(connection.exec_driver_sql("select pg_backend_pid()").scalar_one())

    def cpu_ms(self, work: Callable[[], object]) -> float:
        """Return the processor time of the work, in milliseconds."""
        own_s, backend_s, begun_s = time.process_time(), sum(self._backend.cpu_times()[:2]), time.perf_counter()
        work()
        self.waited_ms.append((time.perf_counter() - begun_s) * 1000)
        return (time.process_time() - own_s + sum(self._backend.cpu_times()[:2]) - backend_s) * 1000


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of every question, then those beside peers."""
    rows, held = list[Row](), HeldColumns(256_000_000)
    with long_past() as past:
        settle()
        for question, asked in QUESTIONS.items():
            say(question)
            rows += _page(past, question, asked, rounds or 15, held)
        say("13 months by month, for the first time")
        rows += _page(
            past, "13 months by month, for the first time", Asked(YEAR, "month"), rounds or 15, HeldColumns(0)
        )
        for chain, asked_of in MORE.items():
            say(chain)
            rows += _page(chain_like(past, **asked_of), chain, Asked(YEAR, "month"), rounds or 15, held)
        chain, asked_of = list(MORE.items())[-1]
        first = f"{chain}, for the first time"
        say(first)
        rows += _page(chain_like(past, **asked_of), first, Asked(YEAR, "month"), rounds or 15, HeldColumns(0))
        rows += _beside_sql(past, rounds or 3, say)
        rows += _large_chain(past, rounds or 3, say)
    return rows


def answer(past: LongPast, connection: Connection, asked: Asked, held: HeldColumns) -> str:
    """Return the page as the route answers it, without HTTP."""
    sites = list_sites(connection, past.tenant_id)
    read = partial(columns_of, connection, past.tenant_id, sites, now=NOW, held=held)
    return show_report(make_report(asked, read), sites, asked.k, {}).model_dump_json(by_alias=True)


def _page(past: LongPast, question: str, asked: Asked, rounds: int, held: HeldColumns) -> list[Row]:
    with transaction(past.engine, Tenancy(past.tenant_id)) as connection:
        clock = Clock(connection)
        contestants = {OURS: lambda: clock.cpu_ms(lambda: answer(past, connection, asked, held))}
        figures = in_turns(contestants, rounds)
    worst = rows_of("reports", f"{question}, p95", "ms of CPU", {OURS: [percentile(figures[OURS], 0.95)]}, [], None)
    waited = {OURS: [percentile(clock.waited_ms[1:], 0.95)]}
    return worst + rows_of("reports", f"{question}, p95 waited", "ms", waited, [], None)


def _beside_sql(past: LongPast, rounds: int, say: Callable[[str], None]) -> list[Row]:
    """Return our whole page of 13 months beside four of its figures in plain SQL, and beside a scan that sums."""
    say("13 months by month beside plain SQL and DuckDB over Parquet")
    asked = Asked(YEAR, "month")
    closed = Range(YEAR.first, LAST)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as duck:
        files = str(_fetched(past, Path(folder)) / "*.parquet")
        duck.execute("set threads = 1")
        with transaction(past.engine, Tenancy(past.tenant_id)) as connection:
            clock = Clock(connection)
            return compare(
                "reports",
                "13 months by month, whole page",
                "ms of CPU",
                lambda: clock.cpu_ms(lambda: answer(past, connection, asked, HeldColumns(0))),
                peers={
                    "4 figures, SQL over visits": lambda: clock.cpu_ms(
                        lambda: counts_of_visits(connection, past.tenant_id, closed)
                    ),
                    "4 figures, DuckDB over Parquet": lambda: clock.cpu_ms(
                        lambda: counts_of_parquet(Path(folder), closed)
                    ),
                },
                limit=(
                    "DuckDB sums the columns",
                    lambda: clock.cpu_ms(lambda: duck.execute(_SCAN, [files, closed.first, closed.last]).fetchall()),
                ),
                rounds=rounds,
            )


def _large_chain(past: LongPast, rounds: int, say: Callable[[str], None]) -> list[Row]:
    """Return four figures by month of a chain with 100 million visits from such files, beside a scan that sums."""
    say("100 million visits in Parquet")
    closed = Range(YEAR.first, LAST)
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large, duckdb.connect() as duck:
        visits = parquet_of_chain(_fetched(past, Path(small)), Path(large), 36)
        duck.execute("set threads = 1")
        return compare(
            "reports",
            f"4 figures by month of a chain's Parquet, {visits:,} visits",
            "ms of CPU",
            lambda: cpu_ms(lambda: counts_of_parquet(Path(large), closed)),
            limit=(
                "DuckDB sums the columns",
                lambda: cpu_ms(
                    lambda: duck.execute(_SCAN, [f"{large}/*.parquet", closed.first, closed.last]).fetchall()
                ),
            ),
            rounds=rounds,
        )


def _fetched(past: LongPast, folder: Path) -> Path:
    keys = each_once(one.key for one in past.objects.list(whole_prefix(past.tenant_id, "visits")))
    for number, key in enumerate(keys):
        (folder / f"{number}.parquet").write_bytes(past.objects.get(key, 500_000_000))
    return folder
