"""What whoever may only see sums gets of a month: tables in which no figure tells of too few people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.buckets import Buckets, Range, buckets_of
from regulars.domain.reports.counted import Counted, counted
from regulars.domain.reports.figures import Figures, figures_by
from regulars.domain.reports.hiding import Hidden, hide_rows, hide_total
from regulars.domain.reports.local_time import day_of
from regulars.domain.reports.site_days import HOURLY, SiteDay
from regulars.domain.reports.suppression import hide_in_line, too_few

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


def told_month(days: Sequence[SiteDay], k: int) -> ToldMonth:
    """Return what is told of these days of one month.

    Nothing hidden follows from these tables: sites add up to the chain, days to their site's month, hours to their day.
    """
    if not days:
        return ToldMonth([], [], _hours_of([], [], k))
    span = Range(min(one.day for one in days), max(one.day for one in days))
    month = span.first.replace(day=1)
    total, by_day = buckets_of("total", span), buckets_of("day", span)
    (whole,) = figures_by(counted(days), total)
    of_site: dict[UUID, list[SiteDay]] = {}
    for one in sorted(days, key=lambda one: (str(one.site_id), one.day)):
        of_site.setdefault(one.site_id, []).append(one)
    chain = hide_total(whole, k)
    columns = {site_id: counted(own) for site_id, own in of_site.items()}
    sums = [figures_by(told, total)[0] for told in columns.values()]
    months, told_days = [ToldFigures(month, None, whole, chain)], list[ToldFigures]()
    for (site_id, told), own, hidden in zip(columns.items(), sums, hide_rows(sums, chain, k), strict=True):
        months.append(ToldFigures(month, site_id, own, hidden))
        told_days += _by_day(site_id, told, by_day, hidden, k)
    return ToldMonth(months, told_days, _hours_of(list(columns.values()), told_days, k))


def _by_day(site_id: UUID, told: Counted, buckets: Buckets, month: Hidden, k: int) -> list[ToldFigures]:
    """Return the days that the site has had, in order."""
    days = [day_of(number) for number in told.day]
    rows = dict(zip(buckets.names, figures_by(told, buckets), strict=True))
    figures = [rows[day.isoformat()] for day in days]
    hidden = hide_rows(figures, month, k)
    return [ToldFigures(day, site_id, own, names) for day, own, names in zip(days, figures, hidden, strict=True)]


def _hours_of(sites: Sequence[Counted], days: Sequence[ToldFigures], k: int) -> ToldHours:
    """Return the hours of all site-days: site after site, as `days` are."""
    none = np.zeros((0, len(HOURLY), 24), dtype=np.int32)
    of_hour = np.concatenate([none[:, 0], *(told.of_hour for told in sites)]).astype(np.int64)
    sums = np.concatenate([none, *(told.hours for told in sites)])
    figures = np.concatenate([of_hour[:, None], sums[:, :4].astype(np.int64)], axis=1)
    hidden = np.array([[name in day.hidden for name in HOUR_FIGURES] for day in days], dtype=bool)
    mask = np.repeat(hidden.reshape(len(days), len(HOUR_FIGURES), 1), 24, axis=2)
    # Where no hour is of few people nothing else has to be hidden.
    for line in np.argwhere(too_few(figures, k).any(axis=2)):
        mask[*line] |= hide_in_line(figures[*line], k)
    return ToldHours(figures, mask, sums[:, HOURLY.index("seen_s")], sums[:, HOURLY.index("wanted_s")])
