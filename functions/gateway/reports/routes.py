"""GET /v1/reports: called by the portal's page of reports, by spreadsheets and by scripts."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from functions.gateway import csv_answer
from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from functions.gateway.reports.asked import Filter, ReportFilter
from functions.gateway.reports.schema import (
    CohortRow,
    FigureRow,
    HeatCell,
    RecencyRow,
    ReportPage,
    SiteRow,
    show_report,
)
from regulars.domain.reports.report import Asked, make_report
from regulars.domain.reports.saved import Format
from regulars.errors import NotFound
from regulars.steps.write_report import MEDIA_TYPES, Countable, count_report, write_report
from regulars.store.rollups import columns_of
from regulars.store.session import Connection
from regulars.store.tenants import Language, Site, find_tenant, list_sites
from regulars.wiring import measured_errors

router = APIRouter(prefix="/v1/reports", tags=["reports"], responses=problem_responses(401, 403, 404, 422, 503))

Table = Literal["series", "sites", "heat_map", "cohorts", "recency"]
_ROWS: dict[Table, type[BaseModel]] = {
    "series": FigureRow,
    "sites": SiteRow,
    "heat_map": HeatCell,
    "cohorts": CohortRow,
    "recency": RecencyRow,
}
_AS_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report as JSON; one of its tables as CSV (UTF-8 with a byte order mark, RFC 4180); all"
        " of it as a workbook or as pages with charts.",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()},
        },
    }
}


@router.get("", responses=_AS_FILES, response_model=ReportPage)
def read_report(
    parts: PartsDep,
    caller: Annotated[Caller, may("reports.see")],
    asked: ReportFilter,
    format: Annotated[  # noqa: A002
        Literal["json", "csv", "xlsx", "pdf"], Query(description="`csv`: the `table` as a file; the others: all of it.")
    ] = "json",
    table: Annotated[Table, Query(description="Which table the CSV holds.")] = "series",
    language: Annotated[
        Language | None, Query(description="Of a workbook and of pages; left out: the portal's.")
    ] = None,
) -> ReportPage | Response:
    """Return every figure of the filter at once, compared with the time before and with a year ago.

    Today is counted as it stands. Who may not see single visits, and every file, is not told of too few people.
    """
    if format == "json":
        return _report(parts, caller, asked, sums_only="visits.see" not in caller.actions)
    if format != "csv":
        return _file(parts, caller, asked, format, language)
    page = _report(parts, caller, asked, sums_only=True)
    rows: dict[Table, list[Any]] = {
        "series": page.now.series,
        "sites": page.sites,
        "heat_map": page.heat_map,
        "cohorts": page.cohorts,
        "recency": page.recency,
    }
    name = f"report-{table}-{asked.span.first}-{asked.span.last}"
    with parts.transaction(caller.tenancy) as connection:
        note_act(connection, caller, "report.exported", "report", name, parts.clock())
    return StreamingResponse(
        csv_answer.stream(csv_answer.columns_of(_ROWS[table]), iter([rows[table]])),
        media_type=csv_answer.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _file(parts: Parts, caller: Caller, asked: Filter, form: Format, language: Language | None) -> Response:
    name, now = f"report-{asked.span.first}-{asked.span.last}.{form}", parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        tenant = find_tenant(connection, caller.tenant_id)
        if tenant is None:
            raise NotFound("There is no such chain.")
        sites = _sites(connection, caller.tenant_id, asked.site_ids)
        of = Asked(asked.span, asked.bucket, asked.band, asked.gender)
        wanted = Countable(tenant, sites, not asked.site_ids, of)
        report = count_report(connection, wanted, now, held=parts.held_days)
        note_act(connection, caller, "report.exported", "report", name, parts.clock())
    file = write_report(wanted, report, form, language or tenant.language, now)
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file.content, media_type=file.media_type, headers=named)


def _report(parts: Parts, caller: Caller, asked: Filter, *, sums_only: bool) -> ReportPage:
    now = parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        sites = _sites(connection, caller.tenant_id, asked.site_ids)
        tenant = find_tenant(connection, caller.tenant_id)
        k = tenant.least_people_shown if sums_only and tenant else None
        report = make_report(
            Asked(asked.span, asked.bucket, asked.band, asked.gender, k),
            lambda span: columns_of(connection, caller.tenant_id, sites, span, now, held=parts.held_days),
        )
    return show_report(report, sites, k, measured_errors(parts.settings))


def _sites(connection: Connection, tenant_id: UUID, wanted: list[UUID]) -> list[Site]:
    sites = list_sites(connection, tenant_id)
    if set(wanted) - {site.site_id for site in sites}:
        raise NotFound("There is no such site.")
    return [site for site in sites if not wanted or site.site_id in wanted]
