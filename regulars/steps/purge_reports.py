"""Every hour after reports are sent: issues kept for long enough go, and files that no issue names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domain.reports.saved import files_of, kept_since
from regulars.ports import ObjectStore
from regulars.store.report_issues import keys_of_issues, remove_issues
from regulars.store.saved_reports import list_saved_reports
from regulars.store.session import Engine, transaction
from regulars.tenancy import Tenancy

_BEING_MADE = timedelta(hours=1)
"""So long a file may lie there before the issue that names it is committed."""


@dataclass(frozen=True, slots=True)
class PurgedReports:
    """How many issues and how many files of a tenant went."""

    issues: int
    files: int


def purge_reports(tenant_id: UUID, *, engine: Engine, objects: ObjectStore, now: datetime) -> PurgedReports:
    """Remove a tenant's issues that are older than their saved report wants, and files of no issue, at `now` (UTC).

    Rows go first: a link is made for none of these any more. A second run has nothing to do. Raises DependencyAway.
    """
    with transaction(engine, Tenancy(tenant_id)) as connection:
        issues = sum(
            remove_issues(connection, tenant_id, saved.saved_report_id, kept_since(now.date(), saved.keep_months))
            for saved in list_saved_reports(connection, tenant_id)
        )
    with transaction(engine, Tenancy(tenant_id)) as connection:
        named = keys_of_issues(connection, tenant_id)
    found = objects.list(files_of(tenant_id))
    orphans = [one.key for one in found if one.key not in named and one.modified_at < now - _BEING_MADE]
    return PurgedReports(issues, objects.delete(orphans))
