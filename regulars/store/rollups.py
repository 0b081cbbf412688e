"""Rollups: closed days of sites as reports read them, and which days have to be rolled up (again)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import Columns, apart, joined_by, side_by_side
from regulars.domain.reports.local_time import day_bounds
from regulars.domain.reports.site_days import SiteDay, days_of_site
from regulars.domain.visits import VisitRule
from regulars.store.held_columns import HeldColumns
from regulars.store.report_rows import open_rows
from regulars.store.rollup_columns import days_there, rolled_columns
from regulars.store.rollup_tables import simulated_tenants
from regulars.store.tenants import Site

AROUND = timedelta(days=2)
"""Visits and business days reach this far over the ends of a calendar day."""

_BEGUN = text("""
select s.site_id, least(s.created_at,
        (select min(v.started_at) from visits v where v.tenant_id = s.tenant_id and v.site_id = s.site_id),
        (select min(g.started_at) from sightings g where g.tenant_id = s.tenant_id and g.site_id = s.site_id)
    ) as begun_at
from sites s where s.tenant_id = :tenant_id and s.site_id = any(:sites)
""")
# Sites that lack nothing, as nearly all do each hour, have their days counted and not looked up one by one.
_PLAN = text("""
insert into dirty_days (tenant_id, site_id, day, reason, at)
select :tenant_id, s.site_id, s.first + number, 'not_rolled_up', :now
from (
    select s.* from unnest(cast(:sites as uuid[]), cast(:firsts as date[]), cast(:lasts as date[]))
        as s (site_id, first, last)
    where :again or s.last - s.first >= (select count(*) from rollup_days r
        where r.tenant_id = :tenant_id and r.site_id = s.site_id and r.day between s.first and s.last)
    offset 0
) s cross join lateral generate_series(0, s.last - s.first) number
where :again or not exists (select from rollup_days r
    where r.tenant_id = :tenant_id and r.site_id = s.site_id and r.day = s.first + number)
on conflict do nothing
""")
# A crossing lies within seconds of its track (`read_track.CLOCK_SLACK`): of one just before midnight the track may have
# begun after it, and have come when the day before was rolled up.
_MARKED = text("""
select d.site_id, d.day, cast(cast(d.xmin as text) as bigint) as version, d.reason = 'not_rolled_up'
    and not exists (select from rollup_days r
        where r.tenant_id = d.tenant_id and r.site_id = d.site_id and r.day = d.day)
    and not exists (select from crossings c where c.tenant_id = d.tenant_id and c.site_id = d.site_id
        and c."at" < cast(d.day as timestamp) at time zone s.time_zone
        and c."at" >= cast(d.day as timestamp) at time zone s.time_zone - interval '1 minute') as fresh
from dirty_days d join sites s on s.tenant_id = d.tenant_id and s.site_id = d.site_id
where d.tenant_id = :tenant_id and d.day between :first and :last order by d.day, d.site_id
""")
# How long a value is PostgreSQL knows without reading it.
_USUAL = text("""
select s.site_id, d.visits from unnest(cast(:sites as uuid[])) as s (site_id) cross join lateral (
    select octet_length(r.visitors) / 4 as visits from rollup_days r
    where r.tenant_id = :tenant_id and r.site_id = s.site_id order by r.day desc limit 1
) d
""")
_DONE = text("""
delete from dirty_days d using unnest(cast(:site_ids as uuid[]), cast(:days as date[]), cast(:versions as bigint[]))
    as m (site_id, day, version)
where d.tenant_id = :tenant_id and d.site_id = m.site_id and d.day = m.day
    and cast(cast(d.xmin as text) as bigint) = m.version
""")


@dataclass(frozen=True, slots=True)
class Mark:
    """A day that has to be rolled up; another `version` says that it has changed again since.

    `fresh`: it never was, and no crossing of the evening before can be one of its tracks.
    """

    site_id: UUID
    day: date
    version: int
    fresh: bool

    def touches(self, rule: VisitRule) -> set[date]:
        """Return the days that may be others than they were: this one and those beside it, by their business days.

        What is told of the day before a fresh one changes with it only where a shop closes after midnight: a visit
        that goes on over midnight is written anew, which marks the day on which it began.
        """
        before, after = self.day - timedelta(days=1), self.day + timedelta(days=1)
        if self.fresh and rule.hours_of(before)[1] <= day_bounds(rule.zone, self.day)[0]:
            return {self.day, after}
        return {before, self.day, after}


def hold(connection: Connection, tenant_id: UUID) -> None:
    """Wait for all who change visits of the tenant now, and let nobody else begin before this transaction ends."""
    connection.execute(text("select pg_advisory_xact_lock(hashtextextended('roll_up ' || :id, 0))"), {"id": tenant_id})


def plan(connection: Connection, tenant_id: UUID, closed: Mapping[UUID, Range], now: datetime, *, again: bool) -> None:
    """Mark those of these sites' days that were never rolled up, or with `again` all of them."""
    asked = {
        "tenant_id": tenant_id,
        "sites": list(closed),
        "firsts": [one.first for one in closed.values()],
        "lasts": [one.last for one in closed.values()],
        "now": now,
        "again": again,
    }
    connection.execute(_PLAN, asked)


def marked(connection: Connection, tenant_id: UUID, span: Range) -> list[Mark]:
    """Return the marked days of the range, by day."""
    rows = connection.execute(_MARKED, {"tenant_id": tenant_id, "first": span.first, "last": span.last})
    return [Mark(*row) for row in rows]


def visits_of_newest_day(connection: Connection, tenant_id: UUID, sites: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many visits the newest rolled-up day of each of these sites has; sites without one: none."""
    return {row.site_id: row.visits for row in connection.execute(_USUAL, {"tenant_id": tenant_id, "sites": sites})}


def unmark(connection: Connection, tenant_id: UUID, marks: Collection[Mark]) -> None:
    """Take away these marks, but for days that have changed since they were read."""
    site_ids, days = [one.site_id for one in marks], [one.day for one in marks]
    asked = {"tenant_id": tenant_id, "site_ids": site_ids, "days": days, "versions": [one.version for one in marks]}
    connection.execute(_DONE, asked)


def begun_on(connection: Connection, tenant_id: UUID, sites: Sequence[Site]) -> dict[UUID, date]:
    """Return each site's first day: that of its making, or of the oldest recording that was played."""
    zones = {site.site_id: site.rule.zone for site in sites}
    found = connection.execute(_BEGUN, {"tenant_id": tenant_id, "sites": list(zones)})
    return {site_id: begun_at.astimezone(zones[site_id]).date() for site_id, begun_at in found}


def closed_days(sites: Iterable[Site], begun: Mapping[UUID, date], now: datetime) -> dict[UUID, Range]:
    """Return the days from its first one on that are over at each site at `now` (UTC), of sites that have some."""
    by_rule: dict[VisitRule, date] = {}
    closed: dict[UUID, Range] = {}
    for site in sites:
        newest = by_rule.get(site.rule) or by_rule.setdefault(site.rule, _newest_over(site.rule, now))
        if begun[site.site_id] <= newest:
            closed[site.site_id] = Range(begun[site.site_id], newest)
    return closed


def over_everywhere(sites: Iterable[Site], now: datetime) -> date:
    """Return the newest day that is over at all of these sites at `now` (UTC)."""
    return min((_newest_over(rule, now) for rule in {site.rule for site in sites}), default=date.min)


def _newest_over(rule: VisitRule, now: datetime) -> date:
    """Return the newest day that is over as calendar day and as business day; all before it are, too."""
    today = now.astimezone(rule.zone).date()
    # A day's hours end within two days of its beginning.
    days = [today - timedelta(days=back) for back in range(AROUND.days + 2)]
    return next(day for day in days if max(day_bounds(rule.zone, day)[1], rule.hours_of(day)[1]) <= now)


def columns_of(
    connection: Connection,
    tenant_id: UUID,
    sites: Sequence[Site],
    span: Range,
    now: datetime,
    *,
    held: HeldColumns | None = None,
    rolled: bool = True,
) -> Columns:
    """Return every day of the range that these sites have had, today included: each once.

    Days that are rolled up and have not changed come from there, all others from visits as they are now; with `rolled`
    False all do. What `held` has of rolled-up days is not read again, and what is read is held.
    """
    by_id = {site.site_id: site for site in sites}
    found = rolled_columns(connection, tenant_id, list(by_id) if rolled else [], span, held=held or HeldColumns(0))
    lacks = [site for site in sites if not days_there(found, site.site_id, span).all()]
    begun = begun_on(connection, tenant_id, lacks) if lacks else {}
    missing: dict[UUID, list[date]] = {}
    for site in lacks:
        last = min(span.last, now.astimezone(site.rule.zone).date())
        first = max(span.first, begun[site.site_id])
        there = days_there(found, site.site_id, span)
        wanted = range((first - span.first).days, (last - span.first).days + 1)
        lacking = [span.first + timedelta(days=number) for number in wanted if not there[number]]
        if lacking:
            missing[site.site_id] = lacking
    opened: list[SiteDay] = []
    for run in _runs(missing):
        opened += _open_days(connection, tenant_id, [by_id[site_id] for site_id in run], run, now)
    return joined_by(found, side_by_side(opened)) if opened else found


def days_of(
    connection: Connection,
    tenant_id: UUID,
    sites: Sequence[Site],
    span: Range,
    now: datetime,
    *,
    held: HeldColumns | None = None,
    rolled: bool = True,
) -> list[SiteDay]:
    """Return the same one by one, by day and site."""
    found = apart(columns_of(connection, tenant_id, sites, span, now, held=held, rolled=rolled))
    return sorted(found, key=lambda one: (one.day, str(one.site_id)))


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


def mark_simulated(connection: Connection, tenant_id: UUID, seed: int, now: datetime) -> None:
    """Note that nobody of this tenant was ever there."""
    connection.execute(insert(simulated_tenants).values(tenant_id=tenant_id, seed=seed, made_at=now))
