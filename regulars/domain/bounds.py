"""What is taken from outside: times that every time zone can tell, counts and texts that PostgreSQL holds.

A time at either end of the calendar is another day elsewhere, which Python does not have and cannot read back from
PostgreSQL: one such row would fail every list that it is in, whoever asks.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2199, 12, 31, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""What JavaScript tells exactly; thousands of them added up are still a bigint."""
MachineText = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""What a program says: no control characters, of which PostgreSQL refuses one."""
