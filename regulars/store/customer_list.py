"""Customers as a chain reads them: who they are, and what their visits in sight say of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    select,
)

from regulars.domain.gender import Gender
from regulars.store.customer_search import names_somebody
from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of
from regulars.store.shots import PICTURED
from regulars.store.tables import customers, sightings, sites, tenant_customers, visits

_K, _C, _S = tenant_customers.c, customers.c, sightings.c


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """A customer; times in UTC. `gender` is the one set by hand, else what most visits say.

    `visits`, the first and the last are those in the transaction's sight; `site_name` and `time_zone` (IANA) are of the
    last. `has_shots` says that a picture since the asked time was taken, not that it is still kept.
    """

    customer_id: UUID
    name: str | None
    gender: Gender
    gender_set: Gender
    birth_year: int | None
    phone: str | None
    note: str | None
    visits: int
    first_visit_at: datetime
    last_visit_at: datetime
    site_name: str
    time_zone: str
    has_shots: bool


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers: what is given holds; None is any.

    Seen: some visit began from `since` to before `until` (UTC), at `site_id`. New: their first visit to the chain began
    from `new_since` to before `new_until`. `q` looks as `names_somebody` says.
    """

    site_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    new_since: datetime | None = None
    new_until: datetime | None = None
    gender: Gender | None = None
    has_name: bool | None = None
    q: str | None = None


_OWN = (visits.c.tenant_id == _K.tenant_id, visits.c.customer_id == _K.customer_id)
# One pass over the chain's visits: asking for each customer alone would go through every month's partition.
_SEEN = (
    select(
        visits.c.tenant_id,
        visits.c.customer_id,
        func.count().label("visits"),
        func.min(visits.c.started_at).label("first_visit_at"),
        func.max(visits.c.started_at).label("last_visit_at"),
        func.count().filter(visits.c.gender == "male").label("male"),
        func.count().filter(visits.c.gender == "female").label("female"),
    )
    .where(visits.c.customer_id.is_not(None))
    .group_by(visits.c.tenant_id, visits.c.customer_id)
    .subquery("seen")
)


def _of_last_site(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return what the site of the last visit says, asked only for the rows of a page."""
    same = and_(visits.c.tenant_id == sites.c.tenant_id, visits.c.site_id == sites.c.site_id)
    last = (*_OWN, visits.c.started_at == _SEEN.c.last_visit_at)
    return select(column).select_from(sites).join(visits, same).where(*last).limit(1).scalar_subquery()


_GENDER: ColumnElement[str] = case(
    (_C.gender != "unknown", _C.gender),
    (_SEEN.c.male > _SEEN.c.female, "male"),
    (_SEEN.c.female > _SEEN.c.male, "female"),
    else_="unknown",
)
CUSTOMERS_BY = Sorting(
    _K.customer_id,
    {
        "last_visit_at": _SEEN.c.last_visit_at,
        "first_visit_at": _SEEN.c.first_visit_at,
        "visits": _SEEN.c.visits,
        "name": func.coalesce(func.plain_text(_C.name), ""),
    },
)


def page_of_customers(
    connection: Connection, tenant_id: UUID, wanted: CustomerFilter, kept_since: datetime, piece: Piece
) -> Slice[ListedCustomer]:
    """Return one page of the customers with a visit in sight, in an order of `CUSTOMERS_BY`."""
    rows = _listing(tenant_id, kept_since).where(*_conditions(wanted))
    return read_slice(connection, rows, CUSTOMERS_BY, piece, partial(record_of, ListedCustomer))


def one_customer(
    connection: Connection, tenant_id: UUID, customer_id: UUID, kept_since: datetime
) -> ListedCustomer | None:
    """Return one customer who has a visit in sight, or None."""
    wanted = _listing(tenant_id, kept_since).where(_K.customer_id == customer_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return record_of(ListedCustomer, row) if row else None


def _listing(tenant_id: UUID, kept_since: datetime) -> Select[Any]:
    same = and_(_C.scope_id == _K.scope_id, _C.customer_id == _K.customer_id)
    shot = exists().where(
        _S.tenant_id == _K.tenant_id, _S.customer_id == _K.customer_id, _S.started_at >= kept_since, PICTURED
    )
    return (
        select(
            *(_C[name] for name in ("customer_id", "name", "birth_year", "phone")),
            _C.gender.label("gender_set"),
            _GENDER.label("gender"),
            _K.note,
            *(_SEEN.c[name] for name in ("visits", "first_visit_at", "last_visit_at")),
            _of_last_site(sites.c.name).label("site_name"),
            _of_last_site(sites.c.time_zone).label("time_zone"),
            shot.label("has_shots"),
        )
        .select_from(tenant_customers)
        .join(customers, same)
        .join(_SEEN, and_(_SEEN.c.tenant_id == _K.tenant_id, _SEEN.c.customer_id == _K.customer_id))
        .where(_K.tenant_id == tenant_id)
    )


def _conditions(wanted: CustomerFilter) -> Iterator[ColumnElement[bool]]:
    seen: list[ColumnElement[bool]] = []
    if wanted.site_id is not None:
        seen.append(visits.c.site_id == wanted.site_id)
    if wanted.since is not None:
        seen.append(visits.c.started_at >= wanted.since)
    if wanted.until is not None:
        seen.append(visits.c.started_at < wanted.until)
    if seen:
        yield exists().where(*_OWN, *seen)
    if wanted.new_since is not None:
        yield _K.first_visit_at >= wanted.new_since
    if wanted.new_until is not None:
        yield _K.first_visit_at < wanted.new_until
    if wanted.gender is not None:
        yield _GENDER.in_([wanted.gender])
    if wanted.has_name is not None:
        yield _C.name.is_not(None) == wanted.has_name
    if wanted.q is not None:
        yield names_somebody(wanted.q)
