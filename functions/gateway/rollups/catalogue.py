"""The DuckDB catalogue over a chain's Parquet: one SQL script of views that a shell, pandas or a notebook runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from regulars.store.tenants import Site

SINGLE_VISITS: Literal["visits"] = "visits"
"""The table of every visit, with the visitor's number: for whoever may see single visits."""
_EMPTY = "-- There is nothing of {name} yet: closed days are rolled up every hour.\n"
_SITES = """create or replace view sites as
select cast(site_id as uuid) as site_id, site, time_zone from (values
    {rows}
) as s (site_id, site, time_zone);
"""
_VIEW = """create or replace view {name} as
select s.site, r.* from read_parquet([
    {urls}
], hive_partitioning = false) r left join sites s using (site_id);
"""
_BEYOND = {
    "weekday_hours": (
        "hours",
        """select site, dayname(day) as weekday, isodow(day) as weekday_number, hour, sum(visits) as visits,
    count(*) as days, count(*) filter (where visits is null) as days_hidden,
    sum(seen_s) / nullif(sum(wanted_s), 0) as coverage
from hours group by all""",
    ),
    "weeks": (
        "days",
        """select site, cast(date_trunc('week', day) as date) as monday, sum(visits) as visits, sum(new) as new,
    sum("returning") as "returning", count(*) as days, count(*) filter (where visits is null) as days_hidden
from days group by all""",
    ),
}
"""Views over a table: its name and the query."""


def catalogue_sql(sites: Sequence[Site], links: Mapping[str, Sequence[str]], expires_at: datetime) -> str:
    """Return the script. `links` has each table's links, a file per month; views are of those tables that have any."""
    rows = [f"({_text(str(one.site_id))}, {_text(one.name)}, {_text(one.time_zone)})" for one in sites]
    parts = [
        f"-- Regulars. These links work until {expires_at:%Y-%m-%d %H:%M} UTC; fetch the script again afterwards.\n"
    ]
    if rows:
        parts.append(_SITES.format(rows=",\n    ".join(rows)))
    for name, urls in links.items():
        if urls and rows:
            parts.append(_VIEW.format(name=name, urls=",\n    ".join(map(_text, urls))))
        else:
            parts.append(_EMPTY.format(name=name))
    for name, (of, query) in _BEYOND.items():
        if links.get(of) and rows:
            parts.append(f"create or replace view {name} as\n{query};\n")
    return "".join(parts)


def _text(value: str) -> str:
    """Quote for SQL: a site's name may hold anything."""
    return "'" + value.replace("'", "''") + "'"
