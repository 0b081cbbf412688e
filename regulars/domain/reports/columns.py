"""Site-days laid side by side: the form in which rollups are read and reports count."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.inside import Inside
from regulars.domain.reports.local_time import Ints, day_number, day_of
from regulars.domain.reports.site_days import HOURLY, SiteDay, Visits

INSIDE = ("peak", "person_s", "span_s", "unseen_in", "left_over")
"""The fields of `Inside`, in the order of their column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Visits as the columns [n] of `Visits`, site-day after site-day; of each site-day [d]: its site's row, its day.

    A site's days lie beside one another in their order where they can: rows of a table are then few pieces of the
    columns, but nothing counts on it. `edges` [d + 1] says where each site-day's visits begin and end. `hours` is
    int32 [d, 6, 24], `insides` float64 [d, 5] of INSIDE, with peak -1 where occupancy is not known.
    """

    sites: Sequence[UUID]
    site_row: Ints
    day: Ints
    edges: Ints
    visitor: NDArray[np.int32]
    cell: NDArray[np.uint8]
    dwell_s: NDArray[np.int32]
    hours: NDArray[np.int32]
    insides: NDArray[np.float64]


def side_by_side(days: Sequence[SiteDay]) -> Columns:
    """Return the site-days by site and day."""
    sites = sorted({one.site_id for one in days}, key=str)
    rows = {site_id: row for row, site_id in enumerate(sites)}
    days = sorted(days, key=lambda one: (rows[one.site_id], one.day))
    return Columns(
        sites=sites,
        site_row=np.array([rows[one.site_id] for one in days], dtype=np.int64),
        day=np.array([day_number(one.day) for one in days], dtype=np.int64),
        edges=np.cumsum([0, *(one.visits.size for one in days)]),
        visitor=_joined([one.visits.visitor for one in days], np.dtype(np.int32)),
        cell=_joined([one.visits.cell for one in days], np.dtype(np.uint8)),
        dwell_s=_joined([one.visits.dwell_s for one in days], np.dtype(np.int32)),
        hours=np.array([one.hours for one in days], dtype=np.int32).reshape(len(days), len(HOURLY), 24),
        insides=np.array([_numbers(one.inside) for one in days], dtype=np.float64).reshape(len(days), len(INSIDE)),
    )


def together(parts: Sequence[Columns]) -> Columns:
    """Return all site-days of the parts, one part after another."""
    sites = sorted({site_id for one in parts for site_id in one.sites}, key=str)
    rows = {site_id: row for row, site_id in enumerate(sites)}
    if len(parts) == 1:
        return parts[0]
    own = [np.array([rows[site_id] for site_id in one.sites], dtype=np.int64)[one.site_row] for one in parts]
    sizes = [np.diff(one.edges) for one in parts]
    return Columns(
        sites=sites,
        site_row=np.concatenate(own),
        day=np.concatenate([one.day for one in parts]),
        edges=np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *sizes])),
        visitor=np.concatenate([one.visitor for one in parts]),
        cell=np.concatenate([one.cell for one in parts]),
        dwell_s=np.concatenate([one.dwell_s for one in parts]),
        hours=np.concatenate([one.hours for one in parts]),
        insides=np.concatenate([one.insides for one in parts]),
    )


def apart(columns: Columns) -> list[SiteDay]:
    """Return the site-days one by one, as they come."""
    rows: list[int] = columns.site_row.tolist()
    spans = [slice(*ends) for ends in pairwise(columns.edges.tolist())]
    return [
        SiteDay(
            columns.sites[rows[place]],
            day_of(day),
            Visits(columns.visitor[span], columns.cell[span], columns.dwell_s[span]),
            columns.hours[place],
            _inside(columns.insides[place].tolist()),
        )
        for place, (day, span) in enumerate(zip(columns.day.tolist(), spans, strict=True))
    ]


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
