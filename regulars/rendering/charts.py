"""The charts of a PDF, drawn as lines and boxes: bars over time, the heat map of the week."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.reports.report import Row
from regulars.rendering.paper import AMBER, HIDDEN, INK, MARGIN_MM, PALE, QUIET, RULE, SLATE, TEAL, Paper
from regulars.rendering.telling import Cell, Table, Telling, poorly_seen

_PARTS = (("returning", AMBER), ("new", TEAL), ("undetermined", SLATE))
_WHOLE = "#7fb8b2"
_LEFT_MM, _LABEL_MM = 12.0, 9.0
_ROW_MM = 6.0


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where bars stand: the box (mm) and the number at its top."""

    x: float
    y: float
    width: float
    height: float
    most: int

    def tall(self, value: float) -> float:
        return self.height * value / self.most


def draw_bars(paper: Paper, telling: Telling, height: float) -> None:
    """Draw the visits of each bucket as bars of returning, new and undetermined, from the present place down."""
    rows = telling.report.now.series
    top = paper.get_y()
    _legend(paper, telling, top)
    seen = [row.figures.visits for row in rows if "visits" not in row.hidden]
    most = nice_top(max(seen, default=1))
    plot = _Plot(MARGIN_MM + _LEFT_MM, top + 7, paper.epw - _LEFT_MM, height - 7 - _LABEL_MM, most)
    if seen:
        _scale(paper, telling, plot)
    step = plot.width / len(rows)
    for place, row in enumerate(rows):
        _bar(paper, plot, row, plot.x + place * step, step)
    _bucket_names(paper, telling, plot, step)
    paper.set_xy(MARGIN_MM, top + height)


def draw_heat_map(paper: Paper, telling: Telling, table: Table) -> None:
    """Draw the week, a row a day and a column an hour, from the present place down."""
    top, name_width = paper.get_y(), 19.0
    width = (paper.epw - name_width) / 24
    visits = [cell.value for row in table.rows for cell in row[1:] if isinstance(cell.value, int)]
    most = max(visits, default=0) or 1
    for place, row in enumerate(table.rows):
        y = top + 4.5 + place * _ROW_MM
        paper.pen(7.5)
        paper.put(MARGIN_MM, y, name_width, str(row[0].value), height=_ROW_MM)
        for hour, cell in enumerate(row[1:]):
            _heat_cell(paper, telling, cell, (MARGIN_MM + name_width + hour * width, y, width), most)
    paper.pen(6.5, QUIET)
    for hour in range(24):
        paper.put(MARGIN_MM + name_width + hour * width, top, width, str(hour), "C", 4.5)
    paper.set_xy(MARGIN_MM, top + 4.5 + 7 * _ROW_MM)


def nice_top(most: int) -> int:
    """Return the number at the top of a scale, not below `most`: its quarters are whole numbers that read well."""
    if most <= 8:
        return 4 if most <= 4 else 8
    power = 10 ** math.floor(math.log10(most))
    tops = (tenths * power // 10 for tenths in (10, 12, 16, 20, 24, 32, 40, 60, 80, 100, 120))
    return next(top for top in tops if top >= most and top % 4 == 0)


def _legend(paper: Paper, telling: Telling, y: float) -> None:
    x = MARGIN_MM + _LEFT_MM
    paper.pen(7, QUIET)
    named = [(telling.words.figures[name], colour) for name, colour in _PARTS]
    # Only what is drawn is explained.
    if any(_is_whole(row) for row in telling.report.now.series):
        named.append((telling.words.figures["visits"], _WHOLE))
    if any("visits" in row.hidden for row in telling.report.now.series):
        named.append((telling.words.hidden, HIDDEN))
    for name, colour in named:
        paper.box(x, y + 1, 2.2, 2.2, colour)
        paper.put(x + 3.2, y, 60, name)
        x += 8 + paper.get_string_width(name)


def _scale(paper: Paper, telling: Telling, plot: _Plot) -> None:
    paper.pen(6.5, QUIET)
    for quarter in range(5):
        value, y = plot.most * quarter / 4, plot.y + plot.height * (1 - quarter / 4)
        paper.rule(plot.x, y, plot.width, RULE)
        paper.put(MARGIN_MM, y - 2, _LEFT_MM - 1.5, telling.labels.number(value), "R")


def _is_whole(row: Row) -> bool:
    """Say whether the visits may be told, and not all of their parts."""
    return "visits" not in row.hidden and any(name in row.hidden for name, _ in _PARTS)


def _bar(paper: Paper, plot: _Plot, row: Row, x: float, step: float) -> None:
    gap = min(step * 0.2, 1.5)
    left, width, foot = x + gap / 2, step - gap, plot.y + plot.height
    if "visits" in row.hidden:
        paper.box(left, foot - plot.height, width, plot.height, HIDDEN)
    elif _is_whole(row):
        paper.box(left, foot - plot.tall(row.figures.visits), width, plot.tall(row.figures.visits), _WHOLE)
    else:
        y = foot
        for name, colour in _PARTS:
            tall = plot.tall(getattr(row.figures, name))
            y -= tall
            paper.box(left, y, width, tall, colour)
    if poorly_seen(row.figures.coverage):
        paper.box(left, foot + 0.5, width, 0.9, AMBER)


def _bucket_names(paper: Paper, telling: Telling, plot: _Plot, step: float) -> None:
    names = [telling.labels.bucket_short(telling.asked.bucket, row.name) for row in telling.report.now.series]
    paper.pen(6.5, QUIET)
    widest = max(paper.get_string_width(name) for name in names) + 2
    every = max(1, math.ceil(widest / step))
    for place in range(0, len(names), every):
        middle = plot.x + (place + 0.5) * step
        paper.put(middle - widest / 2, plot.y + plot.height + 1.8, widest, names[place], "C")


_DARK = 0.8
"""From this share on white is easier to read on a cell's colour than ink."""


def _heat_cell(paper: Paper, telling: Telling, cell: Cell, at: tuple[float, float, float], most: int) -> None:
    x, y, width = at
    value = int(cell.value) if isinstance(cell.value, int) else 0
    share = value / most
    colour = HIDDEN if cell.hidden else _between(share) if value else PALE
    paper.box(x + 0.2, y + 0.2, width - 0.4, _ROW_MM - 0.4, colour)
    if cell.unseen:
        paper.box(x + 0.2, y + _ROW_MM - 1.0, width - 0.4, 0.8, AMBER)
    if cell.hidden or value:
        paper.pen(6, QUIET if cell.hidden else INK if share < _DARK else "#ffffff")
        # The exact ones are in the workbook: five figures are too many to be read in a cell of this width.
        shown = f"{telling.labels.number(value / 1000)}k" if value >= 10_000 else telling.labels.number(value)
        text = telling.words.hidden if cell.hidden else shown
        size_pt = min(6.0, 6.0 * (width - 0.6) / max(paper.get_string_width(text), 0.1))
        paper.set_font_size(size_pt)
        paper.put(x, y, width, text, "C", _ROW_MM)


def _between(share: float) -> str:
    """Return the colour of a share of the most: from nearly white to the teal of the portal."""
    ends: Sequence[tuple[int, int]] = ((0xE0, 0x0F), (0xF2, 0x76), (0xEF, 0x6E))
    return "#" + "".join(f"{round(light + (dark - light) * share):02x}" for light, dark in ends)
