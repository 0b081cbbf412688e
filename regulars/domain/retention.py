"""How old a picture of a face may get: counted from when it was taken or stored, whichever was earlier."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

LONGEST_DAYS = 30
"""No chain may keep pictures for longer."""
_TRACK_KEY = re.compile(r"tracks/(?P<tenant>[0-9a-f-]{36})/[^/]+/[^/]+/(?P<day>\d{4}/\d\d/\d\d)/")


def tenant_of(key: str) -> UUID | None:
    """Return whose track an object's key belongs to, or None when the key is none of a track's."""
    found = _TRACK_KEY.match(key)
    try:
        return UUID(found["tenant"]) if found else None
    except ValueError:
        return None


def old_since(key: str, stored_at: datetime) -> datetime:
    """Return since when (UTC) the object's age counts: from the end of the day in its key, or when it was stored."""
    found = _TRACK_KEY.match(key)
    if found is None:
        return stored_at
    try:
        day = datetime(*(int(part) for part in found["day"].split("/")), tzinfo=UTC)
        return min(stored_at, day + timedelta(days=1))
    except (ValueError, OverflowError):  # no day, or none that another follows
        return stored_at
