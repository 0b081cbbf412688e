"""The long past's rolled-up days once more with more visits a day, as few sites of a large chain, or as all of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import duckdb
import numpy as np
from sqlalchemy import text

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import apart
from regulars.domain.reports.site_days import SiteDay, Visits
from regulars.ids import new_id
from regulars.store.rollup_columns import rolled_month, write_days
from regulars.store.session import transaction
from regulars.store.tenants import Site, Tenant, add_site, add_tenant, list_sites
from regulars.tenancy import PLATFORM, Tenancy
from tests.bench.past import FIRST, NOW, LongPast, find_chain

_EVERY_DAY = Range(FIRST, NOW.date())
_THERE = text("select exists (select from rollup_days where tenant_id = :tenant_id)")


def chain_like(past: LongPast, *, sites: int, visits: int = 1, people: int = 1) -> LongPast:
    """Return a chain with the days of so many sites, written when it is not there yet.

    Each visit is there `visits` times, of other people each time; `people` says how many times as many the chain knows.
    """
    name = f"{sites} sites, {visits} times the visits, {people} times the people"
    known = find_chain(past.owner, name)
    tenant_id, began = known or new_id(), datetime.combine(FIRST, time(), UTC)
    chain = replace(past, tenant_id=tenant_id)
    with transaction(past.owner, PLATFORM) as connection:
        chosen = _in_order(list_sites(connection, past.tenant_id))[:sites]
        if not known:
            add_tenant(connection, Tenant(tenant_id, name, "isolated", began))
            for site in chosen:
                add_site(connection, replace(site, tenant_id=tenant_id, site_id=new_id()))
        twins = dict(zip((site.site_id for site in chosen), _in_order(list_sites(connection, tenant_id)), strict=True))
    with transaction(past.engine, Tenancy(tenant_id)) as connection:
        # A migration may empty the rollups.
        if connection.scalar(_THERE, {"tenant_id": tenant_id}):
            return chain
    for site_id, twin in twins.items():
        with transaction(past.engine, Tenancy(past.tenant_id)) as connection:
            days = apart(rolled_month(connection, past.tenant_id, [site_id], _EVERY_DAY))
        with transaction(past.engine, Tenancy(tenant_id)) as connection:
            write_days(connection, tenant_id, [_more(one, twin, visits, people) for one in days], NOW)
    with past.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze rollup_days")
    return chain


def parquet_of_chain(months: Path, folder: Path, times: int) -> int:
    """Write each month's Parquet file of visits into a folder with so many times the sites and people; the visits."""
    with duckdb.connect() as duck:
        duck.execute("set threads = 1")
        for file in sorted(months.glob("*.parquet")):
            duck.execute(
                f"copy (select site_id || '-' || n as site_id, day, hour, status, gender, dwell_s,"  # noqa: S608
                f" cast(visitor * {times} + n as integer) as visitor from read_parquet('{file}'), range({times}) t (n))"
                f" to '{folder / file.name}' (format parquet, compression zstd)"
            )
        found = duck.execute(f"select count(*) from read_parquet('{folder}/*.parquet')").fetchone()  # noqa: S608
    return int(found[0]) if found else 0


def _in_order(sites: Iterable[Site]) -> list[Site]:
    return sorted(sites, key=lambda site: str(site.site_id))


def _more(one: SiteDay, twin: Site, visits: int, people: int) -> SiteDay:
    visitor = np.repeat(one.visits.visitor, visits) * visits * people
    visitor += np.where(visitor > 0, np.tile(np.arange(visits, dtype=np.int32), one.visits.size), 0)
    # Side by side: the visits of an hour stay together.
    more = Visits(visitor, np.repeat(one.visits.cell, visits), np.repeat(one.visits.dwell_s, visits))
    return replace(one, site_id=twin.site_id, visits=more)
