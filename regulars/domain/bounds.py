"""What is taken from outside: times that every time zone can tell, counts, texts and rows that PostgreSQL holds.

A time at either end of the calendar is another day elsewhere, which Python does not have and cannot read back from
PostgreSQL: one such row would fail every list that it is in, whoever asks.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2199, 12, 31, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""What JavaScript tells exactly; thousands of them added up are still a bigint."""
MachineText = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""What a program says: no control characters, of which PostgreSQL refuses one."""

Kept = Literal["sites", "cameras", "staff", "accounts", "keys", "webhooks", "saved_reports"]
MOST_OF_A_CHAIN: dict[Kept, int] = {
    "sites": 50_000,
    "cameras": 100_000,
    "staff": 500_000,
    "accounts": 100_000,
    "keys": 100_000,
    "webhooks": 100,
    "saved_reports": 1_000,
}
"""How many of each a chain may have at a time: more than a real one needs, and no more than the platform carries.

Every event is written once for each webhook, and every night makes every saved report that is due; revoked keys count
no more.
"""
STREAMS_OF_A_LOGIN = 200
"""Live streams that one account or key may hold open at one process of the gateway at a time."""
SESSIONS_OF_AN_ACCOUNT = 100
"""Logins of one account that live at a time."""
