"""A report as a workbook (XLSX): one sheet for each table, with the numbers of the JSON."""

import io
from datetime import UTC
from typing import Any

from xlsxwriter import Workbook

from regulars.rendering.labels import Form
from regulars.rendering.telling import FORMS, Cell, Table, Telling, tables_of

_NUMBERS: dict[Form, str] = {
    "text": "General",
    "count": "#,##0",
    "ratio": "#,##0.00",
    "seconds": "#,##0",
    "share": "0.0%",
}
_HIDDEN, _UNSEEN = {"bg_color": "#e5e7eb", "font_color": "#56616a", "align": "right"}, {"bg_color": "#fdf0dc"}
_HEAD = {"bold": True, "bg_color": "#d9efec", "text_wrap": True, "valign": "top"}
_MOST_LETTERS = 31
_NAME_WIDTH, _NUMBER_WIDTH, _HOUR_WIDTH = 30, 14, 7


def write_workbook(telling: Telling) -> bytes:
    """Return the file. What is hidden is a grey cell with a word, what was not wholly seen is orange.

    Texts are written as texts, never as formulas or links, and keep being texts when somebody edits them.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = Workbook(file, options)  # its methods are typed in part only
    made_at = telling.made_at.astimezone(UTC)  # what the library writes is called UTC, whatever its zone
    book.set_properties({"title": f"{telling.chain}: {telling.words.title}", "created": made_at})
    sheets = _Sheets(book, telling)
    for table in tables_of(telling):
        sheets.add(table)
    book.close()
    return file.getvalue()


class _Sheets:
    """Adds tables to a book; a format is made once for each look."""

    def __init__(self, book: Any, telling: Telling) -> None:
        self._book, self._telling = book, telling
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def add(self, table: Table) -> None:
        """Add a sheet: on the first one the report's head stands above the table and its notes below."""
        sheet = self._book.add_worksheet(table.title.replace("'", "’")[:_MOST_LETTERS])
        sheet.set_column(0, 0, _NAME_WIDTH)
        sheet.set_column(1, len(table.columns), _HOUR_WIDTH if table.name == "heat_map" else _NUMBER_WIDTH)
        top = self._head(sheet) if table.name == "summary" else 0
        for place, column in enumerate(table.columns):
            unit = f" ({self._telling.words.seconds})" if column.form == "seconds" else ""
            self._text(sheet, top, place, column.title + unit, _HEAD)
        for number, row in enumerate(table.rows, top + 1):
            for place, cell in enumerate(row):
                self._cell(sheet, number, place, cell, self._form(table, number - top - 1, place))
        sheet.freeze_panes(top + 1, 1)
        if table.name == "heat_map":
            scale = {"type": "2_color_scale", "min_color": "#ffffff", "max_color": "#2dac9c"}
            sheet.conditional_format(1, 1, len(table.rows), 24, scale)
        if table.name == "summary":
            sheet.set_column(1, len(table.columns), _NAME_WIDTH)
            for number, note in enumerate(self._telling.notes, top + len(table.rows) + 2):
                self._text(sheet, number, 0, note, {"font_color": "#56616a"})

    def _head(self, sheet: Any) -> int:
        telling = self._telling
        self._text(sheet, 0, 0, telling.chain, {"bold": True, "font_size": 16})
        self._text(sheet, 1, 0, f"{telling.words.title}: {telling.labels.span(telling.asked.span)}", {"bold": True})
        self._text(sheet, 2, 0, telling.filters, {})
        self._text(sheet, 3, 0, telling.words.made_at.format(at=telling.labels.moment(telling.made_at)), {})
        return 5

    def _form(self, table: Table, row: int, place: int) -> Form:
        """In the summary a row is a figure, elsewhere a column is."""
        return list(FORMS.values())[row] if table.name == "summary" and place else table.columns[place].form

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, form: Form) -> None:
        look = _UNSEEN if cell.unseen else {}
        if cell.hidden:
            self._text(sheet, row, column, self._telling.words.hidden, look | _HIDDEN)
        elif cell.value is None:
            sheet.write_blank(row, column, None, self._look(look))
        elif isinstance(cell.value, str):
            self._text(sheet, row, column, cell.value, look)
        else:
            sheet.write_number(row, column, cell.value, self._look(look | {"num_format": _NUMBERS[form]}))

    def _text(self, sheet: Any, row: int, column: int, text: str, look: dict[str, Any]) -> None:
        sheet.write_string(row, column, text, self._look(look | {"quote_prefix": True}))

    def _look(self, look: dict[str, Any]) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format(look)
        return self._looks[key]
