"""One report: everything that a page of figures shows for a filter, counted at once, with what is hidden of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.buckets import Bucket, Range, buckets_of, weekday_of
from regulars.domain.reports.columns import Columns
from regulars.domain.reports.counted import Counted, HourBand, narrowed
from regulars.domain.reports.figures import Figures, figures_by, figures_by_site
from regulars.domain.reports.hiding import Hidden, hide_heat_map, hide_parts_of_visitors, hide_rows, hide_total
from regulars.domain.reports.local_time import Ints
from regulars.domain.reports.people import Cohort, Recency, cohorts, heat_map, people_by_month, recency
from regulars.domain.reports.suppression import too_few


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is of. `k`: figures of fewer people are hidden; None: none is."""

    span: Range
    bucket: Bucket
    band: HourBand | None = None
    gender: str | None = None
    k: int | None = None

    @property
    def last_year(self) -> Range | None:
        """The range a year before; None where it overlaps what is shown anyway: the difference would tell of few."""
        ago = self.span.last_year()
        shown = [self.span] if self.k is None or ago == self.span.before() else [self.span, self.span.before()]
        return None if any(ago.last >= one.first and one.last >= ago.first for one in shown) else ago


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one bucket or site; those named in `hidden` must not be shown."""

    name: str
    figures: Figures
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class Period:
    """A range with its total and its buckets."""

    span: Range
    total: Row
    series: list[Row]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Visits by day of week (Monday first) and clock hour, [7, 24], which are hidden, and the coverage (nan: none)."""

    visits: Ints
    hidden: NDArray[np.bool_]
    coverage: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Report:
    """The answer. `few` says of each cohort which of size and months must not be shown, [1 + months]."""

    now: Period
    before: Period
    last_year: Period | None
    sites: list[tuple[UUID, Row]]
    heat: HeatMap
    cohorts: list[Cohort]
    few: list[list[bool]]
    recency: list[Recency]
    recency_hidden: list[bool]


def make_report(asked: Asked, columns_of: Callable[[Range], Columns]) -> Report:
    """Return the report; `columns_of` reads the site-days of a range."""
    told = _counted(asked, columns_of(asked.span))
    rows, total = figures_by_site(told)
    by_month = people_by_month(told)
    now = _period(asked, asked.span, told, total, by_month.visitors(asked.span) if asked.bucket == "month" else None)
    hidden = hide_rows(rows, now.total.hidden, asked.k) if asked.k else _nothing(rows)
    begun, last = cohorts(told, by_month), recency(told, asked.span.last, total.visitors)
    parts = np.array([one.visitors for one in last], dtype=np.int64)
    ago = asked.last_year
    return Report(
        now,
        _other(asked, asked.span.before(), columns_of),
        _other(asked, ago, columns_of) if ago else None,
        [
            (site_id, Row(str(site_id), row, names))
            for site_id, row, names in zip(told.sites, rows, hidden, strict=True)
        ],
        _heat(asked, told, now.total.hidden),
        begun,
        [_few(one, asked.k) for one in begun],
        last,
        (hide_parts_of_visitors(parts, now.total.hidden, asked.k) if asked.k else parts < 0).tolist(),
    )


def _counted(asked: Asked, columns: Columns) -> Counted:
    return narrowed(columns, asked.band, asked.gender)


def _other(asked: Asked, span: Range, columns_of: Callable[[Range], Columns]) -> Period:
    told = _counted(asked, columns_of(span))
    (total,) = figures_by(told, buckets_of("total", span))
    return _period(asked, span, told, total)


def _period(asked: Asked, span: Range, told: Counted, whole: Figures, visitors: Sequence[int] | None = None) -> Period:
    buckets = buckets_of(asked.bucket, span)
    rows = figures_by(told, buckets, visitors)
    if asked.k is None:
        total, hidden = Hidden(), _nothing(rows)
    else:
        total = hide_total(whole, asked.k)
        # The heat map beside it tells the sums by day of week.
        groups = weekday_of(np.arange(span.days) + buckets.first_day) if asked.bucket == "day" else None
        hidden = hide_rows(rows, total, asked.k, groups)
    named = zip(buckets.names, rows, hidden, strict=True)
    return Period(span, Row("total", whole, total), [Row(*one) for one in named])


def _heat(asked: Asked, told: Counted, total: Hidden) -> HeatMap:
    visits, seen_s, wanted_s = heat_map(told)
    hidden = np.zeros(visits.shape, dtype=bool) if asked.k is None else hide_heat_map(visits, total, asked.k)
    coverage = np.divide(seen_s, wanted_s, out=np.full(visits.shape, np.nan), where=wanted_s > 0)
    return HeatMap(visits, hidden, coverage)


def _few(cohort: Cohort, k: int | None) -> list[bool]:
    """Who may only see sums is told shares, not numbers, and no share of fewer than k people."""
    counts = np.array([cohort.size, *cohort.came_again], dtype=np.int64)
    if k is None:
        return [False] * counts.size
    return [True] * counts.size if cohort.size < k else too_few(counts, k).tolist()


def _nothing(rows: Sequence[Figures]) -> list[Hidden]:
    return [Hidden()] * len(rows)
