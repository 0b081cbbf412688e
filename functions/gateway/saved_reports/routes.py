"""GET, POST, PATCH, DELETE /v1/saved-reports: called by the portal."""

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.etag import IfMatch, Tag
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.saved_reports.schema import (
    SavedReport,
    SavedReportChange,
    SavedReportPage,
    SavedReportSetup,
    show_saved,
)
from regulars.domain.reports.saved import Schedule
from regulars.errors import InputRefused, LimitReached, NotFound
from regulars.ids import new_id
from regulars.steps.issue_report import may_get, recipient
from regulars.store import saved_reports
from regulars.store.bounded import refuse_one_too_many
from regulars.store.saved_reports import SavedReport as StoredReport
from regulars.store.session import Connection
from regulars.store.tenants import find_tenant, list_sites

router = APIRouter(prefix="/v1/saved-reports", tags=["reports"], responses=problem_responses(401, 403, 422, 503))
MaySee = Annotated[Caller, may("reports.see")]
MayChange = Annotated[Caller, may("reports.change")]
SortBy = Literal["name", "-name", "created_at", "-created_at"]
_MAY_BE_NULL = {"site_ids", "hour_from", "hour_to", "gender"}


@router.get("", response_model=SavedReportPage, responses=AS_CSV)
def list_saved_reports(
    parts: PartsDep,
    caller: MaySee,
    asked: ListAsked,
    sort: SortBy = "name",
    q: Search | None = None,
    schedule: Schedule | None = None,
) -> Response:
    """List the saved reports that the caller may see: a manager those of that manager's sites alone."""
    return answer_list(
        parts,
        caller,
        asked,
        "saved-reports",
        sort=sort,
        page=SavedReportPage,
        read=lambda connection, piece: saved_reports.page_of_saved_reports(
            connection, caller.tenant_id, piece, q=q, schedule=schedule
        ),
        show=show_saved,
    )


@router.post("", status_code=201, responses=problem_responses(404, LimitReached))
def create_saved_report(parts: PartsDep, caller: MayChange, new: SavedReportSetup, tag: Tag) -> SavedReport:
    """Save a report. The first that a schedule makes is of the week or month which ends next."""
    now = parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        tenant = find_tenant(connection, caller.tenant_id)
        given = _stored(new.model_dump())
        given["language"] = new.language or (tenant.language if tenant else "vi")
        stored = StoredReport(
            tenant_id=caller.tenant_id,
            saved_report_id=new_id(),
            **given,
            scheduled_at=now,
            created_at=now,
            recipient_ids=new.recipient_ids,
        )
        _refuse_what_cannot_be(connection, stored, new.model_fields_set)
        refuse_one_too_many(connection, "saved_reports", caller.tenancy, caller.tenancy)
        saved_reports.add_saved_report(connection, stored)
        detail = {"fields": sorted(new.model_fields_set)}
        note_act(connection, caller, "saved_report.created", "saved_report", stored.saved_report_id, now, detail)
    shown = show_saved(stored)
    tag.put(shown)
    return shown


@router.get("/{saved_report_id}", responses=problem_responses(404))
def read_saved_report(parts: PartsDep, caller: MaySee, saved_report_id: UUID, tag: Tag) -> SavedReport:
    """Return one saved report."""
    with parts.transaction(caller.tenancy) as connection:
        shown = show_saved(find(connection, caller, saved_report_id))
    tag.put(shown)
    return shown


@router.patch("/{saved_report_id}", responses=problem_responses(404, 412))
def change_saved_report(
    parts: PartsDep, caller: MayChange, saved_report_id: UUID, change: SavedReportChange, tag: IfMatch
) -> SavedReport:
    """Change a saved report; issues that were made stay as they are. With another schedule it begins anew."""
    given = _stored(change.model_dump(include=change.model_fields_set))
    if missing := sorted(name for name, value in given.items() if value is None and name not in _MAY_BE_NULL):
        raise InputRefused("saved_report_setup", f"{', '.join(missing)} cannot be null; nothing was changed.")
    with parts.transaction(caller.tenancy) as connection:
        before = find(connection, caller, saved_report_id, lock=True)
        tag.expect(show_saved(before))
        if given.get("schedule", before.schedule) != before.schedule:
            given["scheduled_at"] = parts.clock()
        recipients = before.recipient_ids if change.recipient_ids is None else change.recipient_ids
        after = replace(before, **given, recipient_ids=recipients)
        _refuse_what_cannot_be(connection, after, change.model_fields_set)
        saved_reports.change_saved_report(connection, before, change.recipient_ids, **given)
        detail = {"fields": sorted(change.model_fields_set)}
        note_act(connection, caller, "saved_report.changed", "saved_report", saved_report_id, parts.clock(), detail)
    shown = show_saved(after)
    tag.put(shown)
    return shown


@router.delete("/{saved_report_id}", status_code=204, responses=problem_responses(404, 412))
def delete_saved_report(parts: PartsDep, caller: MayChange, saved_report_id: UUID, tag: IfMatch) -> None:
    """Remove a saved report with all that was made of it; the files themselves go within hours."""
    with parts.transaction(caller.tenancy) as connection:
        tag.expect(show_saved(find(connection, caller, saved_report_id, lock=True)))
        saved_reports.remove_saved_report(connection, caller.tenant_id, saved_report_id)
        detail: dict[str, Any] = {"fields": []}
        note_act(connection, caller, "saved_report.deleted", "saved_report", saved_report_id, parts.clock(), detail)


def find(connection: Connection, caller: Caller, saved_report_id: UUID, *, lock: bool = False) -> StoredReport:
    """Return the saved report, if the caller may see it; raises NotFound."""
    found = saved_reports.find_saved_report(connection, caller.tenant_id, saved_report_id, lock=lock)
    if found is None:
        raise NotFound("There is no such saved report.")
    return found


def _stored(given: dict[str, Any]) -> dict[str, Any]:
    """Return sets as the lists that are stored, in an order that does not change by itself, without the recipients."""
    return {
        name: sorted(value) if name in ("formats", "site_ids") and value else value
        for name, value in given.items()
        if name != "recipient_ids"
    }


def _refuse_what_cannot_be(connection: Connection, report: StoredReport, fields: Collection[str]) -> None:
    """Raise InputRefused `bad_band` or `recipient_sites`, or NotFound for a site or an account among these fields."""
    if (report.hour_from is None) != (report.hour_to is None):
        raise InputRefused("bad_band", "A band of hours has a beginning and an end: give both or neither.")
    if not {"site_ids", "recipient_ids"}.intersection(fields):
        return
    if set(report.site_ids or ()) - {site.site_id for site in list_sites(connection, report.tenant_id)}:
        raise NotFound("There is no such site.")
    for user_id in report.recipient_ids:
        user = recipient(connection, report.tenant_id, user_id)
        if user is None:
            raise NotFound("There is no such account in this chain.")
        if not may_get(user, report.site_ids):
            raise InputRefused(
                "recipient_sites", "A manager gets reports of that manager's own sites only; nothing was changed."
            )
