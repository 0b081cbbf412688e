"""Counts by month in nothing but SQL: what rollups are proved against."""

from pathlib import Path
from uuid import UUID

import duckdb
from sqlalchemy import Connection, text

from regulars.domain.reports.buckets import Range

MonthCounts = list[tuple[str, int, int, int, int]]
"""Month, visits, different people, new, of women."""

_OF_VISITS = text("""
select to_char(day, 'YYYY-MM'), count(*), count(distinct customer_id), count(*) filter (where status = 'new'),
    count(*) filter (where gender = 'female')
from (
    select (v.started_at at time zone s.time_zone)::date as day, v.customer_id, v.status, v.gender
    from visits v join sites s on s.tenant_id = v.tenant_id and s.site_id = v.site_id
    where v.tenant_id = :tenant_id
) v where day between :first and :last group by 1 order by 1
""")
_OF_PARQUET = """
select strftime(day, '%Y-%m'), count(*), count(distinct visitor), count(*) filter (where status = 'new'),
    count(*) filter (where gender = 'female')
from read_parquet(?) where day between ? and ? group by 1 order by 1
"""


def counts_of_visits(connection: Connection, tenant_id: UUID, span: Range) -> MonthCounts:
    """Return the counts that PostgreSQL gives straight from visits; it may take minutes."""
    connection.execute(text("set local statement_timeout = '10min'"))
    asked = {"tenant_id": tenant_id, "first": span.first, "last": span.last}
    return [(row[0], row[1], row[2], row[3], row[4]) for row in connection.execute(_OF_VISITS, asked)]


def counts_of_parquet(folder: Path, span: Range) -> MonthCounts:
    """Return the counts that DuckDB gives of the visits' Parquet files in a folder."""
    with duckdb.connect() as duck:
        rows = duck.execute(_OF_PARQUET, [f"{folder}/*.parquet", span.first, span.last]).fetchall()
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]
