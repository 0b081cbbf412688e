"""Cursors of lists: where the next page begins, in a form that callers hand back unread."""

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from regulars.errors import InputRefused


def write_cursor(at: datetime, row_id: UUID) -> str:
    """Return the cursor of everything after the row of this time (UTC) and id."""
    return base64.urlsafe_b64encode(f"{at.astimezone(UTC).isoformat()} {row_id}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Return what `write_cursor` was given; raises InputRefused `bad_cursor`."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        at, row_id = text.split(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return moment, UUID(row_id)
    except (ValueError, binascii.Error) as failure:
        raise InputRefused("bad_cursor", "This cursor is not one of ours; begin again without it.") from failure
