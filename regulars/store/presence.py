"""What a site's day tells of coming and going: read for `regulars.domain.presence`."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, and_, select

from regulars.domain.presence import Movement, Passage
from regulars.store.tables import crossings, sightings, visits
from regulars.store.tenants import Site

_S, _V, _C = sightings.c, visits.c, crossings.c
_NOT_CUSTOMERS = ("rejected", "staff")


@dataclass(frozen=True, slots=True)
class ComingAndGoing:
    """One site's business day: every movement in or out, and the passages of each visit that began in it."""

    movements: list[Movement]
    visits: list[list[Passage]]


def coming_and_going(connection: Connection, site: Site, day: date) -> ComingAndGoing:
    """Return the site's business day (`VisitRule.hours_of`).

    Movements are the crossings of lines and, at cameras without a line, each track in the direction that the camera's
    role gives it. Recognized staff and what was no face are left out.
    """
    begins, ends = site.rule.hours_of(day)
    customers = (_S.tenant_id == site.tenant_id, _S.site_id == site.site_id, _S.outcome.not_in(_NOT_CUSTOMERS))
    crossed = (
        select(_C.at, _C.direction)
        .join(sightings, and_(_S.tenant_id == _C.tenant_id, _S.track_id == _C.track_id))
        .where(*customers, _C.site_id == site.site_id, _C.at >= begins, _C.at < ends)
    )
    over_a_line = select(_C.track_id).where(_C.tenant_id == _S.tenant_id, _C.track_id == _S.track_id).exists()
    by_role = select(_S.started_at, _S.direction).where(
        *customers, _S.started_at >= begins, _S.started_at < ends, _S.direction != "unknown", ~over_a_line
    )
    seen = (
        select(_S.visit_id, _S.started_at, _S.ended_at, _S.direction)
        .join(visits, and_(_V.tenant_id == _S.tenant_id, _V.visit_id == _S.visit_id))
        .where(*customers, _V.started_at >= begins, _V.started_at < ends)
        .order_by(_S.started_at)
    )
    passages: dict[UUID, list[Passage]] = {}
    for visit_id, started_at, ended_at, direction in connection.execute(seen):
        passages.setdefault(visit_id, []).append(Passage(started_at, ended_at, direction))
    movements = [Movement(at, direction) for rows in (crossed, by_role) for at, direction in connection.execute(rows)]
    return ComingAndGoing(movements, list(passages.values()))
