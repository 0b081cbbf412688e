"""Site-days laid side by side: the form in which rollups are read and reports count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.inside import Inside
from regulars.domain.reports.local_time import Ints, day_number, day_of
from regulars.domain.reports.numbering import Numbers, far_apart, numbered, numbered_after
from regulars.domain.reports.site_days import HOURLY, KINDS, SiteDay, Visits

CELLS = KINDS * 24
Seconds: TypeAlias = NDArray[np.signedinteger[Any]]
_DAYS_AT_ONCE = 64
"""Of so many site-days what is in between stays in the processor's cache."""
INSIDE = ("peak", "person_s", "span_s", "unseen_in", "left_over")
"""The fields of `Inside`, in the order of their columns."""
ALONE = (*INSIDE, "visitors", "dwell_visits", "dwell_mean_s", "dwell_median_s")
"""What no sum tells of a site's day: occupancy, different visitors, and of how many visits the dwell is known, its mean
and median."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Visits as columns [n] of `Visits`, site-day after site-day; of each site-day [d]: its site's row, its day.

    `dwell_s` is int16 where all fit into it: what is half as large is read and counted in less time.
    A site's days lie beside one another in their order where they can: rows of a table are then few pieces of the
    columns, but nothing counts on it. `edges` [d + 1] says where each site-day's visits begin and end. `tally` int32
    [d, 9, 24] is how many of them have that kind and hour: so it tells the `cells` too, for by these they lie. `hours`
    is int32 [d, 6, 24], `alone` float64 [d, 9] of ALONE, with peak -1 where occupancy is not known. `people` int32
    [p]: visitors have numbers of their own here, and this is the chain's number of each; None: they have the chain's.
    """

    sites: Sequence[UUID]
    site_row: Ints
    day: Ints
    edges: Ints
    visitor: NDArray[np.int32]
    dwell_s: Seconds
    tally: NDArray[np.int32]
    hours: NDArray[np.int32]
    alone: NDArray[np.float64]
    people: Numbers | None

    @property
    def cells(self) -> NDArray[np.uint8]:
        """The cell of each visit, uint8 [n]."""
        return self.by_cell(np.arange(CELLS, dtype=np.uint8).reshape(KINDS, 24))

    def by_cell(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return for each visit, [n], what `values` [9, 24] have for its kind and hour."""
        return np.repeat(np.tile(values.T.reshape(-1), self.day.size), self.tally.transpose(0, 2, 1).reshape(-1))

    @property
    def visitor_of_chain(self) -> Numbers:
        """The visitors by the chain's numbers, [n]."""
        return self.visitor if self.people is None else self.people[self.visitor]


def side_by_side(days: Sequence[SiteDay]) -> Columns:
    """Return the site-days by site and day."""
    sites = sorted({one.site_id for one in days}, key=str)
    rows = {site_id: row for row, site_id in enumerate(sites)}
    days = sorted(days, key=lambda one: (rows[one.site_id], one.day))
    edges = np.cumsum([0, *(one.visits.size for one in days)])
    return Columns(
        sites=sites,
        site_row=np.array([rows[one.site_id] for one in days], dtype=np.int64),
        day=np.array([day_number(one.day) for one in days], dtype=np.int64),
        edges=edges,
        visitor=_joined([one.visits.visitor for one in days], np.dtype(np.int32)),
        dwell_s=fitting(_joined([one.visits.dwell_s for one in days], np.dtype(np.int32))),
        tally=tallied(_joined([one.visits.cell for one in days], np.dtype(np.uint8)), edges),
        hours=np.array([one.hours for one in days], dtype=np.int32).reshape(len(days), len(HOURLY), 24),
        alone=np.array([alone_numbers(one) for one in days], dtype=np.float64).reshape(len(days), len(ALONE)),
        people=None,
    )


def together(parts: Sequence[Columns]) -> Columns:
    """Return all site-days of the parts, one part after another; `numbered_alike` if they are to be counted."""
    if not parts:
        return side_by_side([])
    sites = sorted({site_id for one in parts for site_id in one.sites}, key=str)
    rows = {site_id: row for row, site_id in enumerate(sites)}
    if len(parts) == 1:
        return parts[0]
    own = [np.array([rows[site_id] for site_id in one.sites], dtype=np.int64)[one.site_row] for one in parts]
    sizes = [np.diff(one.edges) for one in parts]
    return Columns(
        sites=sites,
        site_row=np.concatenate(own),
        day=_in_a_row([one.day for one in parts]),
        edges=np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *sizes])),
        visitor=_in_a_row([one.visitor for one in parts]),
        dwell_s=_in_a_row([one.dwell_s for one in parts]),
        tally=_in_a_row([one.tally for one in parts]),
        hours=_in_a_row([one.hours for one in parts]),
        alone=_in_a_row([one.alone for one in parts]),
        people=parts[0].people,
    )


def numbered_alike(parts: Sequence[Columns]) -> list[Columns]:
    """Return the parts with visitors by numbers that are the same in all, and small; a part whose are so is the same.

    All then have the very same `people`.
    """
    peoples = {id(one.people): one.people for one in parts if one.people is not None}
    raw = [one.visitor for one in parts if one.people is None]
    if not (peoples and raw) and len(peoples) < 2 and not any(map(far_apart, raw)):
        return list(parts)
    numbers, people = numbered([*peoples.values(), *raw])
    places = dict(zip(peoples, numbers, strict=False))
    for known in peoples.values():
        if known.size == people.size:  # Nobody is new to them.
            people = known
    visitors = iter(numbers[len(peoples) :])
    return [
        replace(one, visitor=next(visitors), people=people)
        if one.people is None
        else one
        if one.people is people
        else replace(one, visitor=places[id(one.people)][one.visitor], people=people)
        for one in parts
    ]


def joined_by(columns: Columns, few: Columns) -> Columns:
    """Return the site-days of both, numbered alike; quick where the second are few."""
    if columns.people is None:
        return together(numbered_alike([columns, few]))
    visitor, people = numbered_after(columns.people, few.visitor_of_chain)
    return together([replace(columns, people=people), replace(few, visitor=visitor, people=people)])


def chosen(columns: Columns, places: Ints) -> Columns:
    """Return the site-days at these places, in that order; as views where they lie beside one another."""
    begins = np.flatnonzero(np.diff(places, prepend=-2) != 1).tolist()
    days = [slice(int(places[first]), int(places[end - 1]) + 1) for first, end in pairwise([*begins, places.size])]
    visits = [slice(int(columns.edges[one.start]), int(columns.edges[one.stop])) for one in days]
    sizes = np.diff(columns.edges)
    return Columns(
        sites=columns.sites,
        site_row=_pieces(columns.site_row, days),
        day=_pieces(columns.day, days),
        edges=np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), _pieces(sizes, days)])),
        visitor=_pieces(columns.visitor, visits),
        dwell_s=_pieces(columns.dwell_s, visits),
        tally=_pieces(columns.tally, days),
        hours=_pieces(columns.hours, days),
        alone=_pieces(columns.alone, days),
        people=columns.people,
    )


def fitting(dwell_s: NDArray[np.int32]) -> Seconds:
    """Return the same seconds, none of them below -1, in the smallest type that they fit into."""
    return dwell_s.astype(np.int16) if dwell_s.max(initial=0) < 2**15 else dwell_s


def tallied(cell: NDArray[np.uint8], edges: Ints) -> NDArray[np.int32]:
    """Return how many visits each site-day has in each cell, int32 [d, 9, 24]."""
    days = edges.size - 1
    tally = np.zeros((days, CELLS), dtype=np.int32)
    for first in range(0, days, _DAYS_AT_ONCE):
        some = edges[first : first + _DAYS_AT_ONCE + 1]
        many = some.size - 1
        place = np.repeat(np.arange(0, many * CELLS, CELLS, dtype=np.uint16), np.diff(some))
        place += cell[some[0] : some[-1]]
        tally[first : first + many] = np.bincount(place, minlength=many * CELLS).reshape(many, CELLS)
    return tally.reshape(days, KINDS, 24)


def alone_numbers(one: SiteDay) -> tuple[float, ...]:
    """Return a row of `Columns.alone`."""
    inside = (-1.0, 0.0, 0.0, 0.0, 0.0)
    if one.inside is not None:
        inside = tuple(float(getattr(one.inside, name)) for name in INSIDE)
    told, known = (column[column > least] for column, least in ((one.visits.visitor, 0), (one.visits.dwell_s, -1)))
    dwell = (known.mean(), np.median(known)) if known.size else (0.0, 0.0)
    return (*inside, float(np.unique(told).size), float(known.size), *map(float, dwell))


def apart(columns: Columns) -> list[SiteDay]:
    """Return the site-days one by one, as they come."""
    rows: list[int] = columns.site_row.tolist()
    spans = [slice(*ends) for ends in pairwise(columns.edges.tolist())]
    visitor, cell, dwell_s = columns.visitor_of_chain, columns.cells, columns.dwell_s.astype(np.int32)
    return [
        SiteDay(
            columns.sites[rows[place]],
            day_of(day),
            Visits(visitor[span], cell[span], dwell_s[span]),
            columns.hours[place],
            _inside(columns.alone[place, : len(INSIDE)].tolist()),
        )
        for place, (day, span) in enumerate(zip(columns.day.tolist(), spans, strict=True))
    ]


def _pieces(column: NDArray[Any], pieces: Sequence[slice]) -> NDArray[Any]:
    if len(pieces) == 1:
        return column[pieces[0]]
    return np.concatenate([column[:0], *(column[one] for one in pieces)])


def _in_a_row(pieces: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the pieces one after another; as a view where they lie so in memory, as what was read together does."""
    whole = pieces[0].base
    if isinstance(whole, np.ndarray) and all(one.base is whole and one.dtype == whole.dtype for one in pieces):
        begins = [_address(one) for one in pieces]
        ends = [begin + one.nbytes for begin, one in zip(begins, pieces, strict=True)]
        if begins[1:] == ends[:-1] and whole.strides == pieces[0].strides:
            first = (begins[0] - _address(whole)) // whole.strides[0]
            return whole[first : first + sum(len(one) for one in pieces)]
    return np.concatenate(pieces)


def _address(column: NDArray[Any]) -> int:
    return int(column.__array_interface__["data"][0])


def _joined(columns: Sequence[NDArray[Any]], kind: np.dtype[Any]) -> NDArray[Any]:
    """Return the columns one after another; as bytes, which takes a fraction of numpy's own joining of many."""
    return np.frombuffer(b"".join([np.ascontiguousarray(one, dtype=kind).data for one in columns]), dtype=kind)


def _inside(numbers: Sequence[float]) -> Inside | None:
    peak, person_s, span_s, unseen_in, left_over = numbers
    return Inside(int(peak), person_s, span_s, int(unseen_in), int(left_over)) if peak >= 0 else None
