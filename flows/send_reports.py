"""Every hour, since somewhere a week or a month has just ended: makes saved reports, mails them, lets old ones go."""

from datetime import UTC, datetime

from prefect import flow, get_run_logger

from flows.parts import Parts
from regulars import wiring
from regulars.steps.purge_reports import purge_reports
from regulars.steps.send_reports import Sending
from regulars.steps.send_reports import send_reports as send
from regulars.store.session import transaction
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM

_ACTOR = "flow"


@flow(name="send reports", log_prints=False, retries=3, retry_delay_seconds=300)
def send_reports(now: datetime | None = None) -> int:
    """Return how many reports were made; `now` (UTC) is the present unless given. Raises DependencyAway.

    A chain that is suspended gets none, and what it had is purged as anybody's.
    """
    log, parts, moment = get_run_logger(), Parts(), now or datetime.now(UTC)
    mail = wiring.mail_sender(parts.settings)
    sending = Sending(parts.engine, parts.objects, mail.send if mail else None, parts.settings.public_url, _ACTOR)
    with transaction(parts.engine, PLATFORM) as connection:
        tenants = list_tenants(connection)
    issued = 0
    for tenant in tenants:
        if tenant.suspended_at is None:
            sent = send(tenant.tenant_id, parts=sending, now=moment)
            issued += sent.issued
            told = (tenant.tenant_id, sent.issued, sent.mailed, sent.unsent)
            log.info("chain %s: %d reports made, %d letters sent, %d not taken by the mail server", *told)
        gone = purge_reports(tenant.tenant_id, engine=parts.engine, objects=parts.objects, now=moment)
        log.info("chain %s: %d reports and %d files removed", tenant.tenant_id, gone.issues, gone.files)
    return issued
