"""Visits as a person reads them: with the customer's name, the site's time zone and which visit it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select, tuple_

from regulars.domain.gender import Gender
from regulars.domain.tracks import Direction
from regulars.domain.visits import VisitStatus
from regulars.store.customer_search import names_somebody
from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of
from regulars.store.shots import PICTURED
from regulars.store.tables import customers, sightings, sites, tenant_customers, visits

_V = visits.c
# What a human has set in the profile wins, also in visits that were written before.
_GENDER = func.coalesce(func.nullif(customers.c.gender, "unknown"), _V.gender)


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """A visit; times in UTC, `time_zone` an IANA name.

    `visit_number` is which visit to this chain it is of the customer, `customer_visits` how many there are by now;
    both None when nobody was recognized. `has_shots` says that a picture was taken, not that it is still kept.
    """

    visit_id: UUID
    site_id: UUID
    site_name: str
    time_zone: str
    started_at: datetime
    ended_at: datetime
    customer_id: UUID | None
    customer_name: str | None
    status: VisitStatus
    gender: Gender
    direction: Direction
    sightings: int
    visit_number: int | None
    customer_visits: int | None
    has_shots: bool


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """Which visits: those that began from `since` to before `until` (UTC), and what else is given; None is any.

    `gender` is the one that is told, `camera_id` one that saw some of the visit; `q` looks as `names_somebody` says.
    """

    site_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    status: VisitStatus | None = None
    customer_id: UUID | None = None
    gender: Gender | None = None
    direction: Direction | None = None
    camera_id: UUID | None = None
    q: str | None = None


VISITS_BY = Sorting(_V.visit_id, {"started_at": _V.started_at})


def page_of_visits(connection: Connection, tenant_id: UUID, wanted: VisitFilter, piece: Piece) -> Slice[ListedVisit]:
    """Return one page of visits, in an order of `VISITS_BY`."""
    rows = _listing(tenant_id).where(*_conditions(wanted))
    return read_slice(connection, rows, VISITS_BY, piece, partial(record_of, ListedVisit))


def one_visit(connection: Connection, tenant_id: UUID, visit_id: UUID) -> ListedVisit | None:
    """Return one visit, or None."""
    row = connection.execute(_listing(tenant_id).where(_V.visit_id == visit_id)).mappings().one_or_none()
    return record_of(ListedVisit, row) if row else None


def _conditions(wanted: VisitFilter) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (_V.site_id, wanted.site_id),
        (_V.status, wanted.status),
        (_V.customer_id, wanted.customer_id),
        (_GENDER, wanted.gender),
        (_V.direction, wanted.direction),
    ):
        if value is not None:
            yield column == value
    if wanted.since is not None:
        yield _V.started_at >= wanted.since
    if wanted.until is not None:
        yield _V.started_at < wanted.until
    if wanted.camera_id is not None:
        seen = (sightings.c.tenant_id == _V.tenant_id, sightings.c.visit_id == _V.visit_id)
        yield exists().where(*seen, sightings.c.camera_id == wanted.camera_id)
    if wanted.q is not None:
        yield names_somebody(wanted.q)


def _listing(tenant_id: UUID) -> Select[Any]:
    same = visits.alias("same_customer")
    of_customer = select(func.count()).where(same.c.tenant_id == _V.tenant_id, same.c.customer_id == _V.customer_id)
    earlier = of_customer.where(tuple_(same.c.started_at, same.c.visit_id) <= tuple_(_V.started_at, _V.visit_id))
    shot = exists().where(sightings.c.tenant_id == _V.tenant_id, sightings.c.visit_id == _V.visit_id, PICTURED)
    known = tenant_customers.c
    return (
        select(
            *(_V[name] for name in ("visit_id", "site_id", "started_at", "ended_at", "customer_id", "status")),
            _GENDER.label("gender"),
            *(_V[name] for name in ("direction", "sightings")),
            sites.c.name.label("site_name"),
            sites.c.time_zone,
            customers.c.name.label("customer_name"),
            func.nullif(earlier.scalar_subquery(), 0).label("visit_number"),
            func.nullif(of_customer.scalar_subquery(), 0).label("customer_visits"),
            shot.label("has_shots"),
        )
        .select_from(visits)
        .join(sites, and_(sites.c.tenant_id == _V.tenant_id, sites.c.site_id == _V.site_id))
        .outerjoin(tenant_customers, and_(known.tenant_id == _V.tenant_id, known.customer_id == _V.customer_id))
        .outerjoin(
            customers,
            and_(customers.c.scope_id == known.scope_id, customers.c.customer_id == known.customer_id),
        )
        .where(_V.tenant_id == tenant_id)
    )
