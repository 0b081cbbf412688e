"""The site-days of a report narrowed to an hour band and a gender: what figures count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.columns import Columns, Seconds, side_by_side
from regulars.domain.reports.local_time import Ints
from regulars.domain.reports.site_days import GENDERS, KINDS, SiteDay


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
    """Visits as columns [n] and site-days [d], as in `Columns`, without those outside the band or of another gender.

    `of_kind` [d, 9], `of_hour` [d, 24] and `of_cell` [9, 24] count these visits, `new_of_hour` [d, 24] the new of them,
    int64. `hours` int32 [d, 6, 24] has nothing outside the band, `hourly` int64 [d, 6] are its sums. `insides` float64
    [d, 3] is occupancy: peak (-1: not known), person seconds, the seconds that they are of; None for a band or a
    gender: occupancy is of whole days and all people. `of_gender`: only visits of one gender are in, and movements and
    tracks, which have none, are not. `width` is one more than the highest visitor's number.
    """

    visitor: NDArray[np.int32]
    dwell_s: Seconds
    edges: Ints
    of_kind: Ints
    of_hour: Ints
    new_of_hour: Ints
    of_cell: Ints
    site_row: Ints
    day: Ints
    hours: NDArray[np.int32]
    hourly: Ints
    insides: NDArray[np.float64] | None
    sites: Sequence[UUID]
    of_gender: bool
    width: int


def counted(days: Sequence[SiteDay], band: HourBand | None = None, gender: str | None = None) -> Counted:
    """Return what a report of these site-days counts."""
    return narrowed(side_by_side(days), band, gender)


def narrowed(columns: Columns, band: HourBand | None = None, gender: str | None = None) -> Counted:
    """Return what a report of these site-days counts: the visits that began in the band, of that gender."""
    visitor, dwell_s, edges = columns.visitor, columns.dwell_s, columns.edges
    in_band = np.isin(np.arange(24), band.hours) if band else np.ones(24, dtype=bool)
    kinds = np.arange(KINDS) % len(GENDERS)
    wanted = ((kinds == GENDERS.index(gender)) if gender else (kinds >= 0))[:, None] & in_band
    tally, hours = columns.tally if wanted.all() else columns.tally * wanted, columns.hours
    if band is not None:
        hours = hours * in_band
    if gender is not None:
        places = np.flatnonzero(columns.by_cell(wanted))
        visitor, dwell_s = visitor[places], dwell_s[places]
    elif band is not None:
        of_hour = _summed("dkh->dh", columns.tally)
        places = _runs(_begins(edges, of_hour)[:, in_band].reshape(-1), of_hour[:, in_band].reshape(-1))
        visitor, dwell_s = visitor[places], dwell_s[places]
    of_kind = _summed("dkh->dk", tally)
    return Counted(
        visitor=visitor,
        dwell_s=dwell_s,
        edges=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(of_kind.sum(axis=1))]),
        of_kind=of_kind,
        of_hour=_summed("dkh->dh", tally),
        new_of_hour=_summed("dkh->dh", tally[:, : len(GENDERS)]),
        of_cell=_summed("dkh->kh", tally),
        site_row=columns.site_row,
        day=columns.day,
        hours=hours,
        hourly=_summed("dch->dc", hours),
        insides=columns.alone[:, :3] if band is None and gender is None else None,
        sites=columns.sites,
        of_gender=gender is not None,
        width=int(visitor.max(initial=0)) + 1,
    )


def _summed(axes: str, numbers: NDArray[np.int32]) -> Ints:
    """Return sums over the axes that are left out, none of them 2**31 or more: a quarter of the time of `sum`."""
    return np.einsum(axes, numbers).astype(np.int64)


def places_of_new(counted: Counted) -> Ints:
    """Return the places of new visits: "new" is the first of STATUSES, so they are the first of each hour."""
    return _runs(_begins(counted.edges, counted.of_hour).reshape(-1), counted.new_of_hour.reshape(-1))


def places_by_hour(edges: Ints, of_hour: Ints) -> Iterator[Ints]:
    """Yield for each of the 24 clock hours the places of its visits; `of_hour` [d, 24] says how many it has.

    The visits of a site-day lie by clock hour, so those of an hour are a run: none of them has to be looked at.
    """
    begins = _begins(edges, of_hour)
    return (_runs(begins[:, hour], of_hour[:, hour]) for hour in range(24))


def _begins(edges: Ints, of_hour: Ints) -> Ints:
    return edges[:-1, None] + np.cumsum(of_hour, axis=1) - of_hour


def _runs(begins: Ints, lengths: Ints) -> Ints:
    """Return the places of runs, one after another: each begins somewhere and has a length."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if ends.size else 0) + np.repeat(begins - (ends - lengths), lengths)


def sums_of(values: NDArray[np.integer[Any]], row: Ints, size: int) -> Ints:
    """Return the sums [size, c] of values [d, c], when `row` [d] says to which one each belongs."""
    sums = np.zeros((size, values.shape[1]), dtype=np.int64)
    for column in range(values.shape[1]):
        # As float64, exact below 2**53.
        sums[:, column] = np.bincount(row, weights=values[:, column], minlength=size)
    return sums
