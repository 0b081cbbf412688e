"""Site-days laid side by side: the form in which rollups are read and reports count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.inside import Inside
from regulars.domain.reports.local_time import Ints, day_number, day_of
from regulars.domain.reports.numbering import Numbering, Numbers, numbered, one_numbering, renumbered
from regulars.domain.reports.site_days import GENDERS, HOURLY, STATUSES, SiteDay, Visits

KINDS = len(STATUSES) * len(GENDERS)
CELLS = KINDS * 24
Seconds: TypeAlias = NDArray[np.signedinteger[Any]]
_DAYS_AT_ONCE = 64
"""Of so many site-days what is in between stays in the processor's cache."""
INSIDE = ("peak", "person_s", "span_s", "unseen_in", "left_over")
"""The fields of `Inside`, in the order of their column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Visits as the columns [n] of `Visits`, site-day after site-day; of each site-day [d]: its site's row, its day.

    `dwell_s` is int16 where all fit into it: what is half as large is read and ordered in less time.
    A site's days lie beside one another in their order where they can: rows of a table are then few pieces of the
    columns, but nothing counts on it. `edges` [d + 1] says where each site-day's visits begin and end. `tally` int32
    [d, 9, 24] is how many of them have that kind and hour. `hours` is int32 [d, 6, 24], `insides` float64 [d, 5] of
    INSIDE, with peak -1 where occupancy is not known. `people` int32 [p]: visitors have numbers of their own here, and
    this is the chain's number of each; None: they have the chain's.
    """

    sites: Sequence[UUID]
    site_row: Ints
    day: Ints
    edges: Ints
    visitor: NDArray[np.int32]
    cell: NDArray[np.uint8]
    dwell_s: Seconds
    tally: NDArray[np.int32]
    hours: NDArray[np.int32]
    insides: NDArray[np.float64]
    people: Numbers | None

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
    cell = _joined([one.visits.cell for one in days], np.dtype(np.uint8))
    visitor, people = numbered(_joined([one.visits.visitor for one in days], np.dtype(np.int32)))
    return Columns(
        sites=sites,
        site_row=np.array([rows[one.site_id] for one in days], dtype=np.int64),
        day=np.array([day_number(one.day) for one in days], dtype=np.int64),
        edges=edges,
        visitor=visitor,
        cell=cell,
        dwell_s=fitting(_joined([one.visits.dwell_s for one in days], np.dtype(np.int32))),
        tally=tallied(cell, edges),
        hours=np.array([one.hours for one in days], dtype=np.int32).reshape(len(days), len(HOURLY), 24),
        insides=np.array([_numbers(one.inside) for one in days], dtype=np.float64).reshape(len(days), len(INSIDE)),
        people=people,
    )


def together(parts: Sequence[Columns], number: Callable[[Sequence[Numbers]], Numbering] = one_numbering) -> Columns:
    """Return all site-days of the parts, one part after another; `number` where one has numbers of its own."""
    if not parts:
        return side_by_side([])
    sites = sorted({site_id for one in parts for site_id in one.sites}, key=str)
    rows = {site_id: row for row, site_id in enumerate(sites)}
    if len(parts) == 1:
        return parts[0]
    own = [np.array([rows[site_id] for site_id in one.sites], dtype=np.int64)[one.site_row] for one in parts]
    sizes = [np.diff(one.edges) for one in parts]
    visitors, people = _numbered_alike(parts, number)
    return Columns(
        sites=sites,
        site_row=np.concatenate(own),
        day=np.concatenate([one.day for one in parts]),
        edges=np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *sizes])),
        visitor=np.concatenate(visitors),
        cell=np.concatenate([one.cell for one in parts]),
        dwell_s=np.concatenate([one.dwell_s for one in parts]),
        tally=np.concatenate([one.tally for one in parts]),
        hours=np.concatenate([one.hours for one in parts]),
        insides=np.concatenate([one.insides for one in parts]),
        people=people,
    )


def _numbered_alike(
    parts: Sequence[Columns], number: Callable[[Sequence[Numbers]], Numbering]
) -> tuple[list[Numbers], Numbers | None]:
    """Return the visitors of each part by numbers that are the same in all, and whose each is."""
    if all(one.people is None for one in parts):
        return [one.visitor for one in parts], None
    own = [(one.visitor, one.people) if one.people is not None else renumbered(one.visitor) for one in parts]
    alike = number([people for _, people in own])
    moved = zip(own, alike.places, strict=True)
    return [visitor if places is None else places[visitor] for (visitor, _), places in moved], alike.people


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
        cell=_pieces(columns.cell, visits),
        dwell_s=_pieces(columns.dwell_s, visits),
        tally=_pieces(columns.tally, days),
        hours=_pieces(columns.hours, days),
        insides=_pieces(columns.insides, days),
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


def apart(columns: Columns) -> list[SiteDay]:
    """Return the site-days one by one, as they come."""
    rows: list[int] = columns.site_row.tolist()
    spans = [slice(*ends) for ends in pairwise(columns.edges.tolist())]
    visitor, dwell_s = columns.visitor_of_chain, columns.dwell_s.astype(np.int32)
    return [
        SiteDay(
            columns.sites[rows[place]],
            day_of(day),
            Visits(visitor[span], columns.cell[span], dwell_s[span]),
            columns.hours[place],
            _inside(columns.insides[place].tolist()),
        )
        for place, (day, span) in enumerate(zip(columns.day.tolist(), spans, strict=True))
    ]


def _pieces(column: NDArray[Any], pieces: Sequence[slice]) -> NDArray[Any]:
    if len(pieces) == 1:
        return column[pieces[0]]
    return np.concatenate([column[:0], *(column[one] for one in pieces)])


def _joined(columns: Sequence[NDArray[Any]], kind: np.dtype[Any]) -> NDArray[Any]:
    """Return the columns one after another; as bytes, which takes a fraction of numpy's own joining of many."""
    return np.frombuffer(b"".join([np.ascontiguousarray(one, dtype=kind).data for one in columns]), dtype=kind)


def _numbers(inside: Inside | None) -> tuple[float, ...]:
    if inside is None:
        return (-1, 0, 0, 0, 0)
    return (inside.peak, inside.person_s, inside.span_s, inside.unseen_in, inside.left_over)


def _inside(numbers: Sequence[float]) -> Inside | None:
    peak, person_s, span_s, unseen_in, left_over = numbers
    return Inside(int(peak), person_s, span_s, int(unseen_in), int(left_over)) if peak >= 0 else None
