"""Where identifiers are minted: UUIDv7, so that keys sort by the time they were made."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562), time-ordered to the millisecond."""
    return uuid_utils.compat.uuid7()
