"""When somebody takes a report along: counts it as everybody may be told it, and writes it as a file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.domain.reports.report import Asked, Report, make_report
from regulars.domain.reports.saved import Format
from regulars.rendering.labels import Labels
from regulars.rendering.telling import Telling
from regulars.store.held_columns import HeldColumns
from regulars.store.rollups import columns_of
from regulars.store.session import Connection
from regulars.store.tenants import Language, Site, Tenant

MEDIA_TYPES: dict[Format, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as a file of this format, in the language it is written in."""

    format: Format
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Countable:
    """What a report is of, before it is counted: a tenant, some of its sites (`all_sites`: none was picked)."""

    tenant: Tenant
    sites: Sequence[Site]
    all_sites: bool
    asked: Asked


def count_report(
    connection: Connection, wanted: Countable, now: datetime, *, held: HeldColumns | None = None
) -> Report:
    """Return the report at `now` (UTC) for a file: whoever gets hold of one is told of few people by none.

    What `held` has of rolled-up days is not read again.
    """
    return make_report(
        _for_files(wanted),
        lambda span: columns_of(connection, wanted.tenant.tenant_id, wanted.sites, span, now, held=held),
    )


def write_report(wanted: Countable, report: Report, form: Format, language: Language, now: datetime) -> ReportFile:
    """Return what `count_report` has counted as a file. Needs no transaction: drawing takes its time."""
    zones = {site.time_zone for site in wanted.sites}
    made_at = now.astimezone(ZoneInfo(zones.pop() if len(zones) == 1 else "UTC"))
    names = {site.site_id: site.name for site in wanted.sites}
    telling = Telling(
        wanted.tenant.name, _for_files(wanted), report, names, wanted.all_sites, Labels(language), made_at
    )
    # What draws is loaded when something is drawn: few processes ever do.
    if form == "pdf":
        from regulars.rendering.pages import write_pages

        return ReportFile(form, MEDIA_TYPES[form], write_pages(telling))
    from regulars.rendering.workbook import write_workbook

    return ReportFile(form, MEDIA_TYPES[form], write_workbook(telling))


def _for_files(wanted: Countable) -> Asked:
    return replace(wanted.asked, k=wanted.tenant.least_people_shown)
