"""What a site's day tells of coming and going: read for `regulars.domain.presence`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, DateTime, Uuid, and_, column, select, values

from regulars.domain.presence import Movement, Passage
from regulars.store.tables import crossings, sightings, visits
from regulars.store.tenants import Site

_S, _V, _C = sightings.c, visits.c, crossings.c
_TIME = DateTime(timezone=True)
_NOT_CUSTOMERS = ("rejected", "staff")


@dataclass(frozen=True, slots=True)
class ComingAndGoing:
    """One site's business day: every movement in or out, and the passages of each visit that began in it."""

    movements: list[Movement]
    visits: list[list[Passage]]


def coming_and_going(connection: Connection, site: Site, day: date) -> ComingAndGoing:
    """Return the site's business day (`VisitRule.hours_of`); recognized staff and what was no face are left out."""
    begins, ends = site.rule.hours_of(day)
    customers = (_S.tenant_id == site.tenant_id, _S.site_id == site.site_id, _S.outcome.not_in(_NOT_CUSTOMERS))
    seen = (
        select(_S.visit_id, _S.started_at, _S.ended_at, _S.direction)
        .join(visits, and_(_V.tenant_id == _S.tenant_id, _V.visit_id == _S.visit_id))
        .where(*customers, _V.started_at >= begins, _V.started_at < ends)
        .order_by(_S.started_at)
    )
    passages: dict[UUID, list[Passage]] = {}
    for visit_id, started_at, ended_at, direction in connection.execute(seen):
        passages.setdefault(visit_id, []).append(Passage(started_at, ended_at, direction))
    movements = movements_of(connection, site.tenant_id, {site.site_id: (begins, ends)})
    return ComingAndGoing(movements.get(site.site_id, []), list(passages.values()))


def movements_of(
    connection: Connection, tenant_id: UUID, times: Mapping[UUID, tuple[datetime, datetime]]
) -> dict[UUID, list[Movement]]:
    """Return by site the movements from one time to before another (UTC); sites without any are missing.

    They are the crossings of lines and, at cameras without a line, each track in the direction that the camera's role
    gives it. Recognized staff and what was no face are left out.
    """
    if not times:
        return {}
    wanted = values(column("site_id", Uuid()), column("begins", _TIME), column("ends", _TIME), name="wanted").data(
        [(site_id, begins, ends) for site_id, (begins, ends) in times.items()]
    )
    begins, ends = wanted.c.begins, wanted.c.ends
    customers = (_S.tenant_id == tenant_id, _S.outcome.not_in(_NOT_CUSTOMERS))
    crossed = (
        select(_C.site_id, _C.at, _C.direction)
        .join(wanted, and_(wanted.c.site_id == _C.site_id, _C.at >= begins, _C.at < ends))
        .join(sightings, and_(_S.tenant_id == _C.tenant_id, _S.track_id == _C.track_id))
        .where(*customers, _C.tenant_id == tenant_id)
    )
    over_a_line = select(_C.track_id).where(_C.tenant_id == _S.tenant_id, _C.track_id == _S.track_id).exists()
    by_role = (
        select(_S.site_id, _S.started_at, _S.direction)
        .join(wanted, and_(wanted.c.site_id == _S.site_id, _S.started_at >= begins, _S.started_at < ends))
        .where(*customers, _S.direction != "unknown", ~over_a_line)
    )
    found: dict[UUID, list[Movement]] = {}
    for rows in (crossed, by_role):
        for site_id, at, direction in connection.execute(rows):
            found.setdefault(site_id, []).append(Movement(at, direction))
    return found
