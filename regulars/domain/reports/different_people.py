"""How many different people, and how long they stayed: what no sum of smaller sums tells, for each row of a table.

Nothing here is estimated: every visit of a row is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.counted import Counted
from regulars.domain.reports.local_time import Ints

Piece: TypeAlias = slice
"""Some visits that lie beside one another."""
_AT_ONCE = 2**16
"""Numpy looks up by int64 alone: of so many places that copy stays in the processor's cache."""
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
    rows, there = pieces(counted.edges, row, size), np.zeros(counted.width, dtype=bool)
    return [_whole(counted.visitor, counted.dwell_s, one, there) for one in rows]


def of_hours(counted: Counted) -> list[Whole]:
    """Return it for each of the 24 clock hours."""
    hour, there = counted.cell % np.uint8(24), np.zeros(counted.width, dtype=bool)
    found: list[Whole] = []
    for one in range(24):
        places = np.flatnonzero(hour == one)
        here = [slice(0, places.size)]
        found.append(_whole(counted.visitor[places], counted.dwell_s[places], here, there))
    return found


def pieces(edges: Ints, row: Ints, size: int) -> list[list[Piece]]:
    """Return for each of `size` rows the pieces of columns that are its: `row` [d] as above, `edges` [d + 1]."""
    found = [list[Piece]() for _ in range(size)]
    begins = np.flatnonzero(np.diff(row, prepend=-1)).tolist()
    bounds: list[int] = edges.tolist()
    of_row: list[int] = row.tolist()
    for first, end in pairwise([*begins, row.size]):
        found[of_row[first]].append(slice(bounds[first], bounds[end]))
    return found


def mark(there: NDArray[np.bool_], visitor: NDArray[np.int32], where: Sequence[Piece]) -> NDArray[np.bool_]:
    """Mark in `there`, by their numbers, whose visits these pieces are; 0 is nobody."""
    for piece in where:
        for first in range(piece.start, piece.stop, _AT_ONCE):
            there[visitor[first : min(first + _AT_ONCE, piece.stop)].astype(np.int64)] = True
    there[0] = False
    return there


def mark_only(there: NDArray[np.bool_], visitor: NDArray[np.int32], where: Sequence[Piece]) -> NDArray[np.bool_]:
    """Do so, and unmark everybody else: memory that is there already is much quicker than new memory."""
    there.fill(False)
    return mark(there, visitor, where)


def _whole(
    visitor: NDArray[np.int32], dwell_s: NDArray[np.int32], where: Sequence[Piece], there: NDArray[np.bool_]
) -> Whole:
    return Whole(_distinct(visitor, where, there), *_middle(_one(dwell_s, where)))


def _distinct(visitor: NDArray[np.int32], where: Sequence[Piece], there: NDArray[np.bool_]) -> int:
    if sum(piece.stop - piece.start for piece in where) > there.size * _MARKED_FROM:
        return int(np.count_nonzero(mark_only(there, visitor, where)))
    ordered = np.sort(_one(visitor, where))
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + int(ordered.size > 0 and ordered[0] > 0)


def _one(column: NDArray[Any], where: Sequence[Piece]) -> NDArray[Any]:
    if len(where) == 1:
        return column[where[0]]
    return np.concatenate([column[:0], *(column[piece] for piece in where)])


def _middle(dwell_s: NDArray[np.int32]) -> tuple[int, float, float]:
    """Return how many are known (the others are -1), their mean and median, 0 of nothing."""
    unknown = int(np.count_nonzero(dwell_s < 0))
    known = dwell_s.size - unknown
    if not known:
        return 0, 0.0, 0.0
    half = unknown + known // 2
    parted = np.partition(dwell_s, half)
    above = int(parted[half])
    below = above if known % 2 else int(parted[:half].max())
    return known, float((dwell_s.sum(dtype=np.int64) + unknown) / known), (below + above) / 2
