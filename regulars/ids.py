"""Where identifiers are minted: UUIDv7, so that keys sort by the time they were made."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat

_LATEST_S = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562), time-ordered to the millisecond."""
    return uuid_utils.compat.uuid7()


def minted_at(identifier: UUID) -> datetime:
    """Return when (UTC, to the millisecond) a UUIDv7 was made, by its maker's clock; any other has a wild time."""
    return datetime.fromtimestamp(min((identifier.int >> 80) / 1000, _LATEST_S), UTC)
