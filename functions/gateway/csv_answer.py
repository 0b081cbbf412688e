"""`?format=csv`: the same items as a list's JSON, as a table that spreadsheets open; used by listing.py alone."""

import csv
import io
import re
import types
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel
from pydantic_core import to_json

MEDIA_TYPE = "text/csv; charset=utf-8"
BOM = "\ufeff"
_LOCAL = "_local"
_ZONE = "time_zone"
# What makes a spreadsheet take a cell for a formula, blanks and full-width signs among it. Where the decimal sign is a
# comma, as in Vietnam, spreadsheets cut cells at semicolons and lines inside of quotes, too.
_FORMULA = re.compile("(^|[;\t\r\n])(?=[\\s\"']*[=+\\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")


def columns_of(item: type[BaseModel], prefix: str = "") -> list[str]:
    """Return the columns of these items: their fields, those of an item inside an item behind its name and a dot.

    Where the items know their site's `time_zone`, a column `…_local` follows each time.
    """
    columns: list[str] = []
    for name, field in item.model_fields.items():
        kind = _without_none(field.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            columns += columns_of(kind, f"{prefix}{name}.")
            continue
        columns.append(prefix + name)
        if not prefix and _ZONE in item.model_fields and kind in (datetime, AwareDatetime):
            columns.append(name + _LOCAL)
    return columns


def write_rows(columns: Sequence[str], items: Sequence[BaseModel]) -> bytes:
    """Return the items as lines of RFC 4180 in UTF-8."""
    return _lines([[_cell(item, column) for column in columns] for item in items])


def write_head(columns: Sequence[str]) -> bytes:
    """Return the first line, behind the mark by which spreadsheets know UTF-8."""
    return BOM.encode() + _lines([list(columns)])


def stream(columns: Sequence[str], pages: Iterator[Sequence[BaseModel]]) -> Iterator[bytes]:
    """Yield the whole table, page by page."""
    yield write_head(columns)
    for items in pages:
        yield write_rows(columns, items)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(item: BaseModel, column: str) -> str:
    if column.endswith(_LOCAL) and column not in type(item).model_fields:
        at = getattr(item, column.removesuffix(_LOCAL))
        return at.astimezone(ZoneInfo(getattr(item, _ZONE))).strftime("%Y-%m-%d %H:%M:%S") if at else ""
    value: Any = item
    for name in column.split("."):
        value = getattr(value, name, None)
    return _told(value)


def _told(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case list() | dict():
            return _harmless(to_json(value).decode())
        case _:
            return _harmless(str(value))


def _harmless(text: str) -> str:
    return _FORMULA.sub(r"\1'", text)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return kinds[0] if len(kinds) == 1 else annotation
    return annotation
