"""What the report routes say. A figure that is null although it is counted is named in `hidden`."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from regulars.domain.opening_hours import WEEKDAYS, Weekday
from regulars.domain.reports.figures import Figures
from regulars.domain.reports.people import Cohort
from regulars.domain.reports.report import HeatMap, Period, Report, Row
from regulars.store.tenants import Site

_FIGURES = tuple(field.name for field in fields(Figures))


class FigureRow(BaseModel):
    """The figures of one bucket, as docs/reports.md defines them; `name` as `2026-03-02`, `09`, `monday`, `2026-W10`.

    `hidden` names the figures that are null because they would tell of too few people. `coverage` is the share of the
    hours that cameras should have seen, 0 to 1; null where none had to.
    """

    name: str
    visits: int | None
    new: int | None
    returning: int | None
    undetermined: int | None
    male: int | None
    female: int | None
    unknown: int | None
    visitors: int | None
    new_visitors: int | None
    returning_visitors: int | None
    visits_per_visitor: float | None
    dwell_visits: int | None
    dwell_mean_s: float | None
    dwell_median_s: float | None
    came_in: int | None
    went_out: int | None
    staff_tracks: int | None
    rejected_tracks: int | None
    occupancy_peak: int | None
    occupancy_mean: float | None
    coverage: float | None
    hidden: list[str]


class SiteRow(FigureRow):
    """The figures of one site over the whole range."""

    site_id: UUID
    time_zone: str


class PeriodFigures(BaseModel):
    """A range of days, its sum and its buckets in order, empty ones too."""

    first_day: date = Field(serialization_alias="from")
    last_day: date = Field(serialization_alias="to")
    total: FigureRow
    series: list[FigureRow]


class HeatCell(BaseModel):
    """Visits that began on this day of the week in this clock hour."""

    day_of_week: Weekday
    hour: int
    visits: int | None
    coverage: float | None
    hidden: bool


class CohortRow(BaseModel):
    """The people whose first visit to the chain was in `month`, at the sites of the report.

    `came_again` has how many of them came in each later month of the range, `share_again` the same by `size`, rounded
    to whole hundredths. Numbers are null for callers who may only see sums, and shares of too few people are.
    """

    month: str
    size: int | None
    came_again: list[int | None]
    share_again: list[float | None]
    hidden: bool


class RecencyRow(BaseModel):
    """The range's visitors who were here last so many days before its end; `to_days` null: or more."""

    from_days: int
    to_days: int | None
    visitors: int | None
    hidden: bool


class ReportPage(BaseModel):
    """Everything that a page of reports shows for one filter.

    `before` is as much time just before, `last_year` the same time a year ago (null where it overlaps what is shown).
    `least_people_shown`: figures of fewer people are hidden from this caller; null: none is. `off_by`: the share by
    which a figure was off when it was last measured with the models in use; what is not named was not measured.
    """

    now: PeriodFigures
    before: PeriodFigures
    last_year: PeriodFigures | None
    sites: list[SiteRow]
    heat_map: list[HeatCell]
    cohorts: list[CohortRow]
    recency: list[RecencyRow]
    least_people_shown: int | None
    off_by: dict[str, float]


def show_report(report: Report, sites: Sequence[Site], k: int | None, off_by: dict[str, float]) -> ReportPage:
    """Return the report without what is hidden."""
    by_id = {site.site_id: site for site in sites}
    return ReportPage(
        now=_period(report.now),
        before=_period(report.before),
        last_year=_period(report.last_year) if report.last_year else None,
        sites=[_site(row, by_id[site_id]) for site_id, row in report.sites],
        heat_map=_heat(report.heat),
        cohorts=[_cohort(one, few, k) for one, few in zip(report.cohorts, report.few, strict=True)],
        recency=[
            RecencyRow(
                from_days=one.from_days,
                to_days=one.to_days,
                visitors=None if hidden else one.visitors,
                hidden=hidden,
            )
            for one, hidden in zip(report.recency, report.recency_hidden, strict=True)
        ],
        least_people_shown=k,
        off_by=off_by,
    )


def _shown(row: Row) -> dict[str, Any]:
    figures: dict[str, Any] = {name: None if name in row.hidden else getattr(row.figures, name) for name in _FIGURES}
    return figures | {"name": row.name, "hidden": sorted(row.hidden)}


def _row(row: Row) -> FigureRow:
    return FigureRow.model_validate(_shown(row))


def _site(row: Row, site: Site) -> SiteRow:
    said = {"name": site.name, "site_id": site.site_id, "time_zone": site.time_zone}
    return SiteRow.model_validate(_shown(row) | said)


def _period(period: Period) -> PeriodFigures:
    return PeriodFigures(
        first_day=period.span.first,
        last_day=period.span.last,
        total=_row(period.total),
        series=[_row(row) for row in period.series],
    )


def _heat(heat: HeatMap) -> list[HeatCell]:
    return [
        HeatCell(
            day_of_week=WEEKDAYS[day],
            hour=hour,
            visits=None if heat.hidden[day, hour] else int(heat.visits[day, hour]),
            coverage=None if heat.coverage[day, hour] != heat.coverage[day, hour] else float(heat.coverage[day, hour]),
            hidden=bool(heat.hidden[day, hour]),
        )
        for day in range(7)
        for hour in range(24)
    ]


def _cohort(cohort: Cohort, few: list[bool], k: int | None) -> CohortRow:
    later = list(zip(cohort.came_again, few[1:], strict=True))
    return CohortRow(
        month=cohort.month,
        size=cohort.size if k is None else None,
        came_again=[count if k is None else None for count, _ in later],
        share_again=[None if is_few else round(count / cohort.size, 2) for count, is_few in later],
        hidden=k is not None,
    )
