"""What is told to other systems, how it is signed and when it is tried again; used by the outbox and its delivery.

Signed as Standard Webhooks (standardwebhooks.com) says, so that its libraries verify it.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID, uuid5

EventType = Literal["visit.started", "regular.returned", "camera.failed", "camera.recovered", "report.ready"]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
TEST_EVENT = "webhook.test"
Disabled = Literal["failing", "gone"]

NEWS_FOR = timedelta(hours=24)
"""Who came longer ago than this is history and not told: recorded footage, or tracks found again after days."""
SECRET_OVERLAP = timedelta(hours=24)
"""So long after a rotation everything is signed with the old secret as well."""
FAILING_FOR = timedelta(days=3)
"""A webhook that took nothing for so long is switched off."""
LOG_FOR = timedelta(days=30)

SECRET_BYTES = 32
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 6 * 3600.0
MOST_TRIES = 11


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of sending a message: the receiver's status, or why there is none; `excerpt` is printable text."""

    status: int | None
    took_ms: int
    failure: str | None
    excerpt: str

    @property
    def taken(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.failure is None and self.status is not None and 200 <= self.status < 300


def event_id(event: EventType, subject_id: UUID) -> UUID:
    """Return the id of an event that happens once in the life of its subject: the same however often it is found."""
    return uuid5(subject_id, event)


def next_try(tries: int, failed_at: datetime, spread: float) -> datetime | None:
    """Return when to try again after so many failed tries; None: enough.

    Waits 5 s, 20 s, 80 s and so on to 6 h, together about 25 h; `spread` from 0 to 1 makes each a fifth shorter or
    longer, so that those who failed together do not come back together.
    """
    if tries >= MOST_TRIES:
        return None
    wait_s: float = min(_FIRST_WAIT_S * 4 ** (tries - 1), _LONGEST_WAIT_S)
    return failed_at + timedelta(seconds=wait_s * (0.8 + 0.4 * spread))


def write_secret(key: bytes) -> str:
    """Return a key as its owner is shown it."""
    return _SECRET_PREFIX + base64.b64encode(key).decode()


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """Return one signature of a message, as it stands in `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX))
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
