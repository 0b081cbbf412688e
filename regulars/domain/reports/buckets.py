"""How a report is cut, by the sites' calendars: hour of day, day, day of week, ISO week, month; and compared ranges."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import numpy as np

from regulars.domain.opening_hours import WEEKDAYS
from regulars.domain.reports.local_time import Ints, day_number, days_between

Bucket = Literal["total", "hour_of_day", "day", "day_of_week", "week", "month"]


@dataclass(frozen=True, slots=True)
class Range:
    """Days of the sites' calendars, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        """Say whether the day is one of them."""
        return self.first <= day <= self.last

    def before(self) -> "Range":
        """Return the range of the same length that ends on the day before; of whole months, as many months."""
        months = _whole_months(self)
        if months:
            first = _months_later(self.first, -months)
            return Range(first, self.first - timedelta(days=1))
        return Range(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def last_year(self) -> "Range":
        """Return the same range a year earlier: the same whole months, else 52 weeks before: the same weekdays."""
        if _whole_months(self):
            first = _months_later(self.first, -12)
            last = _months_later(self.last.replace(day=1), -12)
            return Range(first, last.replace(day=calendar.monthrange(last.year, last.month)[1]))
        return Range(self.first - timedelta(weeks=52), self.last - timedelta(weeks=52))


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets of a range in order: `names` as reports say them, and the bucket's row of any day in the range.

    `row_of_day` is indexed by the day's place in the range; None for `hour_of_day`, where the hour is the row.
    """

    names: list[str]
    first_day: int
    row_of_day: Ints | None


def buckets_of(bucket: Bucket, span: Range) -> Buckets:
    """Return every bucket of the range, empty ones too. Names: `09`, `2026-03-02`, `monday`, `2026-W10`, `2026-03`."""
    return _buckets_of(bucket, span)


@lru_cache(maxsize=64)
def _buckets_of(bucket: Bucket, span: Range) -> Buckets:
    first = day_number(span.first)
    if bucket == "hour_of_day":
        return Buckets([f"{hour:02}" for hour in range(24)], first, None)
    days = days_between(span.first, span.last)
    if bucket == "day_of_week":
        return Buckets(list[str](WEEKDAYS), first, np.array([day.weekday() for day in days], dtype=np.int64))
    named = [_NAMES[bucket](day) for day in days]
    names = list(dict.fromkeys(named))
    rows = {name: row for row, name in enumerate(names)}
    return Buckets(names, first, np.array([rows[name] for name in named], dtype=np.int64))


def weekday_of(day: Ints) -> Ints:
    """Return the day of the week of these days' numbers, Monday 0."""
    return (day + 3) % 7


def month_of(day: Ints) -> Ints:
    """Return for these days' numbers the months since 1970-01."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_name(month: int) -> str:
    """Return the month of that number as `2026-03`."""
    return f"{1970 + month // 12}-{month % 12 + 1:02}"


def _week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


_NAMES: dict[str, Callable[[date], str]] = {
    "total": lambda _day: "total",
    "day": date.isoformat,
    "week": _week_name,
    "month": lambda day: f"{day.year}-{day.month:02}",
}


def _whole_months(span: Range) -> int:
    """Return how many whole calendar months the range is; 0 when it is none."""
    if span.first.day != 1 or (span.last + timedelta(days=1)).day != 1:
        return 0
    return (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1


def _months_later(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, first.day)
