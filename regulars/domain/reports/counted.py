"""The site-days of a report laid side by side, narrowed to an hour band and a gender: what figures count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.inside import Inside
from regulars.domain.reports.local_time import Ints, day_number
from regulars.domain.reports.site_days import GENDERS, HOURLY, STATUSES, VISIT, SiteDay


@dataclass(frozen=True, slots=True)
class HourBand:
    """Clock hours from `first` to before `end`, 0 to 24; an end at or before `first` runs over midnight."""

    first: int
    end: int

    @property
    def hours(self) -> list[int]:
        """The hours of the band, each 0 to 23."""
        length = (self.end - self.first) % 24 or 24
        return [(self.first + number) % 24 for number in range(length)]


@dataclass(frozen=True, slots=True)
class Counted:
    """Visits as columns [n] of VISIT's fields, site-day after site-day; per site-day [d], by day: site's row, day.

    `edges` [d + 1] says where each site-day's visits begin and end. `dwell_s` int32 [m] is of the visits at the places
    `dwelt` [m], those of which it is known. `cells` int64 [d, 9, 24] counts visits by kind and clock hour. `hours` is
    int64 [d, 6, 24], without those outside the band. `insides` is None for a band: occupancy is of whole days.
    `of_gender`: only visits of one gender are in, and movements and tracks, which have none, are not.
    """

    visitor: NDArray[np.int32]
    hour: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    dwelt: Ints
    dwell_s: NDArray[np.int32]
    edges: Ints
    cells: Ints
    site_row: Ints
    day: Ints
    hours: Ints
    insides: Sequence[Inside | None] | None
    sites: Sequence[UUID]
    of_gender: bool

    @property
    def width(self) -> int:
        """One more than the highest visitor's number."""
        return int(self.visitor.max(initial=0)) + 1

    def of_visits(self, values: Ints) -> NDArray[np.int32]:
        """Return for each visit what is told of its site-day, [n] of [d]."""
        return np.repeat(values.astype(np.int32), np.diff(self.edges))


def counted(days: Sequence[SiteDay], band: HourBand | None = None, gender: str | None = None) -> Counted:
    """Return what a report of these site-days counts: the visits that began in the band, of that gender."""
    days = sorted(days, key=lambda one: one.day)
    sites = sorted({one.site_id for one in days}, key=str)
    rows = {site_id: row for row, site_id in enumerate(sites)}
    columns = {name: _joined(days, name) for name in VISIT.names or ()}
    edges = np.cumsum([0, *(one.visits.size for one in days)])
    sums = [np.zeros((0, 24), dtype=np.int32), *(one.hours for one in days)]
    hours = np.concatenate(sums).reshape(len(days), len(HOURLY), 24).astype(np.int64)
    insides = [one.inside for one in days] if band is None and gender is None else None
    if band is not None:
        hours = hours * np.isin(np.arange(24), band.hours)
    if band is not None or gender is not None:
        kept = _kept(columns, band, gender)
        columns = {name: column[kept] for name, column in columns.items()}
        edges = np.concatenate([[0], np.cumsum(kept)])[edges]
    hour, kind, dwell_s = columns["hour"], columns["kind"], columns["dwell_s"]
    dwelt = np.flatnonzero(dwell_s >= 0)
    return Counted(
        visitor=columns["visitor"],
        hour=hour,
        kind=kind,
        dwelt=dwelt,
        dwell_s=dwell_s[dwelt],
        edges=edges,
        cells=_cells(kind, hour, edges),
        site_row=np.array([rows[one.site_id] for one in days], dtype=np.int64),
        day=np.array([day_number(one.day) for one in days], dtype=np.int64),
        hours=hours,
        insides=insides,
        sites=sites,
        of_gender=gender is not None,
    )


def _joined(days: Sequence[SiteDay], name: str) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=VISIT[name]), *(one.visits[name] for one in days)])


def _kept(columns: Mapping[str, NDArray[Any]], band: HourBand | None, gender: str | None) -> NDArray[np.bool_]:
    kept = np.ones(columns["hour"].size, dtype=bool)
    if band is not None:
        kept &= np.isin(np.arange(24), band.hours)[columns["hour"]]
    if gender is not None:
        kept &= columns["kind"] % len(GENDERS) == GENDERS.index(gender)
    return kept


def _cells(kind: NDArray[np.uint8], hour: NDArray[np.uint8], edges: Ints) -> Ints:
    """Return the visits of each site-day by kind and clock hour, [d, 9, 24]."""
    kinds = len(STATUSES) * len(GENDERS)
    cell = kind * np.uint8(24) + hour  # at most 8 * 24 + 23: it fits
    found = np.zeros((edges.size - 1, kinds * 24), dtype=np.int64)
    for place, (first, last) in enumerate(pairwise(edges.tolist())):
        found[place] = np.bincount(cell[first:last], minlength=kinds * 24)
    return found.reshape(-1, kinds, 24)


def in_range(days: Sequence[SiteDay], first: date, last: date) -> list[SiteDay]:
    """Return those of the site-days from the first day to the last, both included."""
    return [one for one in days if first <= one.day <= last]
