"""The figures of a report, one row per bucket: visits, visitors, movements, dwell, coverage."""

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
    visit_row = _visit_rows(counted, buckets)
    sums = _visit_sums(counted, visit_row, size)
    people = distinct(visit_row, counted.visits["visitor"], size)
    hours = _hour_sums(counted, buckets, size)
    dwell = _dwell(visit_row, counted.visits["dwell_s"], size)
    peaks = _occupancy(counted, buckets, size)
    return [
        _figures(sums[row], int(people[row]), dwell[row], hours[row], peaks[row], counted.of_gender)
        for row in range(size)
    ]


def figures_by_site(counted: Counted) -> list[Figures]:
    """Return the figures of each of `counted.sites`, in their order."""
    size = len(counted.sites)
    visit_row = counted.site_row[counted.visit_row]
    sums = _visit_sums(counted, visit_row, size)
    people = distinct(visit_row, counted.visits["visitor"], size)
    hours = np.zeros((size, counted.hours.shape[1]), dtype=np.int64)
    np.add.at(hours, counted.site_row, counted.hours.sum(axis=2))
    dwell = _dwell(visit_row, counted.visits["dwell_s"], size)
    peaks = _peaks(counted, counted.site_row, size)
    return [
        _figures(sums[row], int(people[row]), dwell[row], hours[row], peaks[row], counted.of_gender)
        for row in range(size)
    ]


def distinct(row: Ints, visitor: NDArray[Any], rows: int) -> Ints:
    """Return how many different people each row has; 0 is nobody. Exact: every (row, visitor) is looked at."""
    told = visitor > 0
    if not told.any():
        return np.zeros(rows, dtype=np.int64)
    width = int(visitor.max()) + 1
    if rows == 1:
        return np.array([np.count_nonzero(np.bincount(visitor[told], minlength=width))], dtype=np.int64)
    pairs = np.unique(row[told] * width + visitor[told])
    return np.bincount(pairs // width, minlength=rows).astype(np.int64)


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


def _dwell(row: Ints, dwell_s: NDArray[Any], size: int) -> list[tuple[int, float, float]]:
    """Return for each row of how many visits it is known, the mean and the median, in seconds."""
    known = dwell_s >= 0
    row, values = row[known], dwell_s[known].astype(np.int64)
    order = np.lexsort((values, row)) if size > 1 else np.argsort(values)
    row, values = row[order], values[order]
    edges = np.searchsorted(row, np.arange(size + 1))
    return [
        (last - first, float(values[first:last].mean()), float(np.median(values[first:last])))
        if last > first
        else (0, 0.0, 0.0)
        for first, last in pairwise(edges.tolist())
    ]


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
