"""Tables about people over time: the week's heat map, cohorts by first month, how long ago visitors were here last."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from regulars.domain.reports.buckets import month_name, month_of, weekday_of
from regulars.domain.reports.counted import Counted
from regulars.domain.reports.local_time import Ints, day_number
from regulars.domain.reports.site_days import STATUSES

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
    cell = weekday_of(counted.visit_day) * 24 + counted.visits["hour"]
    visits = np.bincount(cell, minlength=168).reshape(7, 24).astype(np.int64)
    seen, wanted = np.zeros((7, 24), dtype=np.int64), np.zeros((7, 24), dtype=np.int64)
    weekday = weekday_of(counted.day)
    np.add.at(seen, weekday, counted.hours[:, 4])
    np.add.at(wanted, weekday, counted.hours[:, 5])
    return visits, seen, wanted


def cohorts(counted: Counted) -> list[Cohort]:
    """Return the cohorts of the range, by the month of the visit that was the person's first to the chain."""
    months = month_of(counted.visit_day)
    if not months.size:
        return []
    visitor, last = counted.visits["visitor"].astype(np.int64), int(month_of(counted.day).max())
    first_month = np.full(int(visitor.max()) + 1, -1, dtype=np.int64)
    is_new = (counted.status == _NEW) & (visitor > 0)
    first_month[visitor[is_new]] = months[is_new]
    told = (visitor > 0) & (first_month[visitor] >= 0)
    width = last + 1
    person_months = np.unique(visitor[told] * width + months[told])
    of_person, month = person_months // width, person_months % width
    begun = first_month[of_person]
    return [
        Cohort(
            month_name(first),
            int(((begun == first) & (month == first)).sum()),
            [int(((begun == first) & (month == later)).sum()) for later in range(first + 1, last + 1)],
        )
        for first in sorted(set(begun.tolist()))
    ]


def recency(counted: Counted, until: date) -> list[Recency]:
    """Return the range's visitors by the whole days between their last visit in it and `until`, its last day."""
    visitor = counted.visits["visitor"].astype(np.int64)
    latest = np.full(int(visitor.max(initial=0)) + 1, -1, dtype=np.int64)
    np.maximum.at(latest, visitor, counted.visit_day)
    latest[0] = -1
    ago = day_number(until) - latest[latest >= 0]
    return [
        Recency(first, last, int(((ago >= first) & (ago <= (last if last is not None else ago.max(initial=0)))).sum()))
        for first, last in RECENCY
    ]
