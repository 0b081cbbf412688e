"""The figures of a report, one row per bucket: visits, visitors, movements, dwell, coverage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import isnan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.buckets import Buckets
from regulars.domain.reports.columns import INSIDE, Columns
from regulars.domain.reports.counted import Counted, narrowed, sums_of
from regulars.domain.reports.different_people import Whole, of_day_rows, of_hours, of_sites
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


NAMES = tuple(one.name for one in fields(Figures))
FRACTIONS = frozenset(("visits_per_visitor", "dwell_mean_s", "dwell_median_s", "occupancy_mean", "coverage"))
"""The figures that are no whole numbers."""
FigureColumns: TypeAlias = Mapping[str, NDArray[np.float64]]
"""The figures of many rows by their NAMES, all of one shape: nan where nothing can be said."""


def figures_by(counted: Counted, buckets: Buckets, visitors: Sequence[int] | None = None) -> list[Figures]:
    """Return the figures of each bucket, in the order of its names; `visitors`: of each, if they are known already."""
    if buckets.row_of_day is None:
        hours = counted.hours.sum(axis=0, dtype=np.int64).T
        return _as_rows(_all_figures(counted, counted.of_cell.T, hours, of_hours(counted), np.full((2, 24), np.nan)))
    row, size = buckets.row_of_day[counted.day - buckets.first_day], len(buckets.names)
    return _as_rows(_columns(counted, row, of_day_rows(counted, row, size, visitors)))


def figures_by_site(counted: Counted) -> tuple[list[Figures], Figures]:
    """Return the figures of each of `counted.sites`, in their order, and those of all of them together."""
    sites, together = columns_by_site(counted)
    return _as_rows(sites), _as_rows(together)[0]


def columns_by_site(counted: Counted) -> tuple[FigureColumns, FigureColumns]:
    """Return the same as columns, [sites] and [1]."""
    wholes, all_of_them = of_sites(counted)
    one_row = np.zeros(counted.day.size, dtype=np.int64)
    return _columns(counted, counted.site_row, wholes), _columns(counted, one_row, [all_of_them])


def columns_by_site_day(days: Columns) -> FigureColumns:
    """Return the figures of each site-day, [d], in their order."""
    return _columns(narrowed(days), np.arange(days.day.size), days.alone[:, len(INSIDE) :])


def as_columns(rows: Sequence[Figures]) -> FigureColumns:
    """Return figures as columns, [rows]."""
    return {name: np.array([getattr(row, name) for row in rows], dtype=np.float64) for name in NAMES}


def _as_rows(columns: FigureColumns) -> list[Figures]:
    lists = [
        [None if isnan(value) else value if name in FRACTIONS else int(value) for value in columns[name].tolist()]
        for name in NAMES
    ]
    return [Figures(*row) for row in zip(*lists, strict=True)]


def _columns(counted: Counted, row: Ints, wholes: Sequence[Whole] | NDArray[np.float64]) -> FigureColumns:
    sums, hours = (sums_of(one, row, len(wholes)) for one in (counted.of_kind, counted.hourly))
    return _all_figures(counted, sums, hours, wholes, _peaks(counted, row, len(wholes)))


def _peaks(counted: Counted, row: Ints, size: int) -> NDArray[np.float64]:
    """Return for each row the highest peak of a site's day and the mean over the time between movements, [2, size]."""
    if counted.insides is None:
        return np.full((2, size), np.nan)
    peaks = np.full(size, -1.0)
    np.maximum.at(peaks, row, counted.insides[:, 0])
    by_day = np.lexsort((counted.site_row, counted.day))
    row, insides = row[by_day], counted.insides[by_day]
    person_s, span_s = (np.bincount(row, weights=insides[:, place], minlength=size) for place in (1, 2))
    means = np.divide(person_s, span_s, out=peaks.copy(), where=span_s != 0)
    return np.where(peaks >= 0, np.stack([peaks, means]), np.nan)


def _all_figures(
    counted: Counted,
    sums: Ints,
    hours: Ints,
    wholes: Sequence[Whole] | NDArray[np.float64],
    peaks: NDArray[np.float64],
) -> FigureColumns:
    by_kind = sums.reshape(-1, len(STATUSES), len(GENDERS))
    (new, returning, undetermined), (male, female, unknown) = by_kind.sum(axis=2).T, by_kind.sum(axis=1).T
    visitors, known, mean_s, median_s = np.array(wholes, dtype=np.float64).reshape(-1, len(Whole._fields)).T
    movements = np.where(counted.of_gender, np.nan, hours[:, :4].T)
    columns = {
        "visits": new + returning + undetermined,
        "new": new,
        "returning": returning,
        "undetermined": undetermined,
        "male": male,
        "female": female,
        "unknown": unknown,
        "visitors": visitors,
        "new_visitors": new,
        "returning_visitors": visitors - new,
        "visits_per_visitor": _share(new + returning, visitors),
        "dwell_visits": known,
        "dwell_mean_s": np.where(known > 0, mean_s, np.nan),
        "dwell_median_s": np.where(known > 0, median_s, np.nan),
        **dict(zip(("came_in", "went_out", "staff_tracks", "rejected_tracks"), movements, strict=True)),
        "occupancy_peak": peaks[0],
        "occupancy_mean": peaks[1],
        "coverage": _share(hours[:, 4], hours[:, 5]),
    }
    return {name: column.astype(np.float64) for name, column in columns.items()}


def _share(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole != 0)
