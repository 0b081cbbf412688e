"""What a report is of: the filters of the report routes."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from annotated_types import Ge, Le
from fastapi import Depends, Query

from regulars.domain.gender import Gender
from regulars.domain.reports.buckets import Bucket, Range
from regulars.domain.reports.counted import HourBand
from regulars.errors import InputRefused

LONGEST_DAYS = 1100
_Day = Annotated[date, Ge(date(2000, 1, 1)), Le(date(2199, 12, 31))]


@dataclass(frozen=True, slots=True)
class Filter:
    """Days of the sites' own calendars; no `site_ids`: all sites that the caller may see."""

    span: Range
    bucket: Bucket
    band: HourBand | None
    gender: Gender | None
    site_ids: list[UUID]


def _filter(
    first: Annotated[_Day, Query(alias="from", description="First day, by each site's own calendar.")],
    last: Annotated[_Day, Query(alias="to", description="Last day, included.")],
    bucket: Annotated[Bucket, Query(description="How the series is cut.")] = "day",
    hour_from: Annotated[int | None, Query(ge=0, le=23, description="Only what began in this clock hour …")] = None,
    hour_to: Annotated[
        int | None, Query(ge=0, le=24, description="… to before this one; may run over midnight.")
    ] = None,
    gender: Gender | None = None,
    site_id: Annotated[list[UUID] | None, Query(max_length=500, description="Only these sites.")] = None,
) -> Filter:
    """Return what is asked for; raises InputRefused `bad_range`, `bad_band`."""
    span = span_of(first, last)
    if (hour_from is None) != (hour_to is None):
        raise InputRefused("bad_band", "A band of hours has a beginning and an end: give both or neither.")
    band = HourBand(hour_from, hour_to % 24) if hour_from is not None and hour_to is not None else None
    return Filter(span, bucket, band, gender, site_id or [])


def span_of(first: date, last: date) -> Range:
    """Return the days from the first to the last; raises InputRefused `bad_range`."""
    span = Range(first, last)
    if not 1 <= span.days <= LONGEST_DAYS:
        raise InputRefused(
            "bad_range", f"A report is of 1 to {LONGEST_DAYS} days, from a day to the same or a later one."
        )
    return span


ReportFilter = Annotated[Filter, Depends(_filter)]
