"""What reports are made of, read from visits, sightings and crossings: by PostgreSQL for open days, by DuckDB for many.

The statements run in both: tables have bare names, parameters are named, and only what the two say alike is used.
`asked_sites` has a row for each site that is asked for: its id, and its place among them, from 1. `numbered_visits` are
visits with their visitors' numbers and with status and gender as one number (`site_days.kind_of`), `tracks` are
sightings of which each thing that they say is true or not. What began from `since` to `until` is told; until
`left_until` somebody who came in is looked for going out. `at_us(moment)` is a moment in whole microseconds since 1970,
UTC, which each of the two says in its own way.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from regulars.domain.reports.site_days import CameraWatch, SiteRows

Columns = Mapping[str, NDArray[Any]]

# A visit lasted from the first coming in to the last going out, when both were seen (`presence.dwell_of`).
# In microseconds: DuckDB asks a calendar how far two moments lie apart, which takes most of the time of it all.
# -1: a visitor without a number yet.
VISITS = """
select a.site as site, at_us(v.started_at) as at_us,
    coalesce(v.number, case when v.customer_id is null then 0 else -1 end) as visitor,
    v.kind as kind,
    case when d.left_at > d.came_at then cast(floor((at_us(d.left_at) - at_us(d.came_at)) / 1000000.0) as integer)
        else -1 end as dwell_s
from numbered_visits v join asked_sites a on a.site_id = v.site_id
left join (
    select s.visit_id, min(s.started_at) filter (where s.came_in) as came_at,
        max(s.ended_at) filter (where s.went_out) as left_at
    from tracks s
    where s.tenant_id = :tenant_id and s.site_id in (select site_id from asked_sites)
        and not s.rejected and not s.of_staff
        and s.started_at >= :since and s.started_at < :left_until
    group by s.visit_id
) d on d.visit_id = v.visit_id
where v.tenant_id = :tenant_id and v.started_at >= :since and v.started_at < :until
"""
# As `regulars.store.presence` reads them: crossings, and tracks without one in the direction of their camera's role.
# A join that finds nothing: of `not exists` DuckDB takes three times as long.
MOVEMENTS = """
select a.site as site, at_us(c."at") as at_us,
    c.direction = 'in' as came_in
from tracks s join crossings c on c.tenant_id = s.tenant_id and c.track_id = s.track_id
    join asked_sites a on a.site_id = c.site_id
where c.tenant_id = :tenant_id and c."at" >= :since and c."at" < :until
    and not s.rejected and not s.of_staff
union all
select a.site as site, at_us(s.started_at) as at_us,
    s.came_in as came_in
from tracks s join asked_sites a on a.site_id = s.site_id
    left join crossings c on c.tenant_id = s.tenant_id and c.track_id = s.track_id
where s.tenant_id = :tenant_id and s.started_at >= :since and s.started_at < :until
    and not s.rejected and not s.of_staff and (s.came_in or s.went_out) and c.track_id is null
"""
TRACKS = """
select a.site as site, at_us(s.started_at) as at_us,
    s.rejected as rejected
from tracks s join asked_sites a on a.site_id = s.site_id
where s.tenant_id = :tenant_id and s.started_at >= :since and s.started_at < :until
    and (s.rejected or s.of_staff)
"""
STATEMENTS = {"visits": VISITS, "movements": MOVEMENTS, "tracks": TRACKS}
_AT_US = re.compile(r"\bat_us\(([^()]+)\)")
_ASKED = """
with asked_sites as (
    select * from unnest(cast(:sites as uuid[])) with ordinality as s (site_id, site)
), numbered_visits as (
    select v.*, n.number, case v.status when 'new' then 0 when 'returning' then 3 else 6 end
        + case v.gender when 'male' then 0 when 'female' then 1 else 2 end as kind
    from visits v left join visitor_numbers n on n.tenant_id = v.tenant_id and n.customer_id = v.customer_id
), tracks as not materialized (
    select s.*, s.direction = 'in' as came_in, s.direction = 'out' as went_out, s.outcome = 'rejected' as rejected,
        s.outcome = 'staff' as of_staff
    from sightings s
)
"""
_WATCHES = text("""
select c.site_id, c.camera_id, cast(extract(epoch from c.created_at) as double precision) as hangs_since_s,
    cast(extract(epoch from s.since) as double precision) as from_s,
    cast(extract(epoch from s.until) as double precision) as to_s
from cameras c left join camera_sight s on s.tenant_id = c.tenant_id and s.camera_id = c.camera_id
    and s.since < :until and s.until > :since
where c.tenant_id = :tenant_id and c.site_id = any(:sites)
order by c.camera_id, s.since
""")
# By person, so that neighbours in the index are written one after another. Each is looked up by their key (`offset 0`
# keeps it so), also on insert: what a join would do depends on whether PostgreSQL has counted this chain's rows yet.
_NUMBERED = text("""
with base as (select coalesce(max(number), 0) as last from visitor_numbers where tenant_id = :tenant_id)
insert into visitor_numbers (tenant_id, customer_id, number)
select :tenant_id, c.customer_id, base.last + row_number() over (order by c.first_visit_at, c.customer_id)
from unnest(cast(:customers as uuid[])) as lacks (customer_id) cross join lateral (
    select k.customer_id, k.first_visit_at from tenant_customers k
    where k.tenant_id = :tenant_id and k.customer_id = lacks.customer_id offset 0
) c cross join base
order by c.customer_id
on conflict (tenant_id, customer_id) do nothing
""")
_UNNUMBERED = VISITS.replace(
    "coalesce(v.number, case when v.customer_id is null then 0 else -1 end) as visitor",
    "coalesce(v.number, case when v.customer_id is null then 0 else (select coalesce(max(x.number), 0) from"
    " visitor_numbers x where x.tenant_id = v.tenant_id) + dense_rank() over (order by v.customer_id) end) as visitor",
)
_OF_OPEN_DAYS = {"visits": _UNNUMBERED}


def number_visitors(connection: Connection, tenant_id: UUID, customers: Iterable[str]) -> None:
    """Give a number to each of these who has none, in the order in which they first came.

    `customers` are arrays of their ids as PostgreSQL writes them, numbered one array after another; whoever was erased
    meanwhile gets none. A second call waits for the first to commit.
    """
    connection.execute(text("select pg_advisory_xact_lock(hashtextextended('number ' || :id, 0))"), {"id": tenant_id})
    connection.execute(text("set local statement_timeout = '10min'"))
    for some in customers:
        connection.execute(_NUMBERED, {"tenant_id": tenant_id, "customers": some})


def open_rows(
    connection: Connection, tenant_id: UUID, sites: Sequence[UUID], since: datetime, until: datetime, now: datetime
) -> dict[UUID, SiteRows]:
    """Return what these sites' reports are made of, between two moments (UTC), as PostgreSQL has it now.

    Visitors without a number get one that is theirs in this answer alone.
    """
    asked = {"tenant_id": tenant_id, "sites": list(sites), "since": since, "until": until, "left_until": until}
    found: dict[str, Columns] = {}
    for name, statement in STATEMENTS.items():
        said = _AT_US.sub(r"cast(extract(epoch from \1) * 1000000 as bigint)", _OF_OPEN_DAYS.get(name, statement))
        rows = connection.execute(text(_ASKED + said), asked)
        keys = list(rows.keys())
        columns = list(zip(*rows.all(), strict=True)) or [()] * len(keys)
        found[name] = {key: np.array(column) for key, column in zip(keys, columns, strict=True)}
    return rows_by_site(sites, found, watches(connection, tenant_id, sites, since, until, now))


def watches(
    connection: Connection, tenant_id: UUID, sites: Sequence[UUID], since: datetime, until: datetime, now: datetime
) -> dict[UUID, list[CameraWatch]]:
    """Return for each site its cameras and when each saw, between two moments (UTC)."""
    asked = {"tenant_id": tenant_id, "sites": list(sites), "since": since, "until": until}
    spans: dict[tuple[UUID, UUID, float], list[tuple[float, float]]] = {}
    for site_id, camera_id, hangs_since_s, from_s, to_s in connection.execute(_WATCHES, asked):
        seen = spans.setdefault((site_id, camera_id, hangs_since_s), [])
        if from_s is not None and to_s > (begins := max(from_s, seen[-1][1] if seen else from_s)):
            seen.append((begins, to_s))
    found: dict[UUID, list[CameraWatch]] = {site_id: [] for site_id in sites}
    for (site_id, _, hangs_since_s), seen in spans.items():
        found[site_id].append(CameraWatch(hangs_since_s, seen, now.timestamp()))
    return found


def rows_by_site(
    sites: Sequence[UUID], found: Mapping[str, Columns], cameras: Mapping[UUID, Sequence[CameraWatch]]
) -> dict[UUID, SiteRows]:
    """Return the answers of STATEMENTS apart by site, in whatever order they came."""
    apart: dict[UUID, SiteRows] = {}
    # Numbers of two bytes numpy puts in order in one pass.
    orders = {
        name: np.argsort(columns["site"].astype(np.min_scalar_type(len(sites))), kind="stable")
        for name, columns in found.items()
    }
    found = {name: {key: one[orders[name]] for key, one in columns.items()} for name, columns in found.items()}
    edges = {name: np.searchsorted(columns["site"], np.arange(1, len(sites) + 2)) for name, columns in found.items()}
    for place, site_id in enumerate(sites):
        groups = {
            name: {
                key: column[edges[name][place] : edges[name][place + 1]]
                for key, column in columns.items()
                if key != "site"
            }
            for name, columns in found.items()
        }
        apart[site_id] = SiteRows(groups["visits"], groups["movements"], groups["tracks"], cameras[site_id])
    return apart
