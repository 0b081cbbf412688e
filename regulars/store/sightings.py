"""Sightings: one row per track that was recognized, with its crossings; `track_id` makes a replay harmless.

Of tracks that overlap a time only those are looked at that began at most LONGEST_TRACK before: it bounds what is read.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from regulars.domain.companions import Glimpse, Presence
from regulars.domain.gender import Gender, GenderVote
from regulars.domain.matching import Outcome
from regulars.domain.quality import Reason as LostReason
from regulars.domain.tracks import LONGEST_TRACK, Crossing, Direction
from regulars.domain.visits import SightingFacts
from regulars.store.tables import crossings, sightings

_S = sightings.c


@dataclass(frozen=True, slots=True)
class Sighting:
    """One recognized track. `shots` is JSON: what was seen where, without vectors or scores.

    `lost_because` says of a face that was not seen well enough to be told, what was wrong most of the time. While it is
    `ongoing`, the person was still followed when it was recognized: end, direction and crossings are those of then.
    """

    tenant_id: UUID
    track_id: UUID
    site_id: UUID
    camera_id: UUID
    lease_id: UUID
    manifest_key: str
    started_at: datetime
    ended_at: datetime
    direction: Direction
    outcome: Outcome
    reason: str
    customer_id: UUID | None
    staff_id: UUID | None
    visit_id: UUID | None
    gender: Gender
    gender_male_weight: float
    gender_weight: float
    detections: int
    shots: list[dict[str, Any]]
    pack: str | None
    recognized_at: datetime
    lost_because: LostReason | None = None
    ongoing: bool = False

    @property
    def facts(self) -> SightingFacts:
        """What it tells of its visit."""
        vote = GenderVote(self.gender_male_weight, self.gender_weight)
        return SightingFacts(self.started_at, self.ended_at, self.direction, vote)


def find_sighting(connection: Connection, tenant_id: UUID, track_id: UUID) -> Sighting | None:
    """Return what became of a track, or None when it was not recognized yet."""
    wanted = select(sightings).where(_S.tenant_id == tenant_id, _S.track_id == track_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return sighting_of(row) if row else None


def add_sighting(connection: Connection, sighting: Sighting, crossed: Sequence[Crossing]) -> None:
    """Add a sighting and its crossings; IntegrityError when the track is there already."""
    connection.execute(insert(sightings).values(**asdict(sighting)))
    _add_crossings(connection, sighting, crossed)


def end_sighting(connection: Connection, ended: Sighting, crossed: Sequence[Crossing]) -> None:
    """Write how an ongoing track ended; `crossed` are all its crossings, those that are there already first."""
    own = (_S.tenant_id == ended.tenant_id, _S.track_id == ended.track_id)
    values = {name: getattr(ended, name) for name in ("ended_at", "direction", "detections", "ongoing")}
    connection.execute(update(sightings).where(*own).values(values))
    _add_crossings(connection, ended, crossed)


def _add_crossings(connection: Connection, sighting: Sighting, crossed: Sequence[Crossing]) -> None:
    rows = [
        {
            "tenant_id": sighting.tenant_id,
            "track_id": sighting.track_id,
            "number": number,
            "site_id": sighting.site_id,
            "camera_id": sighting.camera_id,
            "at": crossing.at,
            "direction": crossing.direction,
        }
        for number, crossing in enumerate(crossed)
    ]
    if rows:
        connection.execute(upsert(crossings).on_conflict_do_nothing(), rows)


def known_tracks(connection: Connection, tenant_id: UUID, track_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these tracks have a sighting that says how they ended."""
    wanted = select(_S.track_id).where(_S.tenant_id == tenant_id, _S.track_id.in_(list(track_ids)), ~_S.ongoing)
    return set(connection.scalars(wanted))


def seen_beside(
    connection: Connection, tenant_id: UUID, camera_id: UUID, started_at: datetime, ended_at: datetime
) -> list[tuple[UUID, Presence]]:
    """Return the customers, with where they were, whose tracks at this camera overlap this time (UTC)."""
    wanted = select(_S.customer_id, _S.started_at, _S.ended_at, _S.shots).where(
        _S.tenant_id == tenant_id,
        _S.camera_id == camera_id,
        _S.started_at.between(started_at - LONGEST_TRACK, ended_at),
        _S.ended_at >= started_at,
        _S.customer_id.is_not(None),
    )
    rows = connection.execute(wanted)
    return [(row.customer_id, presence_of(row.started_at, row.ended_at, row.shots)) for row in rows]


def customers_of_tracks(connection: Connection, tenant_id: UUID, track_ids: Collection[UUID]) -> set[UUID]:
    """Return the customers whom these tracks show, as far as they are recognized."""
    if not track_ids:
        return set()
    wanted = select(_S.customer_id).where(_S.tenant_id == tenant_id, _S.track_id.in_(list(track_ids)))
    return set(connection.scalars(wanted.where(_S.customer_id.is_not(None))))


def fragments_near(
    connection: Connection, tenant_id: UUID, customer_id: UUID, camera_id: UUID, since: datetime, until: datetime
) -> set[UUID]:
    """Return the visits that the customer's tracks at this camera, between these times (UTC), belong to."""
    wanted = select(_S.visit_id).where(
        _S.tenant_id == tenant_id,
        _S.camera_id == camera_id,
        _S.customer_id == customer_id,
        _S.started_at.between(since - LONGEST_TRACK, until),
        _S.ended_at >= since,
        _S.visit_id.is_not(None),
    )
    return set(connection.scalars(wanted))


def facts_of_visit(connection: Connection, tenant_id: UUID, visit_ids: Collection[UUID]) -> list[SightingFacts]:
    """Return what the sightings of these visits say, oldest first."""
    wanted = (
        select(_S.started_at, _S.ended_at, _S.direction, _S.gender_male_weight, _S.gender_weight)
        .where(_S.tenant_id == tenant_id, _S.visit_id.in_(list(visit_ids)))
        .order_by(_S.started_at)
    )
    return [SightingFacts(row[0], row[1], row[2], GenderVote(row[3], row[4])) for row in connection.execute(wanted)]


def move_to_visit(connection: Connection, tenant_id: UUID, from_visits: Collection[UUID], visit_id: UUID) -> None:
    """Let the sightings of these visits belong to `visit_id`."""
    statement = update(sightings).where(_S.tenant_id == tenant_id, _S.visit_id.in_(list(from_visits)))
    connection.execute(statement.values(visit_id=visit_id))


def sightings_of_visit(connection: Connection, tenant_id: UUID, visit_id: UUID) -> list[Sighting]:
    """Return a visit's sightings, oldest first."""
    wanted = select(sightings).where(_S.tenant_id == tenant_id, _S.visit_id == visit_id).order_by(_S.started_at)
    return [sighting_of(row) for row in connection.execute(wanted).mappings()]


def sightings_between(
    connection: Connection, tenant_id: UUID, since: datetime, until: datetime, camera_id: UUID | None = None
) -> list[Sighting]:
    """Return the tenant's sightings, or one camera's, that began from `since` to before `until` (UTC), oldest first."""
    wanted = select(sightings).where(_S.tenant_id == tenant_id, _S.started_at >= since, _S.started_at < until)
    if camera_id is not None:
        wanted = wanted.where(_S.camera_id == camera_id)
    return [sighting_of(row) for row in connection.execute(wanted.order_by(_S.started_at)).mappings()]


def with_shots_to_drop(connection: Connection, tenant_id: UUID, limit: int = 1000) -> list[Sighting]:
    """Return at most `limit` sightings of people who were only counted or objected, with pictures not deleted yet."""
    without = _S.reason.in_(("recognition_off", "objected"))
    wanted = select(sightings).where(_S.tenant_id == tenant_id, without, _S.shots != [])
    return [sighting_of(row) for row in connection.execute(wanted.limit(limit)).mappings()]


def forget_shots(connection: Connection, tenant_id: UUID, track_id: UUID) -> None:
    """Note that no picture of the sighting is kept."""
    own = (_S.tenant_id == tenant_id, _S.track_id == track_id)
    connection.execute(update(sightings).where(*own).values(shots=[]))


def sighting_of(row: RowMapping) -> Sighting:
    """Return a row of the table as a sighting."""
    return Sighting(**row)


def presence_of(started_at: datetime, ended_at: datetime, shots: list[dict[str, Any]]) -> Presence:
    """Return where a track was, from the columns of its row."""
    glimpses = tuple(Glimpse(datetime.fromisoformat(shot["at"]), tuple(shot["box"])) for shot in shots)
    return Presence(started_at, ended_at, glimpses)
