"""Tables about people over time: the week's heat map, cohorts by first month, how long ago visitors were here last."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from regulars.domain.reports.buckets import month_name, month_of, weekday_of
from regulars.domain.reports.counted import Counted, sums_of
from regulars.domain.reports.different_people import mark, mark_only, pieces
from regulars.domain.reports.local_time import Ints, day_number
from regulars.domain.reports.site_days import GENDERS, HOURLY

RECENCY = ((0, 6), (7, 13), (14, 29), (30, 59), (60, 89), (90, None))
"""Whole days since the last visit, both ends included."""
_AFTER_NEW = 24 * len(GENDERS)
"""The cells of new visits are those before: "new" is the first of STATUSES."""


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
    weekday = weekday_of(counted.day)
    hours = (counted.of_hour, *(counted.hours[:, HOURLY.index(name)] for name in ("seen_s", "wanted_s")))
    visits, seen, wanted = (sums_of(one, weekday, 7) for one in hours)
    return visits, seen, wanted


def cohorts(counted: Counted) -> list[Cohort]:
    """Return the cohorts of the range, by the month of the visit that was the person's first to the chain."""
    if not counted.visitor.size:
        return []
    month_of_day = month_of(counted.day)
    first, many = int(month_of_day.min()), int(month_of_day.max() - month_of_day.min()) + 1
    row = month_of_day - first
    months = pieces(counted.edges, row, many)
    new = np.flatnonzero(counted.cell < _AFTER_NEW)
    # Whose first visit is not in the range is in no month's cohort, but in one behind the last.
    begun = np.full(counted.width, many, dtype=np.min_scalar_type(many))
    for month, where in enumerate(pieces(np.searchsorted(new, counted.edges), row, many)):
        for piece in where:
            begun[counted.visitor[new[piece]]] = month
    came, there = np.zeros((many + 1, many), dtype=np.int64), np.zeros(counted.width, dtype=bool)
    for month, where in enumerate(months):
        people = np.flatnonzero(mark_only(there, counted.visitor, where))
        came[:, month] = np.bincount(begun[people], minlength=many + 1)
    return [
        Cohort(month_name(first + month), int(row[month]), row[month + 1 :].tolist())
        for month, row in enumerate(came[:many])
        if row.any()
    ]


def recency(counted: Counted, until: date, visitors: int) -> list[Recency]:
    """Return the range's `visitors` by the whole days between their last visit in it and `until`, its last day."""
    there, found, before = np.zeros(counted.width, dtype=bool), list[Recency](), 0
    ago = day_number(until) - counted.day
    for first, last in RECENCY:
        # From the latest days back: who is marked already was here later, and who is left at the end before all that.
        now = visitors
        if last is not None:
            _, where = pieces(counted.edges, ((ago >= first) & (ago <= last)).astype(np.int64), 2)
            now = int(np.count_nonzero(mark(there, counted.visitor, where)))
        found.append(Recency(first, last, now - before))
        before = now
    return found
