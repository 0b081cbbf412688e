"""The site-days of a report laid side by side, narrowed to an hour band and a gender: what figures count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.inside import Inside
from regulars.domain.reports.local_time import Ints, day_number
from regulars.domain.reports.site_days import GENDERS, HOURLY, VISIT, SiteDay


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
    """Visits [n] of VISIT with their site-day's row; per site-day [d]: its site's row, its day's number, its hours.

    `hours` is int64 [d, 6, 24], without those outside the band. `insides` is None for a band: occupancy is of whole
    days. `of_gender`: only visits of one gender are in, and movements and tracks, which have none, are not.
    """

    visits: NDArray[Any]
    visit_row: Ints
    site_row: Ints
    day: Ints
    hours: Ints
    insides: Sequence[Inside | None] | None
    sites: Sequence[UUID]
    of_gender: bool

    @property
    def visit_day(self) -> Ints:
        """The day's number of each visit."""
        return self.day[self.visit_row]

    @property
    def status(self) -> Ints:
        """The row in STATUSES of each visit."""
        return self.visits["kind"].astype(np.int64) // len(GENDERS)

    @property
    def gender(self) -> Ints:
        """The row in GENDERS of each visit."""
        return self.visits["kind"].astype(np.int64) % len(GENDERS)


def counted(days: Sequence[SiteDay], band: HourBand | None = None, gender: str | None = None) -> Counted:
    """Return what a report of these site-days counts: the visits that began in the band, of that gender."""
    sites = sorted({one.site_id for one in days}, key=str)
    rows = {site_id: row for row, site_id in enumerate(sites)}
    visits = np.concatenate([np.zeros(0, dtype=VISIT), *(one.visits for one in days)])
    visit_row = np.repeat(np.arange(len(days)), [one.visits.size for one in days])
    hours = np.array([one.hours for one in days], dtype=np.int64).reshape(len(days), len(HOURLY), 24)
    kept = np.ones(visits.size, dtype=bool)
    if band is not None:
        inside_band = np.isin(np.arange(24), band.hours)
        kept &= inside_band[visits["hour"]]
        hours = hours * inside_band
    if gender is not None:
        kept &= visits["kind"] % len(GENDERS) == GENDERS.index(gender)
    whole = bool(kept.all())
    return Counted(
        visits if whole else visits[kept],
        visit_row if whole else visit_row[kept],
        np.array([rows[one.site_id] for one in days], dtype=np.int64),
        np.array([day_number(one.day) for one in days], dtype=np.int64),
        hours,
        [one.inside for one in days] if band is None and gender is None else None,
        sites,
        gender is not None,
    )


def in_range(days: Sequence[SiteDay], first: date, last: date) -> list[SiteDay]:
    """Return those of the site-days from the first day to the last, both included."""
    return [one for one in days if first <= one.day <= last]
