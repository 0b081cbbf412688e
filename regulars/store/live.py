"""Live events: what a page that is open should show, numbered per commit and announced by NOTIFY."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, text

from regulars.store.tables import live_events

CHANNEL = "regulars_live"
LiveKind = Literal["visit_opened", "visit_changed", "visit_removed", "staff_seen", "face_undetermined"]
_E = live_events.c


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something happened to `subject_id` (a visit, or the track of a sighting without one) at `at` (UTC)."""

    tenant_id: UUID
    event_number: int
    site_id: UUID | None
    kind: LiveKind
    subject_id: UUID
    at: datetime


def announce(
    connection: Connection, tenant_id: UUID, site_id: UUID | None, kind: LiveKind, subject_id: UUID, at: datetime
) -> None:
    """Add an event and, at commit, notify `CHANNEL` with `tenant_id event_number`.

    Under the gallery's lock numbers rise in the order of commits, so a reader who asks for all after N misses none.
    """
    values = {"tenant_id": tenant_id, "site_id": site_id, "kind": kind, "subject_id": subject_id, "at": at}
    number: int = connection.execute(insert(live_events).values(**values).returning(_E.event_number)).scalar_one()
    connection.execute(
        text("select pg_notify(:channel, :message)"), {"channel": CHANNEL, "message": f"{tenant_id} {number}"}
    )


def events_after(connection: Connection, tenant_id: UUID, event_number: int, limit: int = 500) -> list[LiveEvent]:
    """Return at most `limit` of the tenant's events after `event_number`, oldest first."""
    wanted = select(live_events).where(_E.tenant_id == tenant_id, _E.event_number > event_number)
    rows = connection.execute(wanted.order_by(_E.event_number).limit(limit)).mappings()
    return [LiveEvent(**row) for row in rows]


def last_event_number(connection: Connection, tenant_id: UUID) -> int:
    """Return the number of the tenant's newest event, 0 when there is none."""
    return connection.scalar(select(func.max(_E.event_number)).where(_E.tenant_id == tenant_id)) or 0
