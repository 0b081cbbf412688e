"""Every night: rows that served their time leave PostgreSQL, so that no table but the product's own grows for ever.

Visits, sightings, crossings and leases are what reports are made of; the audit log and the ledgers are proof. All else
that is written again and again is named here, or is removed where it is used (limits, live pictures, trials, issues of
reports).
"""

from datetime import datetime, timedelta

from regulars.domain.retention import LONGEST_DAYS
from regulars.store.idempotency import purge_answers
from regulars.store.outbox_log import forget_old
from regulars.store.retaining import forget_expired_logins, forget_looks_gone, forget_old_news, forget_set_aside
from regulars.store.session import Engine, transaction
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM, Tenancy

NEWS_KEPT = timedelta(days=2)
"""A page that was away for longer reads everything anew."""
LOOKS_GONE_KEPT = timedelta(days=2)
"""Twice as long as a gallery held in memory is believed that was not compared meanwhile."""
SET_ASIDE_KEPT = timedelta(days=LONGEST_DAYS)
"""After that the pictures are gone, and no replay can bring a sighting."""


def purge_records(*, engine: Engine, now: datetime) -> dict[str, int]:
    """Remove what is over at `now` (UTC); return how many rows of what. Raises DependencyAway; the next run goes on."""
    with transaction(engine, PLATFORM) as connection:
        gone = {
            "answers": purge_answers(connection, now),
            "deliveries": forget_old(connection, now),
            "logins": forget_expired_logins(connection, now),
            "set_aside": forget_set_aside(connection, now - SET_ASIDE_KEPT),
            "looks_gone": forget_looks_gone(connection, now - LOOKS_GONE_KEPT),
        }
        tenants = list_tenants(connection)
    news = 0
    for tenant in tenants:
        with transaction(engine, Tenancy(tenant.tenant_id)) as connection:
            news += forget_old_news(connection, tenant.tenant_id, now - NEWS_KEPT)
    return gone | {"news": news}
