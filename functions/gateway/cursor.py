"""Cursors of lists: where the next page begins, in a form that callers hand back unread."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from regulars.errors import InputRefused
from regulars.store.paging import Place, SortValue

_LARGEST = 2**31 - 1
"""What PostgreSQL's integer holds: all numbers that lists are sorted by are such."""


def write_cursor(place: Place) -> str:
    """Return the cursor of what lies behind this place."""
    value = place.value
    told = [value.astimezone(UTC).isoformat()] if isinstance(value, datetime) else value
    text = json.dumps([place.sort, told, str(place.row_id)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Place:
    """Return what `write_cursor` was given; raises InputRefused `bad_cursor`.

    Whether it fits the list and its order is told by the list: a time never stands for a name, nor a name for a number.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        sort, told, row_id = json.loads(text)
        return Place(str(sort), _value(told), UUID(row_id))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as failure:
        raise InputRefused("bad_cursor", "This cursor is not one of ours; begin again without it.") from failure


def _value(told: Any) -> SortValue:
    match told:
        case [str(moment)]:
            at = datetime.fromisoformat(moment)
            if at.tzinfo is None:
                raise ValueError("a time without a zone")
            return at.astimezone(UTC)
        case str(text):
            text.encode()  # a lone surrogate cannot be said to PostgreSQL, and neither can NUL
            if "\0" in text:
                raise ValueError("not a text")
            return text
        case int(number) if not isinstance(number, bool) and abs(number) <= _LARGEST:
            return number
        case _:
            raise ValueError("neither a time, a text nor a number")
