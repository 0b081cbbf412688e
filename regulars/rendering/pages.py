"""A report as pages (PDF): the figures at a glance, charts, and its tables with what they do not tell marked."""

from collections.abc import Sequence

from regulars.domain.reports.report import Row
from regulars.rendering.charts import draw_bars, draw_heat_map
from regulars.rendering.paper import HIDDEN, INK, MARGIN_MM, PALE, QUIET, RULE, TEAL, UNSEEN, WARNING, Paper
from regulars.rendering.telling import FORMS, Cell, Column, Table, Telling, figure, poorly_seen, tables_of

_GLANCE = ("visits", "visitors", "returning", "visits_per_visitor", "came_in", "dwell_median_s", "occupancy_peak")
_SHOWN = ("name", "visits", "visitors", "new", "returning", "undetermined", "came_in", "dwell_median_s", "coverage")
_TILE_MM, _LINE_MM, _WIDEST_MM = 20.0, 5.0, 20.0
_SHORT = 8
"""A table of so few rows is not torn apart at the end of a page."""
_NAME_MM, _COHORT_MM, _RECENCY_MM = 41.0, 26.0, 60.0
MOST_MONTHS = 12
"""Months a page is wide; later ones are in the workbook."""


def write_pages(telling: Telling) -> bytes:
    """Return the file. Bars, cells and rows that cameras did not wholly see are orange, what is hidden is grey."""
    _, series, sites, heat, cohorts, recency = tables_of(telling)
    title, span = telling.words.title, telling.labels.span(telling.asked.span)
    foot = f"{telling.chain} · {title} · {span}"
    paper = Paper(f"{telling.chain}: {title}", foot, telling.labels, telling.made_at)
    paper.add_page()
    _head(paper, telling)
    _glance(paper, telling)
    paper.heading(f"{series.title}: {telling.words.figures['visits']}", 70)
    draw_bars(paper, telling, 58)
    _gap(paper)
    paper.heading(heat.title, 58)
    draw_heat_map(paper, telling, heat)
    _gap(paper)
    for table, first in ((sites, _NAME_MM), (series, _NAME_MM)):
        _table(paper, telling, table.only(*_SHOWN), first)
    if cohorts.rows and len(cohorts.columns) > 1:
        kept = [column.name for column in cohorts.columns[: MOST_MONTHS + 1]]
        _table(paper, telling, cohorts.only(*kept), _COHORT_MM)
    _table(paper, telling, recency, _RECENCY_MM)
    _notes(paper, telling.notes)
    return bytes(paper.output())


def _head(paper: Paper, telling: Telling) -> None:
    words, labels, width = telling.words, telling.labels, paper.epw
    paper.box(0, 0, paper.w, 2.5, TEAL)
    paper.pen(18, bold=True)
    paper.put(MARGIN_MM, 11, width, telling.chain, height=9)
    paper.pen(11, TEAL, bold=True)
    paper.put(MARGIN_MM, 20, width, f"{words.title}: {labels.span(telling.asked.span)}", height=6)
    paper.pen(8, QUIET)
    paper.put(MARGIN_MM, 26.5, width, telling.filters)
    paper.put(MARGIN_MM, 30.5, width, words.made_at.format(at=labels.moment(telling.made_at)))
    total = telling.report.now.total.figures
    y = 37.0
    told = words.nobody if not total.visits else ""
    if total.coverage is not None and poorly_seen(total.coverage):
        told = words.unseen_band.format(share=labels.share(total.coverage))
    if told:
        paper.box(MARGIN_MM, y, width, 7, UNSEEN)
        paper.pen(8, WARNING)
        paper.put(MARGIN_MM + 2, y, width - 4, told, height=7)
        y += 9
    paper.set_xy(MARGIN_MM, y)


def _glance(paper: Paper, telling: Telling) -> None:
    """Draw two rows of four figures, each with the time before and a year ago."""
    top, width = paper.get_y(), (paper.epw - 9) / 4
    for place, name in enumerate((*_GLANCE, "coverage")):
        x, y = MARGIN_MM + place % 4 * (width + 3), top + place // 4 * (_TILE_MM + 3)
        paper.box(x, y, width, _TILE_MM, PALE)
        paper.pen(7.5, QUIET)
        unit = f" ({telling.words.minutes})" if FORMS[name] == "seconds" else ""
        paper.put(x + 2.5, y + 1.5, width - 5, telling.words.figures[name] + unit)
        cell = figure(telling.report.now.total, name)
        paper.pen(15, QUIET if cell.hidden else INK, bold=True)
        paper.put(x + 2.5, y + 5.5, width - 5, _said(telling, cell, name), height=7)
        paper.pen(6.5, QUIET)
        then = [("before", telling.report.before), ("last_year", telling.report.last_year)]
        for line, (when, period) in enumerate(then):
            if period:
                told = _compared(telling, cell, name, period.total, when)
                paper.put(x + 2.5, y + 12.5 + line * 3.3, width - 5, told, height=3)
    paper.set_xy(MARGIN_MM, top + 2 * _TILE_MM + 3)
    _gap(paper)


def _said(telling: Telling, cell: Cell, name: str) -> str:
    if cell.hidden:
        return telling.words.hidden
    return "–" if cell.value is None else telling.labels.value(cell.value, FORMS[name])


def _compared(telling: Telling, now: Cell, name: str, then: Row, when: str) -> str:
    """Say what it was then, and by how much it has changed: a share by how many hundredths is not said.

    Nor is more than tenfold: the chain had hardly begun then.
    """
    before = figure(then, name)
    told = f"{telling.words.before if when == 'before' else telling.words.last_year}: {_said(telling, before, name)}"
    if (
        isinstance(now.value, int | float)
        and isinstance(before.value, int | float)
        and 0 < now.value / 10 <= before.value
    ):
        told += f"  ({telling.labels.change(now.value, before.value)})" if FORMS[name] != "share" else ""
    return told


def _table(paper: Paper, telling: Telling, table: Table, first_width: float) -> None:
    many = len(table.columns) - 1
    widths = [first_width, *[min((paper.epw - first_width) / many, _WIDEST_MM)] * many]
    together = len(table.rows) if len(table.rows) <= _SHORT else 3
    paper.heading(table.title, 8 + 10 + together * _LINE_MM)
    _table_head(paper, telling, table.columns, widths)
    for row in table.rows:
        if paper.get_y() + _LINE_MM > paper.bottom:
            paper.add_page()
            _table_head(paper, telling, table.columns, widths)
        _row(paper, telling, table.columns, row, widths)
    _gap(paper)


def _table_head(paper: Paper, telling: Telling, columns: Sequence[Column], widths: Sequence[float]) -> None:
    y = paper.get_y()
    paper.pen(6, QUIET, bold=True)
    units = [f" ({telling.words.minutes})" if column.form == "seconds" else "" for column in columns]
    told = [
        paper.wrapped(column.title + unit, width - 1.5)
        for column, unit, width in zip(columns, units, widths, strict=True)
    ]
    height, x = 3.0 * max(map(len, told)) + 1.5, MARGIN_MM
    for column, lines, width in zip(columns, told, widths, strict=True):
        for number, line in enumerate(lines):
            align = "L" if column.form == "text" else "R"
            paper.put(x + 0.75, y + height - 1.2 - 3 * (len(lines) - number), width - 1.5, line, align, 3)
        x += width
    paper.rule(MARGIN_MM, y + height, sum(widths), QUIET)
    paper.set_xy(MARGIN_MM, y + height)


def _row(
    paper: Paper, telling: Telling, columns: Sequence[Column], row: Sequence[Cell], widths: Sequence[float]
) -> None:
    x, y = MARGIN_MM, paper.get_y()
    for column, cell, width in zip(columns, row, widths, strict=True):
        if cell.hidden or cell.unseen:
            paper.box(x, y, width, _LINE_MM, HIDDEN if cell.hidden else UNSEEN)
        text = telling.words.hidden if cell.hidden else "–" if cell.value is None else ""
        paper.pen(7.5, QUIET if text else INK)
        if cell.value is not None and not text:
            text = telling.labels.value(cell.value, column.form)
        paper.put(x + 0.75, y, width - 1.5, text, "L" if column.form == "text" else "R", _LINE_MM)
        x += width
    paper.rule(MARGIN_MM, y + _LINE_MM, sum(widths), RULE)
    paper.set_xy(MARGIN_MM, y + _LINE_MM)


def _notes(paper: Paper, notes: Sequence[str]) -> None:
    if paper.get_y() + 5 * len(notes) + 8 > paper.bottom:
        paper.add_page()
    paper.pen(7.5, QUIET)
    for note in notes:
        paper.set_x(MARGIN_MM)
        paper.multi_cell(paper.epw, 3.8, note, align="L", new_x="LMARGIN", new_y="NEXT")
        paper.ln(1)


def _gap(paper: Paper) -> None:
    paper.set_xy(MARGIN_MM, paper.get_y() + 6)
