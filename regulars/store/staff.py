"""A chain's staff: who they are, at which sites they work, and the photographs they are known by."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, Text, delete, func, insert, select, update

from regulars.domain.gender import Gender
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.records import record_of
from regulars.store.staff_tables import staff_photographs, staff_sites
from regulars.store.tables import customers, face_templates, staff
from regulars.store.templates import StoredTemplate, read_templates

_S, _P, _W = staff.c, staff_photographs.c, staff_sites.c


@dataclass(frozen=True, slots=True)
class Member:
    """A chain's staff member.

    `customer_id` is the customer as whom they were known before: that customer's sightings here are theirs.
    """

    tenant_id: UUID
    staff_id: UUID
    name: str
    gender: Gender
    active: bool
    created_at: datetime
    birth_year: int | None = None
    phone: str | None = None
    email: str | None = None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member, where they work (of the sites in sight, sorted), and how many photographs of them are kept."""

    member: Member
    site_ids: tuple[UUID, ...]
    photographs: int


@dataclass(frozen=True, slots=True)
class StaffPhotograph:
    """A photograph that is kept; `quality` of the face on it, 0 to 1."""

    tenant_id: UUID
    photograph_id: UUID
    staff_id: UUID
    quality: float
    created_at: datetime

    @property
    def key(self) -> str:
        """Where the object store keeps it."""
        return f"{folder_of(self.tenant_id, self.staff_id)}{self.photograph_id}.jpg"


def folder_of(tenant_id: UUID, staff_id: UUID) -> str:
    """Return the prefix of all that the object store keeps of a member."""
    return f"people/{tenant_id}/{staff_id}/"


_SITES = (
    select(func.array_agg(_W.site_id)).where(_W.tenant_id == _S.tenant_id, _W.staff_id == _S.staff_id).scalar_subquery()
)
_PHOTOGRAPHS = select(func.count()).where(_P.tenant_id == _S.tenant_id, _P.staff_id == _S.staff_id).scalar_subquery()
_LISTED: Select[Any] = select(staff, _SITES.label("site_ids"), _PHOTOGRAPHS.label("photographs"))
STAFF_BY = Sorting(_S.staff_id, {"created_at": _S.created_at, "name": func.plain_text(_S.name, type_=Text)})


def add_staff(connection: Connection, member: Member) -> None:
    """Add a staff member."""
    connection.execute(insert(staff).values(**asdict(member)))


def change_member(connection: Connection, tenant_id: UUID, staff_id: UUID, **values: object) -> None:
    """Set these columns of a member."""
    connection.execute(update(staff).where(_S.tenant_id == tenant_id, _S.staff_id == staff_id).values(**values))


def put_sites(connection: Connection, tenant_id: UUID, staff_id: UUID, site_ids: Collection[UUID]) -> None:
    """Let a member work at these sites, and at no other one in the transaction's sight."""
    connection.execute(delete(staff_sites).where(_W.tenant_id == tenant_id, _W.staff_id == staff_id))
    rows = [{"tenant_id": tenant_id, "staff_id": staff_id, "site_id": site_id} for site_id in set(site_ids)]
    if rows:
        connection.execute(insert(staff_sites), rows)


def remove_member(connection: Connection, tenant_id: UUID, staff_id: UUID) -> None:
    """Remove a member and all that is kept of them here; sightings of them stay sightings of staff."""
    for table in (staff_photographs, staff_sites, staff):
        own = (table.c.tenant_id == tenant_id, table.c.staff_id == staff_id)
        connection.execute(delete(table).where(*own))


def find_member(connection: Connection, tenant_id: UUID, staff_id: UUID, *, lock: bool = False) -> ListedMember | None:
    """Return the member, or None; with `lock` nobody else changes them before this transaction ends."""
    wanted = _LISTED.where(_S.tenant_id == tenant_id, _S.staff_id == staff_id)
    row = connection.execute(wanted.with_for_update(of=staff) if lock else wanted).mappings().one_or_none()
    return _listed(row) if row else None


def member_by_name(connection: Connection, tenant_id: UUID, name: str) -> ListedMember | None:
    """Return the member of that name, the oldest of several, or None."""
    wanted = _LISTED.where(_S.tenant_id == tenant_id, _S.name == name).order_by(_S.staff_id)
    row = connection.execute(wanted.limit(1)).mappings().one_or_none()
    return _listed(row) if row else None


def page_of_staff(
    connection: Connection,
    tenant_id: UUID,
    piece: Piece,
    *,
    q: str | None = None,
    site_id: UUID | None = None,
    active: bool | None = None,
) -> Slice[ListedMember]:
    """Return one page of the chain's staff; `q` is looked for in names, phones and e-mails."""
    wanted = _LISTED.where(_S.tenant_id == tenant_id)
    if q is not None:
        wanted = wanted.where(mentions(q, _S.name, func.coalesce(_S.phone, ""), func.coalesce(_S.email, "")))
    if site_id is not None:
        here = select(_W.staff_id).where(_W.tenant_id == tenant_id, _W.site_id == site_id)
        wanted = wanted.where(_S.staff_id.in_(here))
    if active is not None:
        wanted = wanted.where(_S.active == active)
    return read_slice(connection, wanted, STAFF_BY, piece, _listed)


def is_staff(connection: Connection, tenant_id: UUID, staff_id: UUID) -> bool:
    """Return whether the chain has this staff member, present or former."""
    wanted = select(_S.staff_id).where(_S.tenant_id == tenant_id, _S.staff_id == staff_id)
    return connection.execute(wanted).one_or_none() is not None


def active_staff(connection: Connection, tenant_id: UUID) -> set[UUID]:
    """Return the ids of the chain's present staff."""
    return set(connection.scalars(select(_S.staff_id).where(_S.tenant_id == tenant_id, _S.active)))


def staff_among_customers(connection: Connection, tenant_id: UUID) -> dict[UUID, UUID]:
    """Return which customers are the chain's present staff: customer to member, also after the customer was merged."""
    known = func.coalesce(customers.c.merged_into, _S.customer_id)
    wanted = select(known, _S.staff_id).outerjoin(customers, customers.c.customer_id == _S.customer_id)
    rows = connection.execute(wanted.where(_S.tenant_id == tenant_id, _S.active, _S.customer_id.is_not(None)))
    return {row[0]: row[1] for row in rows}


def photographs_of(connection: Connection, tenant_id: UUID, staff_id: UUID) -> list[StaffPhotograph]:
    """Return the photographs that are kept of a member, oldest first."""
    own = (_P.tenant_id == tenant_id, _P.staff_id == staff_id)
    rows = connection.execute(select(staff_photographs).where(*own).order_by(_P.photograph_id)).mappings()
    return [StaffPhotograph(**row) for row in rows]


def keys_of_photographs(connection: Connection, tenant_id: UUID) -> set[str]:
    """Return where the photographs of all the tenant's staff lie."""
    rows = connection.execute(select(staff_photographs).where(_P.tenant_id == tenant_id)).mappings()
    return {StaffPhotograph(**row).key for row in rows}


def put_photographs(connection: Connection, member: Member, wanted: Collection[StaffPhotograph]) -> None:
    """Keep these photographs of a member, and no others."""
    own = (_P.tenant_id == member.tenant_id, _P.staff_id == member.staff_id)
    held = set(connection.scalars(select(_P.photograph_id).where(*own)))
    kept = {one.photograph_id for one in wanted}
    connection.execute(delete(staff_photographs).where(*own, _P.photograph_id.in_(held - kept)))
    for one in wanted:
        if one.photograph_id not in held:
            connection.execute(insert(staff_photographs).values(**asdict(one)))


def templates_of_member(connection: Connection, tenant_id: UUID, staff_id: UUID) -> list[StoredTemplate]:
    """Return a member's templates of every pack, oldest first."""
    held = face_templates.c
    own = (held.scope_id == tenant_id, held.kind == "staff", held.subject_id == staff_id)
    return read_templates(connection, *own)


def _listed(row: RowMapping) -> ListedMember:
    member = record_of(Member, row)
    return ListedMember(member, tuple(sorted(row["site_ids"] or ())), row["photographs"])
