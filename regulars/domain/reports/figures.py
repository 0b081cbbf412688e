"""The figures of a report, one row per bucket: visits, visitors, movements, dwell, coverage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regulars.domain.reports.buckets import Buckets
from regulars.domain.reports.columns import Columns
from regulars.domain.reports.counted import Counted, narrowed, sums_of
from regulars.domain.reports.different_people import Whole, of_day_rows, of_hours, of_site_days, of_sites
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


def figures_by(counted: Counted, buckets: Buckets, visitors: Sequence[int] | None = None) -> list[Figures]:
    """Return the figures of each bucket, in the order of its names; `visitors`: of each, if they are known already."""
    if buckets.row_of_day is None:
        hours = counted.hours.sum(axis=0, dtype=np.int64).T
        return _all_figures(counted, counted.of_cell.T, hours, of_hours(counted), [None] * 24)
    row, size = buckets.row_of_day[counted.day - buckets.first_day], len(buckets.names)
    return _rows(counted, row, of_day_rows(counted, row, size, visitors))


def figures_by_site(counted: Counted) -> tuple[list[Figures], Figures]:
    """Return the figures of each of `counted.sites`, in their order, and those of all of them together."""
    wholes, all_of_them = of_sites(counted)
    one_row = np.zeros(counted.day.size, dtype=np.int64)
    (total,) = _rows(counted, one_row, [all_of_them])
    return _rows(counted, counted.site_row, wholes), total


def figures_by_site_day(days: Columns) -> list[Figures]:
    """Return the figures of each site-day, in their order."""
    return _rows(narrowed(days), np.arange(days.day.size), of_site_days(days))


def _rows(counted: Counted, row: Ints, wholes: Sequence[Whole]) -> list[Figures]:
    sums, hours = (sums_of(one, row, len(wholes)) for one in (counted.of_kind, counted.hourly))
    return _all_figures(counted, sums, hours, wholes, _peaks(counted, row, len(wholes)))


def _all_figures(
    counted: Counted, sums: Ints, hours: Ints, wholes: Sequence[Whole], peaks: Sequence[tuple[int, float] | None]
) -> list[Figures]:
    by_kind = sums.reshape(len(wholes), len(STATUSES), len(GENDERS))
    parts = zip(by_kind.sum(axis=2).tolist(), by_kind.sum(axis=1).tolist(), wholes, hours.tolist(), peaks, strict=True)
    return [_figures(*one, of_gender=counted.of_gender) for one in parts]


def _peaks(counted: Counted, row: Ints, size: int) -> list[tuple[int, float] | None]:
    """Return for each row the highest peak of a site's day and the mean over the time between movements."""
    if counted.insides is None:
        return [None] * size
    peaks = np.full(size, -1.0)
    np.maximum.at(peaks, row, counted.insides[:, 0])
    by_day = np.lexsort((counted.site_row, counted.day))
    row, insides = row[by_day], counted.insides[by_day]
    person_s, span_s = (np.bincount(row, weights=insides[:, place], minlength=size) for place in (1, 2))
    return [
        (int(peak), persons / span if span else peak) if peak >= 0 else None
        for peak, persons, span in zip(peaks.tolist(), person_s.tolist(), span_s.tolist(), strict=True)
    ]


def _figures(
    of_status: Sequence[int],
    by_gender: Sequence[int],
    whole: Whole,
    hours: Sequence[int],
    peak: tuple[int, float] | None,
    *,
    of_gender: bool,
) -> Figures:
    new, returning, undetermined = of_status
    male, female, unknown = by_gender
    came_in, went_out, staff, rejected, seen_s, wanted_s = hours
    visitors, known = whole.visitors, whole.dwell_visits
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
        dwell_mean_s=whole.dwell_mean_s if known else None,
        dwell_median_s=whole.dwell_median_s if known else None,
        came_in=None if of_gender else came_in,
        went_out=None if of_gender else went_out,
        staff_tracks=None if of_gender else staff,
        rejected_tracks=None if of_gender else rejected,
        occupancy_peak=peak[0] if peak else None,
        occupancy_mean=peak[1] if peak else None,
        coverage=seen_s / wanted_s if wanted_s else None,
    )
