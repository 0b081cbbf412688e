"""Pictures of faces while they are kept: signed links, each look noted with who, whom and why; used by every noun."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller
from functions.gateway.parts import Parts
from regulars.store.session import Connection
from regulars.store.shots import last_pictured
from regulars.store.sightings import Sighting
from regulars.store.tenants import find_tenant

Why = Literal["visit_seen", "shots_compared", "customer_seen", "merge_decided"]


class FaceLink(BaseModel):
    """Where the picture of a face can be read until `expires_at` (UTC)."""

    url: str
    expires_at: AwareDatetime


def kept_since(connection: Connection, parts: Parts, tenant_id: UUID) -> datetime:
    """Return since when (UTC) pictures are kept: as long as the chain wants, and never longer than the system says."""
    tenant = find_tenant(connection, tenant_id)
    longest = parts.settings.retention_days
    return parts.clock() - timedelta(days=min(longest, tenant.retention_days) if tenant else longest)


def kept_shots(sightings: Iterable[Sighting], since: datetime) -> list[dict[str, Any]]:
    """Return the usable shots of the sightings that began at or after `since` (UTC), in their order."""
    return [
        shot
        for sighting in sightings
        if sighting.started_at >= since
        for shot in sighting.shots
        if shot["refused"] is None
    ]


def best_of(shots: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the best shot, or None of none."""
    return max(shots, key=lambda shot: float(shot["quality"]), default=None)


def sign_shot(parts: Parts, shot: dict[str, Any]) -> FaceLink:
    """Return a link to the shot that works for some minutes."""
    expires_s = parts.settings.link_expires_s
    url = parts.objects.sign_get(str(shot["key"]), expires_s)
    return FaceLink(url=url, expires_at=parts.clock() + timedelta(seconds=expires_s))


def note_look(
    connection: Connection, caller: Caller, subject: tuple[Literal["visit", "customer"], UUID], why: Why, now: datetime
) -> None:
    """Add to the audit log that the caller looks at this face, and why."""
    kind, subject_id = subject
    note_act(connection, caller, "face.seen", kind, subject_id, now, {"why": why})


def latest_face(
    connection: Connection, parts: Parts, caller: Caller, customer_id: UUID, since: datetime, why: Why
) -> FaceLink | None:
    """Return a link to the best picture of the customer's last sighting with any since (UTC), and note the look."""
    sighting = last_pictured(connection, caller.tenant_id, customer_id, since)
    best = best_of(kept_shots([sighting], since)) if sighting else None
    if best is None:
        return None
    note_look(connection, caller, ("customer", customer_id), why, parts.clock())
    return sign_shot(parts, best)
