"""`python -m compose.simulation.prove`: rolls a tenant up, and compares four ways to the same report."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from regulars.domain.reports.buckets import Range, buckets_of
from regulars.domain.reports.counted import counted
from regulars.domain.reports.figures import figures_by
from regulars.domain.reports.files import each_once, whole_prefix
from regulars.domain.reports.local_time import days_between
from regulars.domain.reports.site_days import SiteDay
from regulars.errors import NotFound, RegularsError
from regulars.settings import load_settings
from regulars.steps.roll_up import roll_up
from regulars.store.plain_counts import MonthCounts, counts_of_parquet, counts_of_visits
from regulars.store.rollups import days_of
from regulars.store.session import Engine, transaction
from regulars.store.tenants import list_sites, list_tenants
from regulars.tenancy import PLATFORM, Tenancy
from regulars.wiring import engine as engine_of
from regulars.wiring import object_store

_LARGEST_FILE = 500_000_000


def main(words: Sequence[str] | None = None) -> int:
    """Roll up, compare, print; return 0 when all agree, 1 when not, 2 when it could not be done."""
    parser = argparse.ArgumentParser(prog="compose.simulation.prove", description=__doc__)
    parser.add_argument("--name", default="Simulated chain", help="the tenant's name")
    try:
        return _prove(parser.parse_args(words).name)
    except RegularsError as failure:
        print(f"{failure.code}: {failure}", file=sys.stderr)
        return 2


def _prove(name: str) -> int:
    settings = load_settings(("database_url", "objects_url"))
    database, objects, now = engine_of(settings), object_store(settings), datetime.now(UTC)
    tenant_id = _tenant(database, name)
    begun_s = time.monotonic()
    done = list(roll_up(tenant_id, engine=database, objects=objects, now=now))
    days, visits = sum(one.days for one in done), sum(one.visits for one in done)
    print(f"rolled up: {days:,} site-days with {visits:,} visits in {time.monotonic() - begun_s:.1f} s")
    rolled = _days(database, tenant_id, now, rolled=True)
    closed = Range(min(one.day for one in rolled), (now - timedelta(days=2)).date())  # over everywhere, so in Parquet
    found: dict[str, MonthCounts] = {"rollups": _by_month(rolled, closed)}
    found["visits"] = _by_month(_days(database, tenant_id, now, rolled=False), closed)
    with transaction(database, Tenancy(tenant_id)) as connection:
        found["plain SQL"] = counts_of_visits(connection, tenant_id, closed)
    with tempfile.TemporaryDirectory() as folder:
        for number, key in enumerate(each_once(one.key for one in objects.list(whole_prefix(tenant_id, "visits")))):
            Path(folder, f"{number}.parquet").write_bytes(objects.get(key, _LARGEST_FILE))
        found["Parquet"] = counts_of_parquet(Path(folder), closed)
    for row in found["rollups"]:
        print("{}  {:>9,} visits  {:>9,} visitors  {:>9,} new  {:>9,} female".format(*row))
    for way, counts in found.items():
        print(f"{way:<10} {'the same' if counts == found['rollups'] else 'OTHER FIGURES'}")
    return 0 if len({tuple(counts) for counts in found.values()}) == 1 else 1


def _tenant(database: Engine, name: str) -> UUID:
    with transaction(database, PLATFORM) as connection:
        tenant = next((one for one in list_tenants(connection) if one.name == name), None)
    if tenant is None:
        raise NotFound(f"There is no tenant {name!r}.")
    return tenant.tenant_id


def _days(database: Engine, tenant_id: UUID, now: datetime, *, rolled: bool) -> list[SiteDay]:
    """Return all days; from visits in months, since no statement may take long."""
    with transaction(database, Tenancy(tenant_id)) as connection:
        sites = list_sites(connection, tenant_id)
        first = min(site.created_at for site in sites).date()
        spans = [Range(first, now.date())]
        if not rolled:
            months = sorted({day.replace(day=1) for day in days_between(first, now.date())})
            spans = [Range(month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)) for month in months]
        return [one for span in spans for one in days_of(connection, tenant_id, sites, span, now, rolled=rolled)]


def _by_month(days: Sequence[SiteDay], span: Range) -> MonthCounts:
    inside = [one for one in days if span.first <= one.day <= span.last]
    buckets = buckets_of("month", span)
    figures = figures_by(counted(inside), buckets)
    return [
        (name, one.visits, one.visitors, one.new, one.female)
        for name, one in zip(buckets.names, figures, strict=True)
        if one.visits
    ]


if __name__ == "__main__":
    sys.exit(main())
