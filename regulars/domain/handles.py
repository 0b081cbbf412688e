"""What a person is called whose name nobody knows; on every list, and in what is told to other systems."""

from uuid import UUID

HANDLE_LETTERS = 6


def handle_of(customer_id: UUID) -> str:
    """Return six characters that people can say aloud; the random end of the id, not the time at its beginning."""
    return customer_id.hex[-HANDLE_LETTERS:].upper()
