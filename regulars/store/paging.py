"""Under every list: one page of a select, sorted by a column and then by id, from where the page before it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_

from regulars.errors import InputRefused

SortValue = datetime | str | int
Row = TypeVar("Row")
_VALUE, _ID = "sort_value_", "sort_id_"


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which row a page begins: the row's value of the column `sort` names ("-" in front: descending), its id."""

    sort: str
    value: SortValue
    row_id: UUID


@dataclass(frozen=True, slots=True)
class Piece:
    """Which page is wanted: at most `limit` rows in the order of `sort`, behind `after` (None: from the beginning)."""

    sort: str
    limit: int
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page: its rows, and where the next one begins (None: this was the last)."""

    rows: list[Row]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a list can be sorted by: expressions that are never null, by name; `row_id` decides among equals."""

    row_id: ColumnElement[UUID]
    by: dict[str, ColumnElement[Any]]


def read_slice(
    connection: Connection, wanted: Select[Any], sorting: Sorting, piece: Piece, make: Callable[[RowMapping], Row]
) -> Slice[Row]:
    """Return one page of `wanted`, each row as `make` reads it (by the names of `wanted`).

    Rows that are added meanwhile neither repeat nor hide others. Raises InputRefused `bad_cursor` for a place that is
    not of this order.
    """
    column = sorting.by[piece.sort.removeprefix("-")]
    if piece.after is not None:
        wanted = wanted.where(_behind(piece.after, piece.sort, column, sorting.row_id))
    value, row_id = column.label(_VALUE), sorting.row_id.label(_ID)
    downwards = piece.sort.startswith("-")
    order = (column.desc(), sorting.row_id.desc()) if downwards else (column.asc(), sorting.row_id.asc())
    found = connection.execute(wanted.add_columns(value, row_id).order_by(*order).limit(piece.limit + 1)).mappings()
    rows = found.all()
    kept = rows[: piece.limit]
    after = Place(piece.sort, kept[-1][_VALUE], kept[-1][_ID]) if len(rows) > piece.limit else None
    return Slice([make(row) for row in kept], after)


def mentions(q: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that one of these texts contains `q`, whatever its case and its marks."""
    return or_(*(func.strpos(func.plain_text(column), func.plain_text(q)) > 0 for column in columns))


def _behind(place: Place, sort: str, column: ColumnElement[Any], row_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """A plain bound on the column beside the exact one: PostgreSQL then reads only that part of an index."""
    if place.sort != sort or type(place.value) is not column.type.python_type:
        raise InputRefused("bad_cursor", "This cursor is not one of this list and order; begin again without it.")
    if sort.startswith("-"):
        return and_(column <= place.value, or_(column < place.value, row_id < place.row_id))
    return and_(column >= place.value, or_(column > place.value, row_id > place.row_id))
