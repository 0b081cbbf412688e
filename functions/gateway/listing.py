"""How every list is asked for and answered: pages of JSON by a cursor, or the whole of it as CSV."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from fastapi import Depends, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field, StringConstraints

from functions.gateway import csv_answer
from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller
from functions.gateway.cursor import read_cursor, write_cursor
from functions.gateway.parts import Parts
from functions.gateway.text import Printable
from regulars.store.paging import Piece, Slice
from regulars.store.session import Connection

Item = TypeVar("Item", bound=BaseModel)
Row = TypeVar("Row")
CSV_ROWS = 5000
Search = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    Printable,
    Query(description="Contains this text, whatever its case and accents."),
]


class Page(BaseModel, Generic[Item]):
    """Items in the order that was asked for; `next_cursor` asks for those behind them, null at the end."""

    items: list[Item]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The page that a caller wants, or with `format` "csv" all of them."""

    cursor: str | None
    limit: int
    format: Literal["json", "csv"]


async def _asked(
    cursor: Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Field(ge=1, le=200, description="Items on a page of JSON.")] = 50,
    format: Annotated[  # noqa: A002
        Literal["json", "csv"], Query(description="`csv`: every item, whatever `cursor` and `limit` say.")
    ] = "json",
) -> Asked:
    return Asked(cursor, limit, format)


ListAsked = Annotated[Asked, Depends(_asked)]

AS_CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A page of JSON, or all of it as CSV (UTF-8 with a byte order mark, RFC 4180): columns named as"
        " in JSON, times in UTC and beside it (`…_local`) by the site's own clock.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}
"""What `responses` of a list's route begin with."""


def answer_list(
    parts: Parts,
    caller: Caller,
    asked: Asked,
    name: str,
    *,
    sort: str,
    page: type[Page[Item]],
    read: Callable[[Connection, Piece], Slice[Row]],
    show: Callable[[Row], Item],
) -> Response:
    """Answer with the page asked for, or with all of the list as the file `name`-date.csv, which the audit log notes.

    `read` reads a piece in a transaction of the caller's tenancy; every page of a CSV has a short one of its own, and
    the first is read before the answer begins, so that what is refused is told as a problem. Raises InputRefused
    `bad_cursor`.
    """

    def read_piece(piece: Piece) -> Slice[Row]:
        with parts.transaction(caller.tenancy) as connection:
            return read(connection, piece)

    if asked.format == "json":
        found = read_piece(Piece(sort, asked.limit, read_cursor(asked.cursor) if asked.cursor else None))
        after = write_cursor(found.after) if found.after else None
        shown = page(items=[show(row) for row in found.rows], next_cursor=after)
        # Written here: a page handed to FastAPI waits for another thread, in which it is only looked at again.
        return Response(shown.model_dump_json(by_alias=True), media_type="application/json")
    now = parts.clock()
    first = read_piece(Piece(sort, CSV_ROWS))
    with parts.transaction(caller.tenancy) as connection:
        note_act(connection, caller, "list.exported", "list", name, now)
    columns = csv_answer.columns_of(get_args(page.model_fields["items"].annotation)[0])
    pages = ([show(row) for row in rows] for rows in _pages(first, sort, read_piece))
    return StreamingResponse(
        csv_answer.stream(columns, pages),
        media_type=csv_answer.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}-{now:%Y-%m-%d}.csv"'},
    )


def _pages(first: Slice[Row], sort: str, read: Callable[[Piece], Slice[Row]]) -> Iterator[Sequence[Row]]:
    piece = first
    yield piece.rows
    while piece.after is not None:
        piece = read(Piece(sort, CSV_ROWS, piece.after))
        yield piece.rows
