"""Every night: closed days of sites become rollups in PostgreSQL, and months of them Parquet."""

import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import Columns
from regulars.domain.reports.files import (
    TOLD_TABLES,
    WholeTable,
    month_in,
    told_key,
    told_prefix,
    told_root,
    whole_key,
    whole_prefix,
)
from regulars.domain.reports.local_time import day_bounds
from regulars.domain.reports.site_days import SiteDay, days_of_site
from regulars.domain.reports.told import told_month
from regulars.ports import ObjectStore
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
    plan,
    unmark,
)
from regulars.store.session import Engine, transaction
from regulars.store.tenants import Site, find_tenant, list_sites
from regulars.store.told_tables import write_told
from regulars.tenancy import Tenancy

_PARQUET = "application/vnd.apache.parquet"


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

    With a `span` all closed days in it are made anew, changed or not. Each month is one transaction: what was
    interrupted goes on at the next run, and a second run changes nothing. Raises DependencyAway.
    """
    tenancy = Tenancy(tenant_id)
    with transaction(engine, tenancy) as connection:
        sites = {site.site_id: site for site in list_sites(connection, tenant_id)}
        begun = begun_on(connection, tenant_id, list(sites.values()))
        closed = {
            site_id: [
                day for day in closed_days(site, begun[site_id], now) if span is None or span.first <= day <= span.last
            ]
            for site_id, site in sites.items()
        }
        hold(connection, tenant_id)
        days = [(site_id, day) for site_id, days in closed.items() for day in days]
        plan(connection, tenant_id, days, now, again=span is not None)
    with transaction(engine, tenancy) as connection:
        months = sorted({mark.day.replace(day=1) for mark in _due(marked(connection, tenant_id, _ALL), closed)})
        tenant = find_tenant(connection, tenant_id)
    if tenant is None:
        return
    k = tenant.least_people_shown
    if months:
        with RollupEngine(engine, tenant_id) as duck:
            for month in months:
                written = _roll_up_month(duck, engine, tenancy, sites, closed, month, now)
                files = _write_files(duck, engine, tenancy, list(sites), month, objects, k) if written else 0
                yield RolledUp(tenant_id, month, len(written), sum(one.visits.size for one in written), files)
    yield from _tell_anew(engine, tenancy, list(sites), objects, k)


_ALL = Range(date(1970, 1, 1), date(9998, 12, 31))


def _due(marks: Sequence[Mark], closed: dict[UUID, list[date]]) -> list[Mark]:
    over = {site_id: set(days) for site_id, days in closed.items()}
    return [mark for mark in marks if mark.day in over.get(mark.site_id, ())]


def _roll_up_month(
    duck: RollupEngine,
    engine: Engine,
    tenancy: Tenancy,
    sites: dict[UUID, Site],
    closed: dict[UUID, list[date]],
    month: date,
    now: datetime,
) -> list[SiteDay]:
    """Write the marked days of a month with the days beside them, whose business day they may belong to."""
    tenant_id = _of(tenancy)
    with transaction(engine, tenancy) as connection:
        marks = _due(marked(connection, tenant_id, _month(month)), closed)
        wanted: dict[UUID, set[date]] = {}
        for mark in marks:
            wanted.setdefault(mark.site_id, set()).update(mark.day + timedelta(days=beside) for beside in (-1, 0, 1))
        days = {site_id: sorted(wanted[site_id].intersection(closed[site_id])) for site_id in wanted}
        first, last = min(map(min, days.values())), max(map(max, days.values()))
        rules = {sites[site_id].rule for site_id in days}
        # A visit begins with the first of its sightings and may go on after midnight; a business day may begin on the
        # evening before, and end on the morning after.
        since = min(min(day_bounds(rule.zone, first)[0], rule.hours_of(first)[0]) for rule in rules)
        until = max(max(day_bounds(rule.zone, last)[1], rule.hours_of(last)[1]) for rule in rules)
        left_until = max(day_bounds(rule.zone, last)[1] for rule in rules) + AROUND
        ids = list(days)
        if lacking := duck.fetch(since, left_until):
            with transaction(engine, tenancy) as numbering:
                number_visitors(numbering, tenant_id, lacking)
            duck.fetch_numbers()
        found = duck.answers(ids, since, until, left_until)
        if (found["visits"]["visitor"] < 0).any():
            return []  # somebody was erased just now: the marks stay, the next run reads without them
        rows = rows_by_site(ids, found, watches(connection, tenant_id, ids, since, left_until, now))
        made = [
            one for site_id in ids for one in days_of_site(site_id, sites[site_id].rule, rows[site_id], days[site_id])
        ]
        write_days(connection, tenant_id, made, now)
        unmark(connection, tenant_id, marks)
    return made


def _write_files(
    duck: RollupEngine, engine: Engine, tenancy: Tenancy, sites: list[UUID], month: date, objects: ObjectStore, k: int
) -> int:
    """Put the whole month as it is rolled up into the store, in the place of what was there; return how many files."""
    days = _rolled_month(engine, tenancy, sites, month)
    with tempfile.TemporaryDirectory() as folder:
        written: list[tuple[WholeTable, Callable[[Columns, Path], None]]]
        written = [("visits", duck.write_visits), ("hours", duck.write_hours)]
        for kind, write in written:
            file = Path(folder) / f"{kind}.parquet"
            write(days, file)
            objects.put(whole_key(_of(tenancy), kind, month), file.read_bytes(), _PARQUET)
    return 2 + _tell(_of(tenancy), days, month, objects, k)


def _tell(tenant_id: UUID, days: Columns, month: date, objects: ObjectStore, k: int) -> int:
    """Put what analysts may be told of a month into the store; return how many files."""
    with tempfile.TemporaryDirectory() as folder:
        for table, file in write_told(told_month(days, k), Path(folder)).items():
            objects.put(told_key(tenant_id, k, table, month), file.read_bytes(), _PARQUET)
    return len(TOLD_TABLES)


def _tell_anew(
    engine: Engine, tenancy: Tenancy, sites: list[UUID], objects: ObjectStore, k: int
) -> Generator[RolledUp]:
    """Take away what analysts were told under another least number of people, and tell those months under this one."""
    tenant_id = _of(tenancy)
    keys = [one.key for one in objects.list(told_root(tenant_id))]
    objects.delete(key for key in keys if not key.startswith(told_prefix(tenant_id, k)))
    for month in [month_in(one.key) for one in objects.list(whole_prefix(tenant_id, "visits"))]:
        if not {told_key(tenant_id, k, table, month) for table in TOLD_TABLES} <= set(keys):
            days = _rolled_month(engine, tenancy, sites, month)
            yield RolledUp(tenant_id, month, 0, 0, _tell(tenant_id, days, month, objects, k))


def _rolled_month(engine: Engine, tenancy: Tenancy, sites: list[UUID], month: date) -> Columns:
    with transaction(engine, tenancy) as connection:
        return rolled_month(connection, _of(tenancy), sites, _month(month))


def _month(month: date) -> Range:
    return Range(month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _of(tenancy: Tenancy) -> UUID:
    if tenancy.tenant_id is None:
        raise ValueError("rollups belong to a tenant")
    return tenancy.tenant_id
