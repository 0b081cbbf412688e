"""Sightings change hands: read and write whose they are when people or consolidation put something right."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select, update

from regulars.domain.companions import Presence
from regulars.domain.matching import Outcome
from regulars.store.erasing import ERASED
from regulars.store.sightings import Sighting, presence_of, sighting_of
from regulars.store.tables import sightings, visits
from regulars.store.visits import Visit

_S = sightings.c


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose a sighting is and why: what a correction changes, and what undoing it brings back."""

    track_id: UUID
    customer_id: UUID | None
    outcome: Outcome
    reason: str
    staff_id: UUID | None = None


def sightings_of_customers(
    connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID], track_ids: Collection[UUID] = ()
) -> list[Sighting]:
    """Return the tenant's sightings of these customers, and these tracks whoever they show, oldest first."""
    wanted = select(sightings).where(
        _S.tenant_id == tenant_id, or_(_S.customer_id.in_(list(customer_ids)), _S.track_id.in_(list(track_ids)))
    )
    return [sighting_of(row) for row in connection.execute(wanted.order_by(_S.started_at)).mappings()]


def sightings_of_member(connection: Connection, tenant_id: UUID, staff_id: UUID) -> list[Sighting]:
    """Return the sightings of a member of the tenant's staff, oldest first."""
    wanted = select(sightings).where(_S.tenant_id == tenant_id, _S.staff_id == staff_id).order_by(_S.started_at)
    return [sighting_of(row) for row in connection.execute(wanted).mappings()]


def sightings_of_visits(connection: Connection, tenant_id: UUID, visit_ids: Collection[UUID]) -> list[Sighting]:
    """Return the sightings of these visits, oldest first."""
    wanted = select(sightings).where(_S.tenant_id == tenant_id, _S.visit_id.in_(list(visit_ids)))
    return [sighting_of(row) for row in connection.execute(wanted.order_by(_S.started_at)).mappings()]


def assign(connection: Connection, tenant_id: UUID, assignments: Sequence[Assignment]) -> None:
    """Let each sighting be whose it is said to be, but none whose person was erased; visits are to be derived again."""
    for one in assignments:
        connection.execute(
            update(sightings)
            .where(_S.tenant_id == tenant_id, _S.track_id == one.track_id, _S.reason != ERASED)
            .values(customer_id=one.customer_id, outcome=one.outcome, reason=one.reason, staff_id=one.staff_id)
        )


def put_into_visit(connection: Connection, tenant_id: UUID, track_ids: Collection[UUID], visit_id: UUID | None) -> None:
    """Let these sightings belong to `visit_id`, or to none."""
    own = (_S.tenant_id == tenant_id, _S.track_id.in_(list(track_ids)))
    connection.execute(update(sightings).where(*own).values(visit_id=visit_id))


def visits_touched(
    connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID], visit_ids: Collection[UUID]
) -> list[Visit]:
    """Return the visits of these customers and those of these ids."""
    wanted = select(visits).where(
        visits.c.tenant_id == tenant_id,
        or_(visits.c.customer_id.in_(list(customer_ids)), visits.c.visit_id.in_(list(visit_ids))),
    )
    return [Visit(**row) for row in connection.execute(wanted).mappings()]


def meetings(connection: Connection, tenant_id: UUID, one_id: UUID, other_id: UUID) -> list[tuple[Presence, Presence]]:
    """Return where both customers were each time they were on one camera of the tenant at once."""
    one, other = sightings.alias("one"), sightings.alias("other")
    at_once = and_(
        other.c.tenant_id == one.c.tenant_id,
        other.c.camera_id == one.c.camera_id,
        other.c.started_at < one.c.ended_at,
        other.c.ended_at > one.c.started_at,
    )
    columns = (one.c.started_at, one.c.ended_at, one.c.shots, other.c.started_at, other.c.ended_at, other.c.shots)
    wanted = (
        select(*columns)
        .join(other, at_once)
        .where(one.c.tenant_id == tenant_id, one.c.customer_id == one_id, other.c.customer_id == other_id)
    )
    return [(presence_of(*row[:3]), presence_of(*row[3:])) for row in connection.execute(wanted)]
