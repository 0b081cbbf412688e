"""Tables about people over time: the week's heat map, cohorts by first month, how long ago visitors were here last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.buckets import Range, month_name, month_of, weekday_of
from regulars.domain.reports.counted import Counted, places_of_new, sums_of
from regulars.domain.reports.different_people import mark, mark_only, pieces
from regulars.domain.reports.local_time import Ints, day_number
from regulars.domain.reports.site_days import HOURLY

RECENCY = ((0, 6), (7, 13), (14, 29), (30, 59), (60, 89), (90, None))
"""Whole days since the last visit, both ends included."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The people whose first visit to the chain was in `month` (`2026-03`), at the sites of the report.

    `came_again[n]` is how many of them came in the nth month after it; the last one is the range's last month.
    """

    month: str
    size: int
    came_again: list[int]


@dataclass(frozen=True, slots=True)
class PeopleByMonth:
    """Who `came` in each month from `first` (months since 1970-01) on: a bit each, uint64 [months, people / 64]."""

    first: int
    came: NDArray[np.uint64]

    def visitors(self, span: Range) -> list[int]:
        """Return how many in each month that has a day in the range."""
        first, last = month_of(np.array([day_number(span.first), day_number(span.last)])).tolist()
        known = dict(enumerate(map(_people_in, self.came), self.first))
        return [known.get(month, 0) for month in range(first, last + 1)]


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


def people_by_month(counted: Counted) -> PeopleByMonth:
    """Return who was there in each month of the days that are there."""
    month_of_day = month_of(counted.day)
    first = int(month_of_day.min()) if month_of_day.size else 0
    many = int(month_of_day.max()) - first + 1 if month_of_day.size else 0
    where = pieces(counted.edges, month_of_day - first, many)
    return PeopleByMonth(first, _bits(np.zeros(counted.width, dtype=bool), counted.visitor, where))


def cohorts(counted: Counted, by_month: PeopleByMonth) -> list[Cohort]:
    """Return the cohorts of the range, by the month of the visit that was the person's first to the chain."""
    if not counted.visitor.size:
        return []
    first, came = by_month.first, by_month.came
    many, new_until = len(came), np.cumsum(counted.new_of_hour.sum(axis=1))
    where = pieces(np.concatenate([np.zeros(1, dtype=np.int64), new_until]), month_of(counted.day) - first, many)
    began = _bits(np.zeros(counted.width, dtype=bool), counted.visitor[places_of_new(counted)], where)
    for month in range(many - 1):
        # Nobody is in two cohorts.
        began[month] &= ~np.bitwise_or.reduce(began[month + 1 :], axis=0)
    found: list[Cohort] = []
    for month in range(many):
        size, *later = (_people_in(began[month] & one) for one in came[month:])
        if size or any(later):
            found.append(Cohort(month_name(first + month), size, later))
    return found


def _bits(there: NDArray[np.bool_], visitor: NDArray[np.int32], where: Sequence[Sequence[slice]]) -> NDArray[np.uint64]:
    """Return for each row of pieces a bit for every person [rows, people / 64]: whether one of its visits is theirs."""
    bits = np.zeros((len(where), -(-there.size // 64)), dtype=np.uint64)
    for row, some in enumerate(where):
        packed = np.packbits(mark_only(there, visitor, some))
        bits[row].view(np.uint8)[: packed.size] = packed
    return bits


def _people_in(bits: NDArray[np.uint64]) -> int:
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


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
