"""Every hour, since somewhere a week or a month has just ended: issues the saved reports that are due, mails them."""

import logging
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.saved import kept_since, ranges_between
from regulars.errors import DependencyAway, InputRefused
from regulars.ports import ObjectStore
from regulars.rendering.labels import Labels
from regulars.rendering.letters import report_letter
from regulars.steps.issue_report import Occasion, issue_report, may_get, recipient, sites_of
from regulars.steps.write_report import MEDIA_TYPES
from regulars.store.report_issues import (
    PendingMail,
    hold_mail,
    note_mailed,
    pending_mails,
    ranges_issued,
)
from regulars.store.rollups import over_everywhere
from regulars.store.saved_reports import SavedReport, find_saved_report, list_saved_reports
from regulars.store.session import Connection, Engine, transaction
from regulars.store.tenants import find_tenant
from regulars.tenancy import Tenancy

Attachment = tuple[str, str, bytes]
"""File name, media type and content."""
SendMail = Callable[[str, str, str, Sequence[Attachment]], None]
MAILED_FOR = timedelta(days=3)
"""An issue that could not be mailed for so long is in the portal, and nobody waits for the letter any more."""
_MOST_BYTES = 20_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was done for a tenant: issues made, letters sent, and letters that the mail server did not take."""

    issued: int
    mailed: int
    unsent: int


@dataclass(frozen=True, slots=True)
class Sending:
    """The parts it takes. `mail` None: no letters are sent, they wait; `portal` is its address, or empty."""

    engine: Engine
    objects: ObjectStore
    mail: SendMail | None
    portal: str
    actor: str


def send_reports(tenant_id: UUID, *, parts: Sending, now: datetime) -> Sent:
    """Issue what is due of a tenant at `now` (UTC) and mail what is not mailed; a second run has nothing to do.

    Each issue and each letter is a transaction of its own, so that what was interrupted goes on at the next run; a
    letter that was sent just before a crash may come twice. Raises DependencyAway when nothing can be kept.
    """
    issued = 0
    for saved, span in list(_due(tenant_id, parts, now)):
        occasion = Occasion(parts.actor, now, scheduled=True)
        issued += issue_report(saved, span, engine=parts.engine, objects=parts.objects, occasion=occasion) is not None
    mailed, unsent = _mail_all(tenant_id, parts, now) if parts.mail else (0, 0)
    return Sent(issued, mailed, unsent)


def _due(tenant_id: UUID, parts: Sending, now: datetime) -> Generator[tuple[SavedReport, Range]]:
    """Yield the ranges that are over at every site of a report, and that no issue tells of yet."""
    with transaction(parts.engine, Tenancy(tenant_id)) as connection:
        for saved in list_saved_reports(connection, tenant_id):
            first = max(saved.scheduled_at.date(), kept_since(now.date(), saved.keep_months))
            # By every clock on earth it is at most a day later than by UTC.
            spans = ranges_between(saved.schedule, first, now.date() + timedelta(days=1))
            sites = sites_of(connection, saved)
            if not spans or not sites:
                continue
            have = ranges_issued(connection, tenant_id, saved.saved_report_id)
            over = over_everywhere(sites, now)
            for span in spans:
                if span.last <= over and span not in have:
                    yield saved, span


def _mail_all(tenant_id: UUID, parts: Sending, now: datetime) -> tuple[int, int]:
    with transaction(parts.engine, Tenancy(tenant_id)) as connection:
        pending = pending_mails(connection, tenant_id, now - MAILED_FOR)
    mailed, unsent = 0, 0
    for mail in pending:
        try:
            mailed += _mail_one(mail, parts, now)
        except (DependencyAway, InputRefused) as failure:
            _log.warning("a report was not mailed: %s", failure, extra={"issue_id": mail.issue.issue_id})
            unsent += 1
    return mailed, unsent


def _mail_one(mail: PendingMail, parts: Sending, now: datetime) -> bool:
    assert parts.mail is not None  # noqa: S101 - asked before
    issue = mail.issue
    with transaction(parts.engine, Tenancy(issue.tenant_id)) as connection:
        address = hold_mail(connection, mail)
        user = recipient(connection, issue.tenant_id, mail.user_id)
        if address is None or user is None or not may_get(user, issue.site_ids):
            return False
        subject, text = _letter(connection, mail, parts.portal)
        name = f"report-{issue.first_day}-{issue.last_day}"
        files = [
            (f"{name}.{form}", MEDIA_TYPES[form], parts.objects.get(issue.key(form), _MOST_BYTES))
            for form in issue.formats
        ]
        parts.mail(address, subject, text, files)
        note_mailed(connection, mail, now)
    return True


def _letter(connection: Connection, mail: PendingMail, portal: str) -> tuple[str, str]:
    issue = mail.issue
    tenant = find_tenant(connection, issue.tenant_id)
    saved = find_saved_report(connection, issue.tenant_id, issue.saved_report_id)
    days = Labels(issue.language).span(Range(issue.first_day, issue.last_day))
    return report_letter(tenant.name if tenant else "", saved.name if saved else "", days, portal, issue.language)
