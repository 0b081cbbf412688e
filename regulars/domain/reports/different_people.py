"""How many different people, and how long they stayed: what no sum of smaller sums tells, for each row of a table.

Nothing here is estimated: every visit of a row is looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.counted import Counted
from regulars.domain.reports.local_time import Ints

_DWELL_END = np.int32(2**26)
_AT_ONCE = 2**16
"""Of so many places numpy's wider copy stays in the processor's cache."""
_MARKED_FROM = 1 / 16
"""So many visits by people there are, and marking all people is quicker than sorting those of the visits."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Of one row: different visitors; of how many visits the dwell is known, its mean and median in seconds."""

    visitors: int
    dwell_visits: int
    dwell_mean_s: float
    dwell_median_s: float


def of_day_rows(counted: Counted, row: Ints, size: int) -> list[Whole]:
    """Return it for each of `size` rows, when each site-day belongs to one: `row` [d]."""
    order = np.argsort(row, kind="stable")
    visitor, edges = _in_rows(counted.visitor, counted.edges, order, row, size)
    dwell_s, stays = _in_rows(counted.dwell_s, np.searchsorted(counted.dwelt, counted.edges), order, row, size)
    return list(_of_runs(visitor, edges, dwell_s, stays, counted.width))


def of_hours(counted: Counted) -> list[Whole]:
    """Return it for each of the 24 clock hours."""
    order = np.argsort(counted.hour, kind="stable")
    dwell_hour = counted.hour[counted.dwelt]
    # Sorting numbers is much quicker than sorting places, and the middle of an hour needs them in no other order.
    dwell_s = np.sort(dwell_hour * _DWELL_END + counted.dwell_s) % _DWELL_END
    edges, stays = (np.cumsum([0, *np.bincount(one, minlength=24)]) for one in (counted.hour, dwell_hour))
    return list(_of_runs(counted.visitor[order], edges, dwell_s, stays, counted.width))


def _in_rows(column: NDArray[Any], edges: Ints, order: Ints, row: Ints, size: int) -> tuple[NDArray[Any], Ints]:
    """Return a column of site-day after site-day as one of row after row, and where each row begins and ends."""
    if (order[1:] < order[:-1]).any():
        column = np.concatenate([column[edges[place] : edges[place + 1]] for place in order])
    lengths = np.bincount(row, weights=np.diff(edges), minlength=size).astype(np.int64)
    return column, np.cumsum([0, *lengths])


def marks(visitor: NDArray[Any], width: int) -> NDArray[np.bool_]:
    """Return of all people up to `width` who is among these visitors; 0 is nobody."""
    there = np.zeros(width, dtype=bool)
    for first in range(0, visitor.size, _AT_ONCE):
        there[visitor[first : first + _AT_ONCE]] = True
    there[0] = False
    return there


def _of_runs(visitor: NDArray[Any], edges: Ints, dwell_s: NDArray[Any], stays: Ints, width: int) -> Iterator[Whole]:
    for (first, last), (begin, end) in zip(pairwise(edges.tolist()), pairwise(stays.tolist()), strict=True):
        yield Whole(_distinct(visitor[first:last], width), end - begin, *_middle(dwell_s[begin:end]))


def _distinct(visitor: NDArray[Any], width: int) -> int:
    if visitor.size > width * _MARKED_FROM:
        return int(np.count_nonzero(marks(visitor, width)))
    ordered = np.sort(visitor)
    return int(np.count_nonzero(np.diff(ordered, prepend=0)))


def _middle(dwell_s: NDArray[Any]) -> tuple[float, float]:
    """Return the mean and the median, 0 of nothing."""
    if not dwell_s.size:
        return 0.0, 0.0
    half = dwell_s.size // 2
    parted = np.partition(dwell_s, half)
    above = int(parted[half])
    below = above if dwell_s.size % 2 else int(parted[:half].max())
    return float(dwell_s.sum(dtype=np.int64) / dwell_s.size), (below + above) / 2
