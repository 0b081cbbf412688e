"""Rollups: closed days of sites as reports read them, and which days have to be rolled up (again)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.inside import Inside
from regulars.domain.reports.local_time import day_bounds, days_between
from regulars.domain.reports.site_days import HOURLY, SiteDay, Visits, days_of_site
from regulars.store.report_rows import open_rows
from regulars.store.rollup_tables import rollup_days, simulated_tenants
from regulars.store.tenants import Site

AROUND = timedelta(days=2)
"""Visits and business days reach this far over the ends of a calendar day."""
_BYTES_A_VISIT = 9

_READ = text("""
select r.site_id, r.day, r.visits, r.hours, r.inside_peak, r.inside_person_s, r.inside_span_s, r.inside_unseen_in,
    r.inside_left_over
from rollup_days r
where r.tenant_id = :tenant_id and r.site_id = any(:sites) and r.day between :first and :last
    and (:changed_too or not exists (select from dirty_days d
        where d.tenant_id = r.tenant_id and d.site_id = r.site_id and d.day between r.day - 1 and r.day + 1))
""").execution_options(binary=True)
_BEGUN = text("""
select s.site_id, least(s.created_at,
        (select min(v.started_at) from visits v where v.tenant_id = s.tenant_id and v.site_id = s.site_id),
        (select min(g.started_at) from sightings g where g.tenant_id = s.tenant_id and g.site_id = s.site_id)
    ) as begun_at
from sites s where s.tenant_id = :tenant_id and s.site_id = any(:sites)
""")
_PLAN = text("""
insert into dirty_days (tenant_id, site_id, day, reason, at)
select :tenant_id, d.site_id, d.day, 'not_rolled_up', :now
from unnest(cast(:site_ids as uuid[]), cast(:days as date[])) as d (site_id, day)
where :again or not exists (select from rollup_days r
    where r.tenant_id = :tenant_id and r.site_id = d.site_id and r.day = d.day)
on conflict do nothing
""")
_MARKED = text("""
select d.site_id, d.day, cast(cast(d.xmin as text) as bigint) as version from dirty_days d
where d.tenant_id = :tenant_id and d.day between :first and :last order by d.day, d.site_id
""")
_DONE = text("""
delete from dirty_days d using unnest(cast(:site_ids as uuid[]), cast(:days as date[]), cast(:versions as bigint[]))
    as m (site_id, day, version)
where d.tenant_id = :tenant_id and d.site_id = m.site_id and d.day = m.day
    and cast(cast(d.xmin as text) as bigint) = m.version
""")


@dataclass(frozen=True, slots=True)
class Mark:
    """A day that has to be rolled up; another `version` says that it has changed again since."""

    site_id: UUID
    day: date
    version: int


def hold(connection: Connection, tenant_id: UUID) -> None:
    """Wait for all who change visits of the tenant now, and let nobody else begin before this transaction ends."""
    connection.execute(text("select pg_advisory_xact_lock(hashtextextended('roll_up ' || :id, 0))"), {"id": tenant_id})


def plan(
    connection: Connection, tenant_id: UUID, days: Sequence[tuple[UUID, date]], now: datetime, *, again: bool
) -> None:
    """Mark those of these site-days that were never rolled up, or with `again` all of them."""
    site_ids, dates = [site_id for site_id, _ in days], [day for _, day in days]
    asked = {"tenant_id": tenant_id, "site_ids": site_ids, "days": dates, "now": now, "again": again}
    connection.execute(_PLAN, asked)


def marked(connection: Connection, tenant_id: UUID, span: Range) -> list[Mark]:
    """Return the marked days of the range, by day."""
    rows = connection.execute(_MARKED, {"tenant_id": tenant_id, "first": span.first, "last": span.last})
    return [Mark(*row) for row in rows]


def write_days(connection: Connection, tenant_id: UUID, days: Iterable[SiteDay], now: datetime) -> None:
    """Write days, in the place of what was there for them."""
    rows = [
        {
            "tenant_id": tenant_id,
            "site_id": one.site_id,
            "day": one.day,
            "visits": _packed(one.visits),
            "hours": one.hours.astype("<i4").tobytes(),
            "inside_peak": one.inside.peak if one.inside else None,
            "inside_person_s": one.inside.person_s if one.inside else None,
            "inside_span_s": one.inside.span_s if one.inside else None,
            "inside_unseen_in": one.inside.unseen_in if one.inside else None,
            "inside_left_over": one.inside.left_over if one.inside else None,
            "rolled_up_at": now,
        }
        for one in days
    ]
    if rows:
        statement = insert(rollup_days)
        keys = ["tenant_id", "site_id", "day"]
        fresh = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh), rows)


def unmark(connection: Connection, tenant_id: UUID, marks: Collection[Mark]) -> None:
    """Take away these marks, but for days that have changed since they were read."""
    site_ids, days = [one.site_id for one in marks], [one.day for one in marks]
    asked = {"tenant_id": tenant_id, "site_ids": site_ids, "days": days, "versions": [one.version for one in marks]}
    connection.execute(_DONE, asked)


def rolled_days(
    connection: Connection, tenant_id: UUID, sites: Sequence[UUID], span: Range, *, changed_too: bool = False
) -> list[SiteDay]:
    """Return what is rolled up of these sites' days in the range, without those that have changed since."""
    asked: dict[str, object] = {"tenant_id": tenant_id, "sites": list(sites), "changed_too": changed_too}
    asked |= {"first": span.first, "last": span.last}
    rows = connection.execute(_READ, asked).all()
    # One array for all days: making thousands of small ones takes longer than all that is in them.
    hours = np.frombuffer(b"".join([row.hours for row in rows]), dtype="<i4").reshape(len(rows), len(HOURLY), 24)
    return [
        SiteDay(site_id, day, _unpacked(visits), of_hours, Inside(*inside) if inside[0] is not None else None)
        for (site_id, day, visits, _, *inside), of_hours in zip(rows, hours, strict=True)
    ]


def begun_on(connection: Connection, tenant_id: UUID, sites: Sequence[Site]) -> dict[UUID, date]:
    """Return each site's first day: that of its making, or of the oldest recording that was played."""
    zones = {site.site_id: site.rule.zone for site in sites}
    found = connection.execute(_BEGUN, {"tenant_id": tenant_id, "sites": list(zones)})
    return {site_id: begun_at.astimezone(zones[site_id]).date() for site_id, begun_at in found}


def closed_days(site: Site, first: date, now: datetime) -> list[date]:
    """Return the site's days from `first` that are over at `now` (UTC), as calendar days and as business days."""
    today = now.astimezone(site.rule.zone).date()
    days = days_between(first, today) if first <= today else []
    return [day for day in days if max(day_bounds(site.rule.zone, day)[1], site.rule.hours_of(day)[1]) <= now]


def days_of(
    connection: Connection, tenant_id: UUID, sites: Sequence[Site], span: Range, now: datetime, *, rolled: bool = True
) -> list[SiteDay]:
    """Return every day of the range that these sites have had, today included: each once.

    Days that are rolled up and have not changed come from there, all others from visits as they are now; with `rolled`
    False all do.
    """
    by_id = {site.site_id: site for site in sites}
    found = rolled_days(connection, tenant_id, list(by_id), span) if rolled else []
    have: dict[UUID, set[date]] = {site_id: set() for site_id in by_id}
    for one in found:
        have[one.site_id].add(one.day)
    begun = begun_on(connection, tenant_id, sites)
    missing: dict[UUID, list[date]] = {}
    for site in sites:
        last = min(span.last, now.astimezone(site.rule.zone).date())
        first = max(span.first, begun[site.site_id])
        wanted = days_between(first, last) if first <= last else []
        lacking = [day for day in wanted if day not in have[site.site_id]]
        if lacking:
            missing[site.site_id] = lacking
    for run in _runs(missing):
        found += _open_days(connection, tenant_id, [by_id[site_id] for site_id in run], run, now)
    order = {site_id: place for place, site_id in enumerate(sorted(by_id, key=str))}
    return sorted(found, key=lambda one: (one.day, order[one.site_id]))


def _runs(missing: dict[UUID, list[date]]) -> list[dict[UUID, list[date]]]:
    """Return the missing days in pieces that can be read at once: an old day alone must not read a year."""
    runs: list[dict[UUID, list[date]]] = []
    latest: date | None = None
    for day in sorted({day for days in missing.values() for day in days}):
        if latest is None or day - latest > AROUND:
            runs.append({})
        for site_id, days in missing.items():
            if day in days:
                runs[-1].setdefault(site_id, []).append(day)
        latest = day
    return runs


def _open_days(
    connection: Connection, tenant_id: UUID, sites: Sequence[Site], days: dict[UUID, list[date]], now: datetime
) -> list[SiteDay]:
    first, last = min(map(min, days.values())), max(map(max, days.values()))
    since = min(day_bounds(site.rule.zone, first)[0] for site in sites) - AROUND
    until = max(day_bounds(site.rule.zone, last)[1] for site in sites) + AROUND
    rows = open_rows(connection, tenant_id, [site.site_id for site in sites], since, until, now)
    return [
        one for site in sites for one in days_of_site(site.site_id, site.rule, rows[site.site_id], days[site.site_id])
    ]


def _packed(visits: Visits) -> bytes:
    """Return the columns behind one another: visitors, dwells (both int32), cells (uint8)."""
    return visits.visitor.astype("<i4").tobytes() + visits.dwell_s.astype("<i4").tobytes() + visits.cell.tobytes()


def _unpacked(packed: bytes) -> Visits:
    many = len(packed) // _BYTES_A_VISIT
    numbers = np.frombuffer(packed, "<i4", 2 * many)
    return Visits(numbers[:many], np.frombuffer(packed, np.uint8, many, 8 * many), numbers[many:])


def mark_simulated(connection: Connection, tenant_id: UUID, seed: int, now: datetime) -> None:
    """Note that nobody of this tenant was ever there."""
    connection.execute(insert(simulated_tenants).values(tenant_id=tenant_id, seed=seed, made_at=now))
