"""What whoever may only see sums gets of a month: tables in which no figure tells of too few people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.columns import Columns
from regulars.domain.reports.counted import Counted, narrowed
from regulars.domain.reports.figures import FigureColumns, as_columns, columns_by_site, columns_by_site_day
from regulars.domain.reports.hiding import ALL, HiddenColumns, hide_tables, hide_totals
from regulars.domain.reports.local_time import Ints, day_number, day_of
from regulars.domain.reports.site_days import HOURLY
from regulars.domain.reports.suppression import Mask, hide_in_lines, too_few

HOUR_FIGURES = ("visits", "came_in", "went_out", "staff_tracks", "rejected_tracks")


@dataclass(frozen=True, slots=True)
class ToldFigures:
    """The figures of sites' days, or of a month by its first day, as columns [n]; which of them are `hidden`.

    `day` is in days since 1970. `site_row` is the site's place among those of the month; -1: all sites together.
    """

    day: Ints
    site_row: Ints
    figures: FigureColumns
    hidden: HiddenColumns


_NO_DAYS = np.zeros(0, dtype=np.int64)
_NOTHING = ToldFigures(_NO_DAYS, _NO_DAYS, as_columns([]), dict.fromkeys(ALL, np.zeros(0, dtype=bool)))


@dataclass(frozen=True, slots=True)
class ToldHours:
    """The clock hours of site-days [d], as columns.

    `figures` int64 [d, 5, 24] of HOUR_FIGURES, of which `hidden` bool [d, 5, 24] are not told; `seen_s` and `wanted_s`
    int32 [d, 24]: for how long cameras saw and should have.
    """

    figures: NDArray[np.int64]
    hidden: Mask
    seen_s: NDArray[np.int32]
    wanted_s: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ToldMonth:
    """One month of a chain: `months` by site with the chain last, `days` by day and site, `hours` of these `days`."""

    sites: Sequence[UUID]
    months: ToldFigures
    days: ToldFigures
    hours: ToldHours


def told_month(days: Columns, k: int) -> ToldMonth:
    """Return what is told of these days of one month.

    Nothing hidden follows from these tables: sites add up to the chain, days to their site's month, hours to their day.
    """
    told = narrowed(days)
    order = np.lexsort((told.site_row, told.day))
    if not order.size:
        return ToldMonth([], _NOTHING, _NOTHING, _hours_of(told, order, _NOTHING.hidden, k))
    sites, chain = columns_by_site(told)
    chain_hidden = hide_totals(chain, k)
    hidden = hide_tables({name: column[None] for name, column in sites.items()}, chain_hidden, k)
    months = ToldFigures(
        np.full(len(told.sites) + 1, day_number(day_of(int(told.day[0])).replace(day=1))),
        np.array([*range(len(told.sites)), -1]),
        {name: np.concatenate([column, chain[name]]) for name, column in sites.items()},
        {name: np.concatenate([mask[0], chain_hidden[name]]) for name, mask in hidden.items()},
    )
    by_day = {name: column[order] for name, column in columns_by_site_day(days).items()}
    days_hidden = {name: np.zeros(order.size, dtype=bool) for name in ALL}
    for rows, places in _tables(told.site_row[order]):
        tables = {name: column[places] for name, column in by_day.items()}
        for name, mask in hide_tables(tables, {name: mask[0, rows] for name, mask in hidden.items()}, k).items():
            days_hidden[name][places] = mask
    told_days = ToldFigures(told.day[order], told.site_row[order], by_day, days_hidden)
    return ToldMonth(told.sites, months, told_days, _hours_of(told, order, days_hidden, k))


def _tables(site_row: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the sites that have as many days: which ones, [sites], and the places of their days, [sites, days]."""
    by_site, sizes = np.argsort(site_row, kind="stable"), np.bincount(site_row)
    begins = np.cumsum(sizes) - sizes
    for size in np.unique(sizes[sizes > 0]):
        rows = np.flatnonzero(sizes == size)
        yield rows, by_site[begins[rows, None] + np.arange(size)]


def _hours_of(told: Counted, order: Ints, days_hidden: HiddenColumns, k: int) -> ToldHours:
    """Return the hours of all site-days; `order` says in which places the days lie."""
    sums = told.hours[order]
    figures = np.concatenate([told.of_hour[order][:, None], sums[:, :4].astype(np.int64)], axis=1)
    mask = np.repeat(np.stack([days_hidden[name] for name in HOUR_FIGURES], axis=-1)[:, :, None], 24, axis=2)
    # Where no hour is of few people nothing else has to be hidden.
    lines = too_few(figures, k).any(axis=2)
    mask[lines] |= hide_in_lines(figures[lines], k)
    return ToldHours(figures, mask, sums[:, HOURLY.index("seen_s")], sums[:, HOURLY.index("wanted_s")])
