"""What whoever may only see sums gets of a month: tables in which no figure tells of too few people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.columns import Columns
from regulars.domain.reports.counted import Counted, narrowed
from regulars.domain.reports.figures import Figures, figures_by_site, figures_by_site_day
from regulars.domain.reports.hiding import Hidden, hide_rows, hide_total
from regulars.domain.reports.local_time import Ints, day_of
from regulars.domain.reports.site_days import HOURLY
from regulars.domain.reports.suppression import hide_in_lines, too_few

HOUR_FIGURES = ("visits", "came_in", "went_out", "staff_tracks", "rejected_tracks")


@dataclass(frozen=True, slots=True)
class ToldFigures:
    """The figures of a day or, with its first day, of a month; of one site or (None) of the chain."""

    day: date
    site_id: UUID | None
    figures: Figures
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class ToldHours:
    """The clock hours of site-days [d], as columns.

    `figures` int64 [d, 5, 24] of HOUR_FIGURES, of which `hidden` bool [d, 5, 24] are not told; `seen_s` and `wanted_s`
    int32 [d, 24]: for how long cameras saw and should have.
    """

    figures: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    seen_s: NDArray[np.int32]
    wanted_s: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ToldMonth:
    """One month of a chain; `hours` are those of `days`, in their order."""

    months: list[ToldFigures]
    days: list[ToldFigures]
    hours: ToldHours


def told_month(days: Columns, k: int) -> ToldMonth:
    """Return what is told of these days of one month.

    Nothing hidden follows from these tables: sites add up to the chain, days to their site's month, hours to their day.
    """
    told = narrowed(days)
    order = np.lexsort((told.day, told.site_row))
    if not order.size:
        return ToldMonth([], [], _hours_of(told, order, [], k))
    month = day_of(int(told.day.min())).replace(day=1)
    sums, whole = figures_by_site(told)
    by_day, chain = figures_by_site_day(days), hide_total(whole, k)
    months, told_days = [ToldFigures(month, None, whole, chain)], list[ToldFigures]()
    places: list[Ints] = np.split(order, np.searchsorted(told.site_row[order], np.arange(1, len(told.sites))))
    for row, hidden in enumerate(hide_rows(sums, chain, k)):
        site_id, of_site = told.sites[row], places[row]
        months.append(ToldFigures(month, site_id, sums[row], hidden))
        figures = [by_day[int(place)] for place in of_site]
        for day, own, names in zip(told.day[of_site], figures, hide_rows(figures, hidden, k), strict=True):
            told_days.append(ToldFigures(day_of(day), site_id, own, names))
    return ToldMonth(months, told_days, _hours_of(told, order, told_days, k))


def _hours_of(told: Counted, order: Ints, days: Sequence[ToldFigures], k: int) -> ToldHours:
    """Return the hours of all site-days; `order` says in which places the `days` lie."""
    sums = told.hours[order]
    figures = np.concatenate([told.of_hour[order][:, None], sums[:, :4].astype(np.int64)], axis=1)
    hidden = np.array([[name in day.hidden for name in HOUR_FIGURES] for day in days], dtype=bool)
    mask = np.repeat(hidden.reshape(len(days), len(HOUR_FIGURES), 1), 24, axis=2)
    # Where no hour is of few people nothing else has to be hidden.
    lines = too_few(figures, k).any(axis=2)
    mask[lines] |= hide_in_lines(figures[lines], k)
    return ToldHours(figures, mask, sums[:, HOURLY.index("seen_s")], sums[:, HOURLY.index("wanted_s")])
