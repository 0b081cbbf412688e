"""How many different people, and how long they stayed: what no sum of smaller sums tells, for each row of a table.

Nothing here is estimated: every visit of a row is looked at.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.columns import Seconds
from regulars.domain.reports.counted import Counted, places_by_hour
from regulars.domain.reports.local_time import Ints

Piece: TypeAlias = slice
"""Some visits that lie beside one another."""
_AT_ONCE = 2**16
"""Numpy looks up by int64 alone: of so many places that copy stays in the processor's cache."""
_MARKED_FROM = 1 / 16
"""So many visits by people there are, and marking all people is quicker than finding each one's last visit."""


class Whole(NamedTuple):
    """Of one row: different visitors; of how many visits the dwell is known, its mean and median in seconds."""

    visitors: int
    dwell_visits: int
    dwell_mean_s: float
    dwell_median_s: float


def of_day_rows(counted: Counted, row: Ints, size: int, visitors: Sequence[int] | None = None) -> list[Whole]:
    """Return it for each of `size` rows, when each site-day belongs to one: `row` [d].

    Where `visitors` are given, how many different ones each row has is not counted again.
    """
    desk, where = _Desk(counted), pieces(counted.edges, row, size)
    if visitors is None:
        return [desk.whole(counted.visitor, counted.dwell_s, one) for one in where]
    known = zip(visitors, where, strict=True)
    return [Whole(many, *desk.dwell(counted.dwell_s, one)) for many, one in known]


def of_sites(counted: Counted) -> tuple[list[Whole], Whole]:
    """Return it for each of `counted.sites`, and for all of them together."""
    desk, ever, wholes = _Desk(counted), np.zeros(counted.width, dtype=bool), list[Whole]()
    lasted = np.zeros(desk.seconds, dtype=np.int64)
    for where in pieces(counted.edges, counted.site_row, len(counted.sites)):
        of_site = desk.lasted(counted.dwell_s, where)
        wholes.append(Whole(desk.visitors(counted.visitor, where), *_dwell(of_site)))
        lasted += of_site
        if desk.marks(where):
            ever |= desk.there
        else:
            mark(ever, counted.visitor, where)
    return wholes, Whole(int(np.count_nonzero(ever)), *_dwell(lasted))


def of_hours(counted: Counted) -> list[Whole]:
    """Return it for each of the 24 clock hours."""
    desk, found = _Desk(counted), list[Whole]()
    for places in places_by_hour(counted.edges, counted.of_hour):
        found.append(desk.whole(counted.visitor[places], counted.dwell_s[places], [slice(0, places.size)]))
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


class _Desk:
    """Counts row after row in memory that is there already: new memory takes longer than what is done in it."""

    def __init__(self, counted: Counted) -> None:
        self._visitor, self._dwell_s = np.empty_like(counted.visitor), np.empty_like(counted.dwell_s)
        self.there, self._last = np.zeros(counted.width, dtype=bool), np.empty(counted.width, dtype=np.int32)
        self.seconds = int(counted.dwell_s.max(initial=-1)) + 2
        """How many different ones a visit may have lasted, -1 included."""

    def whole(self, visitor: NDArray[np.int32], dwell_s: Seconds, where: Sequence[Piece]) -> Whole:
        """Return it for the row of these pieces."""
        return Whole(self.visitors(visitor, where), *self.dwell(dwell_s, where))

    def visitors(self, visitor: NDArray[np.int32], where: Sequence[Piece]) -> int:
        """Return how many different ones the row of these pieces has."""
        if self.marks(where):
            return int(np.count_nonzero(mark_only(self.there, visitor, where)))
        people = _copied(visitor, where, self._visitor).astype(np.int64)
        order = np.arange(people.size, dtype=np.int32)
        self._last[people] = order
        # Of each person's visits one is the last; what is written of people of other rows is not looked at.
        return int(np.count_nonzero(self._last[people] == order)) - int(not people.all())

    def marks(self, where: Sequence[Piece]) -> bool:
        """Whether counting the row leaves its people marked in `there`."""
        return _size(where) > self.there.size * _MARKED_FROM

    def lasted(self, dwell_s: Seconds, where: Sequence[Piece]) -> Ints:
        """Return how many visits lasted each number of seconds from -1 on, [seconds]."""
        dwell_s = _copied(dwell_s, where, self._dwell_s)
        found = np.zeros(self.seconds, dtype=np.int64)
        for first in range(0, dwell_s.size, _AT_ONCE):
            found += np.bincount(dwell_s[first : first + _AT_ONCE].astype(np.int64) + 1, minlength=self.seconds)
        return found

    def dwell(self, dwell_s: Seconds, where: Sequence[Piece]) -> tuple[int, float, float]:
        """Return how many are known (the others are -1), their mean and median, 0 of nothing."""
        if _size(where) > self.seconds:
            return _dwell(self.lasted(dwell_s, where))
        dwell_s = _copied(dwell_s, where, self._dwell_s)
        unknown = int(np.count_nonzero(dwell_s < 0))
        known = dwell_s.size - unknown
        if not known:
            return 0, 0.0, 0.0
        mean = float((dwell_s.sum(dtype=np.int64) + unknown) / known)
        half = unknown + known // 2
        dwell_s.partition(half)
        above = int(dwell_s[half])
        below = above if known % 2 else int(dwell_s[:half].max())
        return known, mean, (below + above) / 2


def _dwell(lasted: Ints) -> tuple[int, float, float]:
    """Return the same of how many visits lasted each number of seconds from -1 on."""
    lasted = lasted[1:]
    known = int(lasted.sum())
    if not known:
        return 0, 0.0, 0.0
    below, above = np.searchsorted(np.cumsum(lasted), [(known - 1) // 2, known // 2], side="right").tolist()
    return known, float(lasted @ np.arange(lasted.size) / known), (below + above) / 2


def _copied(column: NDArray[Any], where: Sequence[Piece], room: NDArray[Any]) -> NDArray[Any]:
    copy = room[: _size(where)]
    if where:
        np.concatenate([column[piece] for piece in where], out=copy)
    return copy


def _size(where: Sequence[Piece]) -> int:
    return sum([piece.stop - piece.start for piece in where])
