"""Tables about people over time: the week's heat map, cohorts by first month, how long ago visitors were here last."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from regulars.domain.reports.buckets import month_name, month_of, weekday_of
from regulars.domain.reports.counted import Counted
from regulars.domain.reports.different_people import marks
from regulars.domain.reports.local_time import Ints, day_number
from regulars.domain.reports.site_days import GENDERS, STATUSES

RECENCY = ((0, 6), (7, 13), (14, 29), (30, 59), (60, 89), (90, None))
"""Whole days since the last visit, both ends included."""
_NEW = STATUSES.index("new")


@dataclass(frozen=True, slots=True)
class Cohort:
    """The people whose first visit to the chain was in `month` (`2026-03`), at the sites of the report.

    `came_again[n]` is how many of them came in the nth month after it; the last one is the range's last month.
    """

    month: str
    size: int
    came_again: list[int]


@dataclass(frozen=True, slots=True)
class Recency:
    """How many of the range's visitors were here last so many whole days before its end (`to_days` None: or more)."""

    from_days: int
    to_days: int | None
    visitors: int


def heat_map(counted: Counted) -> tuple[Ints, Ints, Ints]:
    """Return by day of week (Monday first) and clock hour, each [7, 24]: visits, seconds seen, seconds to be seen."""
    visits = np.zeros((7, 24), dtype=np.int64)
    seen, wanted = np.zeros((7, 24), dtype=np.int64), np.zeros((7, 24), dtype=np.int64)
    weekday = weekday_of(counted.day)
    np.add.at(visits, weekday, counted.cells.sum(axis=1))
    np.add.at(seen, weekday, counted.hours[:, 4])
    np.add.at(wanted, weekday, counted.hours[:, 5])
    return visits, seen, wanted


def cohorts(counted: Counted) -> list[Cohort]:
    """Return the cohorts of the range, by the month of the visit that was the person's first to the chain."""
    if not counted.visitor.size:
        return []
    month_of_day = month_of(counted.day)
    first, last = int(month_of_day[0]), int(month_of_day[-1])
    new = np.flatnonzero(counted.kind // np.uint8(len(GENDERS)) == _NEW)
    width = counted.width
    begun = np.full(width, -1, dtype=np.int64)
    begun[counted.visitor[new]] = counted.of_visits(month_of_day)[new] - first
    came = np.zeros((last - first + 1, last - first + 1), dtype=np.int64)
    for month in range(last - first + 1):
        days = np.searchsorted(month_of_day, [first + month, first + month + 1])
        there = begun[np.flatnonzero(marks(counted.visitor[slice(*counted.edges[days])], width))]
        came[:, month] = np.bincount(there[there >= 0], minlength=came.shape[0])
    return [
        Cohort(month_name(first + month), int(row[month]), row[month + 1 :].tolist())
        for month, row in enumerate(came)
        if row.any()
    ]


def recency(counted: Counted, until: date) -> list[Recency]:
    """Return the range's visitors by the whole days between their last visit in it and `until`, its last day."""
    latest = np.full(counted.width, -1, dtype=np.int32)
    latest[counted.visitor] = counted.of_visits(counted.day)  # by day: the last of a visitor's stays
    latest[0] = -1
    ago = day_number(until) - latest[latest >= 0]
    return [
        Recency(first, last, int(((ago >= first) & (ago <= (last if last is not None else ago.max(initial=0)))).sum()))
        for first, last in RECENCY
    ]
