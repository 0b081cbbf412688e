"""What the routes of saved reports take and tell."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from annotated_types import Ge, Le
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from functions.gateway.listing import Page
from functions.gateway.text import PlainName
from regulars.domain.gender import Gender
from regulars.domain.reports.buckets import Bucket
from regulars.domain.reports.saved import Format, Schedule
from regulars.store.report_issues import Issue as StoredIssue
from regulars.store.saved_reports import SavedReport as StoredReport
from regulars.store.tenants import Language

MOST_MONTHS = 36
_EXAMPLE: dict[str, JsonValue] = {
    "name": "The week at the market",
    "site_ids": ["01956e00-0000-7000-8000-000000000001"],
    "bucket": "day",
    "schedule": "weekly",
    "formats": ["pdf", "xlsx"],
    "language": "vi",
}
SiteIds = Annotated[frozenset[UUID], Field(min_length=1, max_length=500)]
Recipients = Annotated[frozenset[UUID], Field(max_length=100)]
Formats = Annotated[frozenset[Format], Field(min_length=1)]
KeepMonths = Annotated[int, Field(ge=1, le=MOST_MONTHS)]
_FromHour = Annotated[int, Field(ge=0, le=23)]
_ToHour = Annotated[int, Field(ge=0, le=24)]
_Day = Annotated[date, Ge(date(2000, 1, 1)), Le(date(2199, 12, 31))]


class SavedReportSetup(BaseModel):
    """What a person decides. `site_ids` null: all sites; `language` null: the portal's; hours as in GET /v1/reports.

    `schedule`: made when a week (Monday to Sunday) or a calendar month is over at all of its sites. `recipient_ids` are
    accounts of the chain that get what the schedule makes by mail; a manager only what is of that manager's sites.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    name: PlainName
    site_ids: SiteIds | None = None
    bucket: Bucket = "day"
    hour_from: _FromHour | None = None
    hour_to: _ToHour | None = None
    gender: Gender | None = None
    schedule: Schedule = "none"
    formats: Formats = frozenset({"pdf"})
    language: Language | None = None
    keep_months: KeepMonths = 13
    recipient_ids: Recipients = frozenset()


class SavedReportChange(BaseModel):
    """What should be different; what is left out stays. Null hours, `gender` and `site_ids`: no such filter."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"schedule": "monthly"}]})

    name: PlainName | None = None
    site_ids: SiteIds | None = None
    bucket: Bucket | None = None
    hour_from: _FromHour | None = None
    hour_to: _ToHour | None = None
    gender: Gender | None = None
    schedule: Schedule | None = None
    formats: Formats | None = None
    language: Language | None = None
    keep_months: KeepMonths | None = None
    recipient_ids: Recipients | None = None


class SavedReport(BaseModel):
    """A saved report. Ranges that end on the day of `scheduled_at` (UTC) or later are made by its `schedule`."""

    saved_report_id: UUID
    name: str
    site_ids: list[UUID] | None
    bucket: Bucket
    hour_from: int | None
    hour_to: int | None
    gender: Gender | None
    schedule: Schedule
    scheduled_at: AwareDatetime
    formats: list[Format]
    language: Language
    keep_months: int
    recipient_ids: list[UUID]
    created_at: AwareDatetime


class SavedReportPage(Page[SavedReport]):
    """Saved reports."""


class IssueAsked(BaseModel):
    """For which days to make one now, both included, by each site's own calendar."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"from": "2026-03-02", "to": "2026-03-08"}]}
    )

    first: _Day = Field(alias="from")
    last: _Day = Field(alias="to")


class ReportIssue(BaseModel):
    """A report that was made at `made_at`, by the clock (`scheduled`) or because somebody asked; kept for months."""

    issue_id: UUID
    saved_report_id: UUID
    first_day: date = Field(serialization_alias="from")
    last_day: date = Field(serialization_alias="to")
    scheduled: bool
    formats: list[Format]
    language: Language
    made_at: AwareDatetime


class ReportIssuePage(Page[ReportIssue]):
    """Issues of one saved report."""


class FileLink(BaseModel):
    """Where a file can be fetched until `expires_at` (UTC)."""

    format: Format
    url: str
    expires_at: AwareDatetime


class ReportIssueFiles(ReportIssue):
    """An issue with links to its files."""

    files: list[FileLink]


def show_saved(stored: StoredReport) -> SavedReport:
    """Return the saved report as it is told."""
    told: dict[str, Any] = {name: getattr(stored, name) for name in SavedReport.model_fields}
    return SavedReport.model_validate(told | {"recipient_ids": sorted(stored.recipient_ids)})


def show_issue(stored: StoredIssue) -> ReportIssue:
    """Return the issue as it is told."""
    return ReportIssue.model_validate(stored, from_attributes=True)
