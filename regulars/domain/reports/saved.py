"""Saved reports: which ranges of days one is due for, how long its issues are kept and where their files lie."""

from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from regulars.domain.reports.buckets import Range

Schedule = Literal["none", "weekly", "monthly"]
Format = Literal["pdf", "xlsx"]
_MONTHS = 12


def ranges_between(schedule: Schedule, first: date, last: date) -> list[Range]:
    """Return the whole ISO weeks or calendar months that end from `first` to `last`, both included, oldest first."""
    if schedule == "none":
        return []
    found: list[Range] = []
    span = _range_around(schedule, first)
    while span.last <= last:
        found.append(span)
        span = _range_around(schedule, span.last + timedelta(days=1))
    return found


def kept_since(today: date, months: int) -> date:
    """Return the first day of the months that are kept: issues whose range ended before it go."""
    month = today.year * _MONTHS + today.month - 1 - months
    return date(month // _MONTHS, month % _MONTHS + 1, 1)


def files_of(tenant_id: UUID) -> str:
    """Return the prefix under which the files of a tenant's issues lie."""
    return f"exports/{tenant_id}/reports/"


def file_key(tenant_id: UUID, saved_report_id: UUID, issue_id: UUID, ending: str) -> str:
    """Return where one file of an issue lies in the object store."""
    return f"{files_of(tenant_id)}{saved_report_id}/{issue_id}.{ending}"


def _range_around(schedule: Schedule, day: date) -> Range:
    """Return the week or the month that the day lies in."""
    if schedule == "weekly":
        monday = day - timedelta(days=day.weekday())
        return Range(monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    return Range(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
