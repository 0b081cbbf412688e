"""The figures of a report, one row per bucket: visits, visitors, movements, dwell, coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.buckets import Buckets
from regulars.domain.reports.counted import Counted
from regulars.domain.reports.local_time import Ints
from regulars.domain.reports.site_days import GENDERS, STATUSES


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one bucket, as `docs/reports.md` defines them; None where nothing can be said.

    `visitors` are distinct people of the bucket; `new_visitors` + `returning_visitors` = `visitors`. Movements and
    tracks are None where only one gender is counted. Occupancy is None for a band of hours or a gender, and by hour of
    day. `coverage` is the share, 0 to 1, of the hours that cameras should have seen.
    """

    visits: int
    new: int
    returning: int
    undetermined: int
    male: int
    female: int
    unknown: int
    visitors: int
    new_visitors: int
    returning_visitors: int
    visits_per_visitor: float | None
    dwell_visits: int
    dwell_mean_s: float | None
    dwell_median_s: float | None
    came_in: int | None
    went_out: int | None
    staff_tracks: int | None
    rejected_tracks: int | None
    occupancy_peak: int | None
    occupancy_mean: float | None
    coverage: float | None


def figures_by(counted: Counted, buckets: Buckets) -> list[Figures]:
    """Return the figures of each bucket, in the order of its names."""
    size = len(buckets.names)
    rows = _visit_rows(counted, buckets)
    return _all_figures(counted, rows, _hour_sums(counted, buckets, size), _occupancy(counted, buckets, size))


def figures_by_site(counted: Counted) -> list[Figures]:
    """Return the figures of each of `counted.sites`, in their order."""
    size = len(counted.sites)
    hours = np.zeros((size, counted.hours.shape[1]), dtype=np.int64)
    np.add.at(hours, counted.site_row, counted.hours.sum(axis=2))
    return _all_figures(counted, counted.site_row[counted.visit_row], hours, _peaks(counted, counted.site_row, size))


def _all_figures(counted: Counted, row: Ints, hours: Ints, peaks: Sequence[tuple[int, float] | None]) -> list[Figures]:
    size = len(peaks)
    sums = _visit_sums(counted, row, size)
    # Rows are few: a stable sort of small integers takes one pass, and each row is then looked at alone.
    order = np.argsort(row.astype(np.uint16 if size < 2**16 else np.int64), kind="stable")
    edges = np.searchsorted(row[order], np.arange(size + 1)).tolist()
    visitors, dwell_s = counted.visits["visitor"][order], counted.visits["dwell_s"][order]
    width = int(visitors.max(initial=0)) + 1
    found: list[Figures] = []
    for place, (first, last) in enumerate(pairwise(edges)):
        people = distinct(visitors[first:last], width)
        dwell = _dwell(dwell_s[first:last])
        found.append(_figures(sums[place], people, dwell, hours[place], peaks[place], counted.of_gender))
    return found


def distinct(visitors: NDArray[Any], width: int) -> int:
    """Return how many different people these are; 0 is nobody, all are below `width`. Exact: every one is looked at."""
    if visitors.size * 4 > width:
        return int(np.count_nonzero(np.bincount(visitors, minlength=1)[1:]))
    return int(np.count_nonzero(np.unique(visitors)))


def _visit_rows(counted: Counted, buckets: Buckets) -> Ints:
    if buckets.row_of_day is None:
        return counted.visits["hour"].astype(np.int64)
    return buckets.row_of_day[counted.visit_day - buckets.first_day]


def _visit_sums(counted: Counted, row: Ints, size: int) -> Ints:
    """Return visits by row, status and gender, [rows, 3, 3]."""
    kinds = len(STATUSES) * len(GENDERS)
    found = np.bincount(row * kinds + counted.visits["kind"], minlength=size * kinds)
    return found.reshape(size, len(STATUSES), len(GENDERS)).astype(np.int64)


def _hour_sums(counted: Counted, buckets: Buckets, size: int) -> Ints:
    """Return the hourly sums by row, [rows, 6]."""
    if buckets.row_of_day is None:
        return counted.hours.sum(axis=0).T
    sums = np.zeros((size, counted.hours.shape[1]), dtype=np.int64)
    np.add.at(sums, buckets.row_of_day[counted.day - buckets.first_day], counted.hours.sum(axis=2))
    return sums


def _dwell(dwell_s: NDArray[Any]) -> tuple[int, float, float]:
    """Return of how many visits it is known, the mean and the median, in seconds."""
    known = dwell_s[dwell_s >= 0]
    if not known.size:
        return 0, 0.0, 0.0
    return known.size, float(known.sum(dtype=np.int64) / known.size), float(np.median(known))


def _occupancy(counted: Counted, buckets: Buckets, size: int) -> list[tuple[int, float] | None]:
    if buckets.row_of_day is None:
        return [None] * size
    return _peaks(counted, buckets.row_of_day[counted.day - buckets.first_day], size)


def _peaks(counted: Counted, row: Ints, size: int) -> list[tuple[int, float] | None]:
    """Return for each row the highest peak of a site's day and the mean over the time between movements."""
    peaks, person_s, span_s = np.full(size, -1), np.zeros(size), np.zeros(size)
    for place, inside in zip(row, counted.insides or (), strict=False):
        if inside is not None:
            peaks[place] = max(peaks[place], inside.peak)
            person_s[place] += inside.person_s
            span_s[place] += inside.span_s
    return [
        (int(peaks[place]), float(person_s[place] / span_s[place]) if span_s[place] else float(peaks[place]))
        if peaks[place] >= 0
        else None
        for place in range(size)
    ]


def _figures(
    sums: Ints,
    visitors: int,
    dwell: tuple[int, float, float],
    hours: Ints,
    peak: tuple[int, float] | None,
    of_gender: bool,
) -> Figures:
    new, returning, undetermined = (int(one) for one in sums.sum(axis=1))
    male, female, unknown = (int(one) for one in sums.sum(axis=0))
    came_in, went_out, staff, rejected, seen_s, wanted_s = (int(one) for one in hours)
    known, mean_s, median_s = dwell
    return Figures(
        visits=new + returning + undetermined,
        new=new,
        returning=returning,
        undetermined=undetermined,
        male=male,
        female=female,
        unknown=unknown,
        visitors=visitors,
        new_visitors=new,
        returning_visitors=visitors - new,
        visits_per_visitor=(new + returning) / visitors if visitors else None,
        dwell_visits=known,
        dwell_mean_s=mean_s if known else None,
        dwell_median_s=median_s if known else None,
        came_in=None if of_gender else came_in,
        went_out=None if of_gender else went_out,
        staff_tracks=None if of_gender else staff,
        rejected_tracks=None if of_gender else rejected,
        occupancy_peak=peak[0] if peak else None,
        occupancy_mean=peak[1] if peak else None,
        coverage=seen_s / wanted_s if wanted_s else None,
    )
