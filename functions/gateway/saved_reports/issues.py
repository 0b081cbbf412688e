"""GET, POST /v1/saved-reports/{id}/issues: called by the portal for what was made of a saved report."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.audit.note_act import note_act
from functions.gateway.errors import problem_responses
from functions.gateway.listing import AS_CSV, ListAsked, answer_list
from functions.gateway.parts import Parts, PartsDep
from functions.gateway.reports.asked import span_of
from functions.gateway.saved_reports.routes import MayChange, MaySee, find
from functions.gateway.saved_reports.schema import (
    FileLink,
    IssueAsked,
    ReportIssueFiles,
    ReportIssuePage,
    show_issue,
)
from regulars.errors import NotFound
from regulars.steps.issue_report import Occasion, issue_report
from regulars.store import report_issues
from regulars.store.paging import Piece, Slice
from regulars.store.report_issues import Issue as StoredIssue
from regulars.store.session import Connection

_PREFIX = "/v1/saved-reports/{saved_report_id}/issues"
router = APIRouter(prefix=_PREFIX, tags=["reports"], responses=problem_responses(401, 403, 404, 422, 503))
_NO_ISSUE = "There is no such issue of this report, or it is not kept any more."


@router.get("", response_model=ReportIssuePage, responses=AS_CSV)
def list_report_issues(
    parts: PartsDep,
    caller: MaySee,
    saved_report_id: UUID,
    asked: ListAsked,
    sort: Literal["made_at", "-made_at"] = "-made_at",
) -> Response:
    """List what was made of a saved report and is kept, the newest first."""

    def read(connection: Connection, piece: Piece) -> Slice[StoredIssue]:
        find(connection, caller, saved_report_id)
        return report_issues.page_of_issues(connection, caller.tenant_id, saved_report_id, piece)

    return answer_list(
        parts, caller, asked, "report-issues", sort=sort, page=ReportIssuePage, read=read, show=show_issue
    )


@router.post("", status_code=201, responses=problem_responses(429))
def create_report_issue(
    parts: PartsDep, caller: MayChange, saved_report_id: UUID, asked: IssueAsked
) -> ReportIssueFiles:
    """Make the report for some days now. It is kept and announced as a scheduled one is, and mailed to nobody."""
    span = span_of(asked.first, asked.last)
    with parts.transaction(caller.tenancy) as connection:
        saved = find(connection, caller, saved_report_id)
    parts.limits.count("reports_made", str(caller.tenant_id))
    occasion = Occasion(caller.actor, parts.clock())
    made = issue_report(saved, span, engine=parts.engine, objects=parts.objects, occasion=occasion)
    if made is None:
        raise NotFound("There is no such saved report.")
    return _with_links(parts, made)


@router.get("/{issue_id}")
def read_report_issue(parts: PartsDep, caller: MaySee, saved_report_id: UUID, issue_id: UUID) -> ReportIssueFiles:
    """Return one issue with links to its files that work for some minutes; the audit log notes who was given them."""
    with parts.transaction(caller.tenancy) as connection:
        issue = report_issues.find_issue(connection, caller.tenant_id, saved_report_id, issue_id)
        if issue is None:
            raise NotFound(_NO_ISSUE)
        note_act(connection, caller, "report.opened", "report_issue", issue_id, parts.clock())
    return _with_links(parts, issue)


def _with_links(parts: Parts, issue: StoredIssue) -> ReportIssueFiles:
    expires_s = parts.settings.link_expires_s
    expires_at = parts.clock() + timedelta(seconds=expires_s)
    links = [
        FileLink(format=form, url=parts.objects.sign_get(issue.key(form), expires_s), expires_at=expires_at)
        for form in issue.formats
    ]
    return ReportIssueFiles(**show_issue(issue).model_dump(), files=links)
