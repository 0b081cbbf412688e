"""When a saved report is due or asked for: counts and writes it, keeps its files and announces it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.report import Asked
from regulars.domain.webhooks import event_id
from regulars.errors import InputRefused
from regulars.ids import new_id
from regulars.ports import ObjectStore
from regulars.steps.write_report import Countable, count_report, write_report
from regulars.store.audit import AuditEntry, record
from regulars.store.outbox import OutboxEvent, enqueue
from regulars.store.report_issues import Issue, add_issue
from regulars.store.saved_reports import SavedReport, find_saved_report
from regulars.store.session import Connection, Engine, transaction
from regulars.store.tenants import Site, Tenant, find_tenant, list_sites
from regulars.store.users import User, find_user
from regulars.tenancy import Tenancy


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why an issue is made: by whom (an actor's name), when (UTC), and whether the clock asked for it."""

    actor: str
    now: datetime
    scheduled: bool = False


def issue_report(
    saved: SavedReport, span: Range, *, engine: Engine, objects: ObjectStore, occasion: Occasion
) -> Issue | None:
    """Make one issue; None when its scheduled one was made meanwhile or the saved report is gone.

    Files first, then the row that names them with its announcement: what was interrupted leaves files that are swept.
    Scheduled ones wait to be mailed. Raises InputRefused `no_sites`, DependencyAway.
    """
    tenancy = Tenancy(saved.tenant_id)
    with transaction(engine, tenancy) as connection:
        wanted = _countable(connection, saved, span)
        report = count_report(connection, wanted, occasion.now)
    issue = Issue(
        tenant_id=saved.tenant_id,
        issue_id=new_id(),
        saved_report_id=saved.saved_report_id,
        first_day=span.first,
        last_day=span.last,
        site_ids=None if saved.site_ids is None else [site.site_id for site in wanted.sites],
        scheduled=occasion.scheduled,
        formats=saved.formats,
        language=saved.language,
        made_at=occasion.now,
    )
    for form in issue.formats:
        file = write_report(wanted, report, form, issue.language, occasion.now)
        objects.put(issue.key(form), file.content, file.media_type)
    with transaction(engine, tenancy) as connection:
        still = find_saved_report(connection, saved.tenant_id, saved.saved_report_id, lock=True)
        kept = still is not None and add_issue(connection, issue, still.recipient_ids if issue.scheduled else ())
        if kept:
            _announce(connection, issue, occasion)
    if not kept:
        objects.delete([issue.key(form) for form in issue.formats])
    return issue if kept else None


def sites_of(connection: Connection, saved: SavedReport) -> list[Site]:
    """Return the sites of a saved report that are still there."""
    sites = list_sites(connection, saved.tenant_id)
    return [site for site in sites if saved.site_ids is None or site.site_id in saved.site_ids]


def may_get(user: User, site_ids: Sequence[UUID] | None) -> bool:
    """Say whether an account may be told of these sites (None: of all); a manager of the named ones only."""
    return user.site_ids is None or (site_ids is not None and user.site_ids.issuperset(site_ids))


def recipient(connection: Connection, tenant_id: UUID, user_id: UUID) -> User | None:
    """Return the account, if it is one of the chain."""
    user = find_user(connection, user_id)
    return user if user is not None and user.tenant_id == tenant_id else None


def _countable(connection: Connection, saved: SavedReport, span: Range) -> Countable:
    tenant: Tenant | None = find_tenant(connection, saved.tenant_id)
    sites = sites_of(connection, saved)
    if tenant is None or not sites:
        raise InputRefused("no_sites", "None of the sites of this report is there any more; choose others.")
    return Countable(tenant, sites, saved.site_ids is None, Asked(span, saved.bucket, saved.band, saved.gender))


def _announce(connection: Connection, issue: Issue, occasion: Occasion) -> None:
    told = {
        "report_id": str(issue.saved_report_id),
        "issue_id": str(issue.issue_id),
        "from": issue.first_day.isoformat(),
        "to": issue.last_day.isoformat(),
        "formats": issue.formats,
        "path": f"/v1/saved-reports/{issue.saved_report_id}/issues/{issue.issue_id}",
    }
    happened = event_id("report.ready", issue.issue_id)
    event = OutboxEvent(issue.tenant_id, happened, "report.ready", occasion.now, told)
    enqueue(connection, event, occasion.now)
    subject = ("report_issue", str(issue.issue_id))
    detail = {"formats": issue.formats, "scheduled": issue.scheduled}
    record(connection, AuditEntry(issue.tenant_id, occasion.actor, "report.issued", *subject, detail, occasion.now))
