"""Visits: one row per stay of one person at one site, in a partition per month of its beginning (UTC)."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, text, tuple_, update

from regulars.domain.gender import Gender
from regulars.domain.tracks import Direction
from regulars.domain.visits import Stay, VisitStatus
from regulars.store.tables import visits

_V = visits.c


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay, in UTC. `customer_id` None: somebody was there who could not be told (status `undetermined`)."""

    tenant_id: UUID
    visit_id: UUID
    started_at: datetime
    ended_at: datetime
    site_id: UUID
    customer_id: UUID | None
    status: VisitStatus
    gender: Gender
    direction: Direction
    sightings: int
    created_at: datetime


def ensure_month(connection: Connection, moment: datetime) -> None:
    """Make the partition that visits beginning at `moment` lie in, when it is absent.

    Call it in a transaction that has not touched visits: making a partition waits for all who have.
    """
    connection.execute(text("select visits_ensure_month(:moment)"), {"moment": moment})


def stays_near(
    connection: Connection, tenant_id: UUID, site_id: UUID, customer_id: UUID, since: datetime, until: datetime
) -> list[Stay]:
    """Return the customer's visits at the site that touch this time (UTC)."""
    wanted = select(_V.visit_id, _V.started_at, _V.ended_at).where(
        _V.tenant_id == tenant_id,
        _V.site_id == site_id,
        _V.customer_id == customer_id,
        _V.started_at <= until,
        _V.ended_at >= since,
    )
    return [Stay(row[0], row[1], row[2]) for row in connection.execute(wanted)]


def open_visit(connection: Connection, visit: Visit) -> None:
    """Add a visit."""
    connection.execute(insert(visits).values(**asdict(visit)))


def rewrite_visit(connection: Connection, before: Stay, visit: Visit) -> None:
    """Replace a visit by what its sightings say now; it moves to another month when its beginning did."""
    connection.execute(
        update(visits)
        .where(_V.tenant_id == visit.tenant_id, _V.visit_id == before.visit_id, _V.started_at == before.started_at)
        .values(
            started_at=visit.started_at,
            ended_at=visit.ended_at,
            status=visit.status,
            gender=visit.gender,
            direction=visit.direction,
            sightings=visit.sightings,
        )
    )


def remove_visits(connection: Connection, tenant_id: UUID, stays: Collection[Stay]) -> None:
    """Remove visits that have become part of another."""
    keys = [(stay.visit_id, stay.started_at) for stay in stays]
    if keys:
        statement = delete(visits).where(_V.tenant_id == tenant_id)
        connection.execute(statement.where(tuple_(_V.visit_id, _V.started_at).in_(keys)))


def call_returning(connection: Connection, tenant_id: UUID, customer_id: UUID, except_visit: UUID) -> list[UUID]:
    """Let every visit of the customer to this chain but one be a return; return the ids of those that were not."""
    statement = (
        update(visits)
        .where(
            _V.tenant_id == tenant_id,
            _V.customer_id == customer_id,
            _V.status == "new",
            _V.visit_id != except_visit,
        )
        .values(status="returning")
        .returning(_V.visit_id)
    )
    return list(connection.scalars(statement))


def find_visit(connection: Connection, tenant_id: UUID, visit_id: UUID) -> Visit | None:
    """Return the visit, or None."""
    row = connection.execute(select(visits).where(_V.tenant_id == tenant_id, _V.visit_id == visit_id)).mappings()
    found = row.one_or_none()
    return Visit(**found) if found else None


def visits_until(connection: Connection, visit: Visit) -> tuple[int, datetime | None]:
    """Return which visit of its customer to this chain it is (1: the first), and when the one before began (UTC)."""
    own = (_V.tenant_id == visit.tenant_id, _V.customer_id == visit.customer_id)
    row = connection.execute(
        select(func.count(), func.max(_V.started_at)).where(*own, _V.started_at < visit.started_at)
    ).one()
    return row[0] + 1, row[1]
