"""What a plain DuckDB, one thread, makes of the rows of a day: one pass that counts what a roll-up counts.

It writes nothing, and knows no visitors' numbers, nobody inside, and nothing that analysts are told.
"""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb
from sqlalchemy import Engine

from regulars.store.attaching import attach_postgres

_ROWS = {
    "visits": "select site_id, visit_id, customer_id, started_at, status, gender from visits"
    " where tenant_id = '{tenant_id}' and started_at >= '{since}' and started_at < '{until}'",
    "sightings": "select site_id, track_id, visit_id, started_at, ended_at, direction, outcome from sightings"
    " where tenant_id = '{tenant_id}' and started_at >= '{since}' and started_at < '{until}'",
    "crossings": 'select site_id, track_id, "at", direction from crossings'
    " where tenant_id = '{tenant_id}' and \"at\" >= '{since}' and \"at\" < '{until}'",
}
"""Statements of PostgreSQL, between the day's first beginning and its last end at any of the sites."""
_PLANS = (
    "select set_config(name, '{allowed}', true) as said from unnest('{{enable_indexscan,enable_seqscan}}'::text[]) name"
)
"""As the roll-up asks for: pages that hold wanted tracks are read in the order in which they lie."""
_READ = "from postgres_query('pg', $query)"
_DAYS = """
create temp table days as select * from postgres_query('pg', $$
    select site_id, timestamp '{day}' at time zone time_zone as begins,
        (timestamp '{day}' + interval '1 day') at time zone time_zone as ends
    from sites where tenant_id = '{tenant_id}' $$)
"""
_BOUNDS = "select cast(min(begins) as varchar), cast(max(ends) as varchar) from days"
_OF_DAY = """
create or replace temp table {table} as
select r.* from postgres_query('pg', $query) r join days d using (site_id) where r.{at} >= d.begins and r.{at} < d.ends
"""
_PASS = """
with stays as (
    select visit_id, min(started_at) filter (where direction = 'in') as came_at,
        max(ended_at) filter (where direction = 'out') as left_at
    from sightings where outcome not in ('rejected', 'staff') group by visit_id
), movements as (
    select c.site_id, c."at" as moment, c.direction from crossings c
    join sightings s using (track_id) where s.outcome not in ('rejected', 'staff')
    union all
    select site_id, started_at, direction from sightings s
    where outcome not in ('rejected', 'staff') and direction <> 'unknown'
        and not exists (select 1 from crossings c where c.track_id = s.track_id)
), by_hour as (
    select site_id, date_trunc('hour', v.started_at) as hour, status, gender, count(*) as visits,
        count(distinct customer_id) as visitors,
        median(date_diff('second', came_at, left_at)) filter (where left_at > came_at) as dwell_s
    from visits v left join stays using (visit_id) group by all
), moved as (
    select site_id, date_trunc('hour', moment) as hour, direction, count(*) as many from movements group by all
), others as (
    select site_id, date_trunc('hour', started_at) as hour, outcome, count(*) as many
    from sightings where outcome in ('rejected', 'staff') group by all
), of_day as (
    select site_id, count(distinct customer_id) as visitors from visits group by all
)
select (select sum(visits) from by_hour), (select sum(many) from moved), (select sum(many) from others),
    (select sum(visitors) from of_day), (select sum(visitors) + sum(dwell_s) from by_hour)
"""


class PlainPasses:
    """The two passes over the same rows; each answers, so that nothing is left out, in the same numbers."""

    def __init__(self, owner: Engine, tenant_id: UUID, day: date, folder: Path) -> None:
        self._of_rows, self._of_files = duckdb.connect(), duckdb.connect()
        for duck in (self._of_rows, self._of_files):
            duck.execute("set timezone = 'UTC'; set threads = 1")
        attach_postgres(self._of_rows, owner, options="-c timezone=UTC -c work_mem=64MB", writes=False)
        self._of_rows.execute(_DAYS.format(day=day, tenant_id=tenant_id))
        ((since, until),) = self._of_rows.execute(_BOUNDS).fetchall()
        asked = {"tenant_id": tenant_id, "since": since, "until": until}
        self._rows = {table: query.format(**asked) for table, query in _ROWS.items()}
        said = self.over_postgres()
        for table in _ROWS:
            file = folder / f"{table}.parquet"
            self._of_rows.execute(f"copy (from {table} order by site_id, {_at(table)}) to '{file}' (format parquet)")
            self._of_files.execute(f"create temp view {table} as from read_parquet('{file}')")
        if said != self.over_parquet():
            raise AssertionError("the two passes do not say the same")
        self.visits = self._of_rows.table("visits").shape[0]

    def over_postgres(self) -> list[tuple[int, ...]]:
        """Read the rows where they lie, and count."""
        self._of_rows.execute("begin")
        for table, query in self._rows.items():
            plans = _PLANS.format(allowed="off" if table == "sightings" else "on")
            self._of_rows.execute(_READ, {"query": plans}).fetchall()
            self._of_rows.execute(_OF_DAY.format(table=table, at=_at(table)), {"query": query})
        self._of_rows.execute("commit")
        return self._of_rows.execute(_PASS).fetchall()

    def over_parquet(self) -> list[tuple[int, ...]]:
        """Count what lies ready as columns, by site and time."""
        return self._of_files.execute(_PASS).fetchall()

    def close(self) -> None:
        """End both."""
        self._of_rows.close()
        self._of_files.close()


@contextmanager
def plain_passes(owner: Engine, tenant_id: UUID, day: date) -> Generator[PlainPasses]:
    """Have both ready over one day of a chain, by each site's clock. Raises DependencyAway."""
    with tempfile.TemporaryDirectory() as folder:
        plain = PlainPasses(owner, tenant_id, day, Path(folder))
        try:
            yield plain
        finally:
            plain.close()


def _at(table: str) -> str:
    return '"at"' if table == "crossings" else "started_at"
