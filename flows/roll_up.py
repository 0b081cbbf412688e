"""Every hour, since somewhere a day has just ended: rolls up closed days, and again what has changed of them."""

from datetime import UTC, date, datetime

from prefect import flow, get_run_logger

from flows.parts import Parts
from regulars.domain.reports.buckets import Range
from regulars.steps.roll_up import roll_up as roll_up_tenant
from regulars.store.session import transaction
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM


@flow(name="roll up", log_prints=False, retries=2, retry_delay_seconds=300)
def roll_up(first: date | None = None, last: date | None = None) -> int:
    """Return how many site-days were rolled up. From `first` to `last` all closed days are made anew, changed or not.

    Raises DependencyAway: what was rolled up before is kept, and the next try goes on from there.
    """
    log = get_run_logger()
    parts = Parts()
    now = datetime.now(UTC)
    span = Range(first, last or now.date()) if first else None
    with transaction(parts.engine, PLATFORM) as connection:
        tenants = [tenant.tenant_id for tenant in list_tenants(connection)]
    days = 0
    for tenant_id in tenants:
        for done in roll_up_tenant(tenant_id, engine=parts.engine, objects=parts.objects, now=now, span=span):
            log.info("tenant %s, %s: %d site-days, %d visits", tenant_id, f"{done.month:%Y-%m}", done.days, done.visits)
            days += done.days
    return days
