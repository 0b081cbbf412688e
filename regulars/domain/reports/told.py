"""What whoever may only see sums gets of a month: tables in which no figure tells of too few people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from regulars.domain.reports.buckets import Range, buckets_of
from regulars.domain.reports.counted import Counted, counted
from regulars.domain.reports.figures import Figures, figures_by
from regulars.domain.reports.hiding import Hidden, hide_rows, hide_total
from regulars.domain.reports.local_time import day_of
from regulars.domain.reports.site_days import HOURLY, SiteDay
from regulars.domain.reports.suppression import hide_in_line

HOUR_FIGURES = ("visits", "came_in", "went_out", "staff_tracks", "rejected_tracks")


@dataclass(frozen=True, slots=True)
class ToldFigures:
    """The figures of a day or, with its first day, of a month; of one site or (None) of the chain."""

    day: date
    site_id: UUID | None
    figures: Figures
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class ToldHour:
    """A clock hour of a site's day: HOUR_FIGURES, None where hidden, and for how long cameras saw and should have."""

    day: date
    site_id: UUID
    hour: int
    figures: tuple[int | None, ...]
    seen_s: int
    wanted_s: int


@dataclass(frozen=True, slots=True)
class ToldMonth:
    """One month of a chain."""

    months: list[ToldFigures]
    days: list[ToldFigures]
    hours: list[ToldHour]


def told_month(days: Sequence[SiteDay], k: int) -> ToldMonth:
    """Return what is told of these days of one month.

    Nothing hidden follows from these tables: sites add up to the chain, days to their site's month, hours to their day.
    """
    if not days:
        return ToldMonth([], [], [])
    span = Range(min(one.day for one in days), max(one.day for one in days))
    month = span.first.replace(day=1)
    total = buckets_of("total", span)
    (whole,) = figures_by(counted(days), total)
    of_site: dict[UUID, list[SiteDay]] = {}
    for one in sorted(days, key=lambda one: (str(one.site_id), one.day)):
        of_site.setdefault(one.site_id, []).append(one)
    chain = hide_total(whole, k)
    columns = {site_id: counted(own) for site_id, own in of_site.items()}
    sums = [figures_by(told, total)[0] for told in columns.values()]
    found = ToldMonth([ToldFigures(month, None, whole, chain)], [], [])
    for (site_id, told), own, hidden in zip(columns.items(), sums, hide_rows(sums, chain, k), strict=True):
        found.months.append(ToldFigures(month, site_id, own, hidden))
        by_day = _by_day(site_id, told, span, hidden, k)
        found.days.extend(by_day)
        for place, day in enumerate(by_day):
            found.hours.extend(_hours(site_id, told, place, day.day, day.hidden, k))
    return found


def _by_day(site_id: UUID, told: Counted, span: Range, month: Hidden, k: int) -> list[ToldFigures]:
    """Return the days that the site has had, in order."""
    days = [day_of(number) for number in told.day]
    buckets = buckets_of("day", span)
    rows = dict(zip(buckets.names, figures_by(told, buckets), strict=True))
    figures = [rows[day.isoformat()] for day in days]
    hidden = hide_rows(figures, month, k)
    return [ToldFigures(day, site_id, own, names) for day, own, names in zip(days, figures, hidden, strict=True)]


def _hours(site_id: UUID, told: Counted, place: int, day: date, hidden: Hidden, k: int) -> list[ToldHour]:
    sums = told.hours[place]
    values = [told.of_hour[place], *sums[:4]]
    masks = [
        np.full(24, name in hidden) | hide_in_line(column, k) for name, column in zip(HOUR_FIGURES, values, strict=True)
    ]
    seen_s, wanted_s = sums[HOURLY.index("seen_s")], sums[HOURLY.index("wanted_s")]
    return [
        ToldHour(
            day,
            site_id,
            hour,
            tuple(None if mask[hour] else int(column[hour]) for column, mask in zip(values, masks, strict=True)),
            int(seen_s[hour]),
            int(wanted_s[hour]),
        )
        for hour in range(24)
    ]
