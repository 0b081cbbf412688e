"""One visit told in full: its sightings and why each was decided so, what was put right about it, and what can be."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from functions.gateway.auth.caller import Caller
from functions.gateway.auth.permissions import allowed
from functions.gateway.customers.schema import Correction, show_correction
from functions.gateway.listing import Page
from functions.gateway.visits.pictures import FaceLink, kept_shots
from functions.gateway.visits.reasons import in_words
from functions.gateway.visits.schema import Visit, show_visit
from regulars.domain.matching import Outcome
from regulars.domain.quality import Reason as LostReason
from regulars.domain.tracks import Direction
from regulars.store.cameras import names_of_cameras
from regulars.store.corrections import corrections_of_tracks
from regulars.store.session import Connection
from regulars.store.sightings import Sighting, sightings_of_visit
from regulars.store.visit_list import ListedVisit

PutRight = Literal["not_this_person", "split", "merge", "this_is_staff"]


class SeenBy(BaseModel):
    """One sighting of a visit: which camera saw it, when (UTC) and going where.

    `reason` is why it was decided so, `words` the same as an English sentence. `lost_because`: what was wrong most of
    the time with a face that was not told. `shots` counts the pictures that should still be there.
    """

    track_id: UUID
    camera_id: UUID
    camera_name: str | None
    started_at: AwareDatetime
    ended_at: AwareDatetime
    direction: Direction
    outcome: Outcome
    reason: str
    words: str
    lost_because: LostReason | None
    shots: int


class VisitDetail(Visit):
    """A visit with its sightings, the oldest first, the corrections that touched them, the newest first.

    `can` says what the caller can put right about it.
    """

    seen_by: list[SeenBy]
    corrections: list[Correction]
    can: list[PutRight]


class Shot(FaceLink):
    """A picture of a sighting, taken `at` (UTC)."""

    track_id: UUID
    at: AwareDatetime | None


class ShotPage(Page[Shot]):
    """A visit's pictures, the oldest first; they are few, and always on one page."""


def tell_visit(connection: Connection, caller: Caller, listed: ListedVisit, kept_since: datetime) -> VisitDetail:
    """Return the visit in full; pictures taken before `kept_since` (UTC) are gone."""
    tenant_id = caller.tenant_id
    seen = sightings_of_visit(connection, tenant_id, listed.visit_id)
    names = names_of_cameras(connection, tenant_id, {one.camera_id for one in seen})
    touched = corrections_of_tracks(connection, tenant_id, [one.track_id for one in seen])
    return VisitDetail(
        **show_visit(listed, kept_since).model_dump(),
        seen_by=[_seen_by(one, names.get(one.camera_id), kept_since) for one in seen],
        corrections=[show_correction(one) for one in touched],
        can=_can(caller, listed),
    )


def _seen_by(one: Sighting, camera_name: str | None, kept_since: datetime) -> SeenBy:
    return SeenBy(
        track_id=one.track_id,
        camera_id=one.camera_id,
        camera_name=camera_name,
        started_at=one.started_at,
        ended_at=one.ended_at,
        direction=one.direction,
        outcome=one.outcome,
        reason=one.reason,
        words=in_words(one.reason),
        lost_because=one.lost_because,
        shots=len(kept_shots([one], kept_since)),
    )


def _can(caller: Caller, listed: ListedVisit) -> list[PutRight]:
    """Nobody who was not told can be taken from somebody; a customer of one visit is nobody to split."""
    if caller.role is None or not allowed(caller.role, "customers.correct"):
        return []
    if listed.customer_id is None:
        return ["this_is_staff"]
    several: list[PutRight] = ["split"] if (listed.customer_visits or 1) > 1 else []
    return ["not_this_person", *several, "merge", "this_is_staff"]
