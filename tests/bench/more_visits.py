"""The long past's rolled-up days once more with more visits a day, or as few sites of a much larger chain."""

from dataclasses import replace
from datetime import UTC, datetime, time

import numpy as np

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.site_days import SiteDay, Visits
from regulars.ids import new_id
from regulars.store.rollup_columns import write_days
from regulars.store.rollups import rolled_days
from regulars.store.session import transaction
from regulars.store.tenants import Site, Tenant, add_site, add_tenant, list_sites
from regulars.tenancy import PLATFORM, Tenancy
from tests.bench.past import FIRST, NOW, LongPast, find_chain

_EVERY_DAY = Range(FIRST, NOW.date())


def chain_like(past: LongPast, *, sites: int, visits: int = 1, people: int = 1) -> LongPast:
    """Return a chain with the days of so many sites, written when it is not there yet.

    Each visit is there `visits` times, of other people each time; `people` says how many times as many the chain knows.
    """
    name = f"{sites} sites, {visits} times the visits, {people} times the people"
    if found := find_chain(past.owner, name):
        return replace(past, tenant_id=found)
    tenant_id, began = new_id(), datetime.combine(FIRST, time(), UTC)
    with transaction(past.owner, PLATFORM) as connection:
        chosen = sorted(list_sites(connection, past.tenant_id), key=lambda site: str(site.site_id))[:sites]
        twins = {site.site_id: replace(site, tenant_id=tenant_id, site_id=new_id()) for site in chosen}
        add_tenant(connection, Tenant(tenant_id, name, "isolated", began))
        for twin in twins.values():
            add_site(connection, twin)
    for site_id, twin in twins.items():
        with transaction(past.engine, Tenancy(past.tenant_id)) as connection:
            days = rolled_days(connection, past.tenant_id, [site_id], _EVERY_DAY)
        with transaction(past.engine, Tenancy(tenant_id)) as connection:
            write_days(connection, tenant_id, [_more(one, twin, visits, people) for one in days], NOW)
    with past.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze rollup_days")
    return replace(past, tenant_id=tenant_id)


def _more(one: SiteDay, twin: Site, visits: int, people: int) -> SiteDay:
    visitor = np.repeat(one.visits.visitor, visits) * visits * people
    visitor += np.where(visitor > 0, np.tile(np.arange(visits, dtype=np.int32), one.visits.size), 0)
    # Side by side: the visits of an hour stay together.
    more = Visits(visitor, np.repeat(one.visits.cell, visits), np.repeat(one.visits.dwell_s, visits))
    return replace(one, site_id=twin.site_id, visits=more)
