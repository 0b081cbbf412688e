"""Every night: closed days of sites become rollups in PostgreSQL, and months of them Parquet."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import Columns
from regulars.domain.reports.local_time import day_bounds
from regulars.domain.reports.site_days import SiteDay, days_of_site
from regulars.ports import ObjectStore
from regulars.steps.write_rollup_files import forget_other_tellings, lies_whole, tell, write_files
from regulars.store.report_rows import number_visitors, rows_by_site, watches
from regulars.store.rollup_columns import rolled_month, write_days
from regulars.store.rollup_engine import RollupEngine
from regulars.store.rollups import (
    AROUND,
    Mark,
    begun_on,
    closed_days,
    hold,
    marked,
    over_everywhere,
    plan,
    unmark,
    visits_of_newest_day,
)
from regulars.store.session import Connection, Engine, transaction
from regulars.store.tenants import Site, find_tenant, list_sites
from regulars.tenancy import Tenancy


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What was done for one month of a tenant: site-days written with their visits, files put into the store."""

    tenant_id: UUID
    month: date
    days: int
    visits: int
    files: int


def roll_up(
    tenant_id: UUID, *, engine: Engine, objects: ObjectStore, now: datetime, span: Range | None = None
) -> Generator[RolledUp]:
    """Roll up what a tenant's closed days lack and what has changed of them, month by month, oldest first.

    With a `span` all closed days in it are made anew, changed or not. A month's days stay marked until its files are
    written: what was interrupted goes on at the next run, and a second run changes nothing. Raises DependencyAway.
    """
    tenancy = Tenancy(tenant_id)
    with transaction(engine, tenancy) as connection:
        sites = {site.site_id: site for site in list_sites(connection, tenant_id)}
        begun = begun_on(connection, tenant_id, list(sites.values()))
        closed = closed_days(sites.values(), begun, now)
        if span is not None:
            closed = {
                one: Range(max(days.first, span.first), min(days.last, span.last)) for one, days in closed.items()
            }
        hold(connection, tenant_id)
        plan(connection, tenant_id, closed, now, again=span is not None)
    with transaction(engine, tenancy) as connection:
        months = sorted({mark.day.replace(day=1) for mark in _due(marked(connection, tenant_id, _ALL), closed)})
        tenant = find_tenant(connection, tenant_id)
    if tenant is None:
        return
    k = tenant.least_people_shown
    if months:
        with RollupEngine(engine, tenant_id) as duck:
            for month in months:
                made, marks = _roll_up_month(duck, engine, tenancy, sites, closed, month, now)
                files = _write_files(engine, tenancy, sites, made, objects, now, k)
                with transaction(engine, tenancy) as connection:
                    unmark(connection, tenant_id, marks)
                yield RolledUp(tenant_id, month, len(made), sum(one.visits.size for one in made), files)
    for month in forget_other_tellings(tenant_id, objects, k):
        until = over_everywhere(sites.values(), now)
        told = tell(tenant_id, _rolled(engine, tenancy, sites, _month(month)), month, until, objects, k)
        yield RolledUp(tenant_id, month, 0, 0, told)


_VISITS_AT_ONCE = 2_000_000
"""Some 0.7 kB of memory each. A part's rows lie on nearly every page of the day, so each part reads all of these."""
_USUAL_VISITS = 1_000
"""What a site without a day before is taken for."""
_ALL = Range(date(1970, 1, 1), date(9998, 12, 31))


def _due(marks: Sequence[Mark], closed: dict[UUID, Range]) -> list[Mark]:
    return [mark for mark in marks if mark.site_id in closed and mark.day in closed[mark.site_id]]


def _roll_up_month(
    duck: RollupEngine,
    engine: Engine,
    tenancy: Tenancy,
    sites: dict[UUID, Site],
    closed: dict[UUID, Range],
    month: date,
    now: datetime,
) -> tuple[list[SiteDay], list[Mark]]:
    """Write the marked days of a month with those beside them that they touch; return them, and what was marked."""
    tenant_id, made = _of(tenancy), list[SiteDay]()
    with transaction(engine, tenancy) as connection:
        marks = _due(marked(connection, tenant_id, _month(month)), closed)
        wanted: dict[UUID, set[date]] = {}
        for mark in marks:
            wanted.setdefault(mark.site_id, set()).update(mark.touches(sites[mark.site_id].rule))
        days = {site_id: sorted(day for day in wanted[site_id] if day in closed[site_id]) for site_id in wanted}
        for some in _at_once(days, visits_of_newest_day(connection, tenant_id, list(days))):
            made_of_some = _make(duck, engine, connection, tenancy, sites, some, now)
            if made_of_some is None:
                return [], []  # somebody was erased just now: the marks stay, the next run reads without them
            made += made_of_some
        write_days(connection, tenant_id, made, now)
    return made, marks


def _at_once(days: dict[UUID, list[date]], usual: dict[UUID, int]) -> list[dict[UUID, list[date]]]:
    """Return the sites in parts that are read at once: each of so many visits, more or less, or of one site.

    They are apart by their first day: for a few that lack the day before it is not read of all.
    """
    parts: list[dict[UUID, list[date]]] = []
    first, room = None, 0
    for site_id, of_site in sorted(days.items(), key=lambda one: one[1][0]):
        visits = len(of_site) * usual.get(site_id, _USUAL_VISITS)
        if first != of_site[0] or room < visits:
            parts.append({})
            first, room = of_site[0], _VISITS_AT_ONCE
        parts[-1][site_id] = of_site
        room -= visits
    return parts


def _make(
    duck: RollupEngine,
    engine: Engine,
    connection: Connection,
    tenancy: Tenancy,
    sites: dict[UUID, Site],
    days: dict[UUID, list[date]],
    now: datetime,
) -> list[SiteDay] | None:
    """Return these days of each site; None when a visitor has lost his number while they were read."""
    tenant_id, ids = _of(tenancy), list(days)
    first, last = min(map(min, days.values())), max(map(max, days.values()))
    rules = {sites[site_id].rule for site_id in days}
    # A visit begins with the first of its sightings and may go on after midnight; a business day may begin on the
    # evening before, and end on the morning after.
    since = min(min(day_bounds(rule.zone, first)[0], rule.hours_of(first)[0]) for rule in rules)
    until = max(max(day_bounds(rule.zone, last)[1], rule.hours_of(last)[1]) for rule in rules)
    left_until = max(day_bounds(rule.zone, last)[1] for rule in rules) + AROUND
    if lacking := duck.fetch(ids, since, left_until, others=sites.keys() - days.keys()):
        with transaction(engine, tenancy) as numbering:
            number_visitors(numbering, tenant_id, lacking)
        duck.fetch_numbers()
    found = duck.answers(ids, since, until, left_until)
    if (found["visits"]["visitor"] < 0).any():
        return None
    rows = rows_by_site(ids, found, watches(connection, tenant_id, ids, since, left_until, now))
    return [one for site_id in ids for one in days_of_site(site_id, sites[site_id].rule, rows[site_id], days[site_id])]


def _write_files(
    engine: Engine,
    tenancy: Tenancy,
    sites: dict[UUID, Site],
    made: Sequence[SiteDay],
    objects: ObjectStore,
    now: datetime,
    k: int,
) -> int:
    """Put what was made into the store, by month, in the place of what was there; return how many files.

    Analysts are told of a day when it is over at all sites: until then its sums are of a part of the chain.
    """
    tenant_id, until, files = _of(tenancy), over_everywhere(sites.values(), now), 0
    for month in sorted({one.day.replace(day=1) for one in made}):
        changed = {one.day for one in made if one.day.replace(day=1) == month}
        over, tells = _month(month).last <= until, min(changed) <= until
        anew = over or lies_whole(tenant_id, month, objects)
        span = _month(month) if anew or tells else Range(min(changed), max(changed))
        rolled = _rolled(engine, tenancy, sites, span)
        files += write_files(tenant_id, rolled, month, None if anew else changed, objects, over=over)
        if tells:
            files += tell(tenant_id, rolled, month, until, objects, k)
    return files


def _rolled(engine: Engine, tenancy: Tenancy, sites: dict[UUID, Site], span: Range) -> Columns:
    with transaction(engine, tenancy) as connection:
        return rolled_month(connection, _of(tenancy), list(sites), span)


def _month(month: date) -> Range:
    return Range(month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _of(tenancy: Tenancy) -> UUID:
    if tenancy.tenant_id is None:
        raise ValueError("rollups belong to a tenant")
    return tenancy.tenant_id
