"""The site-days of a report laid side by side, narrowed to an hour band and a gender: what figures count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.local_time import Ints, day_number
from regulars.domain.reports.site_days import GENDERS, HOURLY, STATUSES, SiteDay

_DAYS_AT_ONCE = 32
"""Of so many site-days what is in between stays in the processor's cache."""


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
    """Visits as the columns [n] of `Visits`, site-day after site-day; per site-day [d]: site's row, day.

    Site-days come by site, and of a site by day: rows of a table are then few pieces of the columns. `edges` [d + 1]
    says where each site-day's visits begin and end. `cells` int64 [d, 9, 24] counts visits by kind and clock hour.
    `hours` is int64 [d, 6, 24], without those outside the band. `insides` float64 [d, 3] is occupancy: peak (-1: not
    known), person seconds, the seconds that they are of; None for a band or a gender: occupancy is of whole days and
    all people. `of_gender`: only visits of one gender are in, and movements and tracks, which have none, are not.
    `width` is one more than the highest visitor's number.
    """

    visitor: NDArray[np.int32]
    cell: NDArray[np.uint8]
    dwell_s: NDArray[np.int32]
    edges: Ints
    cells: Ints
    site_row: Ints
    day: Ints
    hours: Ints
    insides: NDArray[np.float64] | None
    sites: Sequence[UUID]
    of_gender: bool
    width: int


def counted(days: Sequence[SiteDay], band: HourBand | None = None, gender: str | None = None) -> Counted:
    """Return what a report of these site-days counts: the visits that began in the band, of that gender."""
    of_site: dict[UUID, list[SiteDay]] = {}
    for one in sorted(days, key=lambda one: one.day):
        of_site.setdefault(one.site_id, []).append(one)
    sites = sorted(of_site, key=str)
    days = [one for site_id in sites for one in of_site[site_id]]
    visitor = _joined([one.visits.visitor for one in days], np.dtype(np.int32))
    cell = _joined([one.visits.cell for one in days], np.dtype(np.uint8))
    dwell_s = _joined([one.visits.dwell_s for one in days], np.dtype(np.int32))
    edges = np.cumsum([0, *(one.visits.size for one in days)])
    hours = np.array([one.hours for one in days], dtype=np.int64).reshape(len(days), len(HOURLY), 24)
    if band is not None:
        hours = hours * np.isin(np.arange(24), band.hours)
    if band is not None or gender is not None:
        # A table of all cells: looking up takes a fraction of reckoning with each visit's hour and gender.
        kept = _wanted_cells(band, gender)[cell]
        places, edges = np.flatnonzero(kept), np.concatenate([[0], np.cumsum(kept)])[edges]
        visitor, cell, dwell_s = visitor[places], cell[places], dwell_s[places]
    return Counted(
        visitor=visitor,
        cell=cell,
        dwell_s=dwell_s,
        edges=edges,
        cells=_cells(cell, edges),
        site_row=np.repeat(np.arange(len(sites)), [len(of_site[site_id]) for site_id in sites]),
        day=np.array([day_number(one.day) for one in days], dtype=np.int64),
        hours=hours,
        insides=_insides(days) if band is None and gender is None else None,
        sites=sites,
        of_gender=gender is not None,
        width=int(visitor.max(initial=0)) + 1,
    )


def _joined(columns: Sequence[NDArray[Any]], kind: np.dtype[Any]) -> NDArray[Any]:
    """Return the columns one after another; as bytes, which takes a fraction of numpy's own joining of many."""
    return np.frombuffer(b"".join([np.ascontiguousarray(one, dtype=kind).data for one in columns]), dtype=kind)


def _wanted_cells(band: HourBand | None, gender: str | None) -> NDArray[np.bool_]:
    """Return for each value of `Visits.cell` whether it is in the band and of the gender."""
    kinds = np.arange(len(STATUSES) * len(GENDERS))
    of_gender = kinds % len(GENDERS) == (GENDERS.index(gender) if gender else kinds % len(GENDERS))
    in_band = np.isin(np.arange(24), band.hours if band else np.arange(24))
    return (of_gender[:, None] & in_band).reshape(-1)


def _cells(cell: NDArray[np.uint8], edges: Ints) -> Ints:
    """Return the visits of each site-day by kind and clock hour, [d, 9, 24]."""
    kinds, days = len(STATUSES) * len(GENDERS), edges.size - 1
    found = np.zeros((days, kinds * 24), dtype=np.int64)
    for first in range(0, days, _DAYS_AT_ONCE):
        some = edges[first : first + _DAYS_AT_ONCE + 1]
        place = np.repeat(np.arange(some.size - 1) * kinds * 24, np.diff(some))
        place += cell[some[0] : some[-1]]
        found[first : first + some.size - 1] = np.bincount(place, minlength=(some.size - 1) * kinds * 24).reshape(
            -1, kinds * 24
        )
    return found.reshape(days, kinds, 24)


def _insides(days: Sequence[SiteDay]) -> NDArray[np.float64]:
    found = [(one.inside.peak, one.inside.person_s, one.inside.span_s) if one.inside else (-1, 0, 0) for one in days]
    return np.array(found, dtype=np.float64).reshape(len(days), 3)


def sums_of(values: Ints, row: Ints, size: int) -> Ints:
    """Return the sums [size, c] of values [d, c], when `row` [d] says to which one each belongs."""
    sums = np.zeros((size, values.shape[1]), dtype=np.int64)
    for column in range(values.shape[1]):
        # As float64, exact below 2**53.
        sums[:, column] = np.bincount(row, weights=values[:, column], minlength=size)
    return sums


def in_range(days: Sequence[SiteDay], first: date, last: date) -> list[SiteDay]:
    """Return those of the site-days from the first day to the last, both included."""
    return [one for one in days if first <= one.day <= last]
