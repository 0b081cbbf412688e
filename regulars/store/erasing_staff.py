"""What of a member of staff lies where in PostgreSQL, and how it goes; beside `erasing.py`, which is for customers."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update

from regulars.store.correction_tables import corrections
from regulars.store.corrections import corrections_of_tracks
from regulars.store.erasing import ERASED, Unlinked
from regulars.store.staff_tables import staff_photographs, staff_sites
from regulars.store.tables import face_templates, sightings, staff
from regulars.store.templates import remove_templates_where

_S, _T = sightings.c, face_templates.c


def staff_in_gallery(connection: Connection, tenant_id: UUID) -> set[UUID]:
    """Return the id of every member of the chain's staff, and of whom its staff's templates speak."""
    members = select(staff.c.staff_id).where(staff.c.tenant_id == tenant_id)
    looks = select(_T.subject_id).where(_T.scope_id == tenant_id, _T.kind == "staff")
    return set(connection.scalars(members.union(looks)))


def unlink_staff_sightings(connection: Connection, tenant_id: UUID, staff_id: UUID) -> list[Unlinked]:
    """Let a member's sightings be nobody's, without shots; they stay sightings of staff, which are no visits."""
    statement = (
        update(sightings)
        .where(_S.tenant_id == tenant_id, _S.staff_id == staff_id)
        .values(staff_id=None, customer_id=None, reason=ERASED, shots=[], pack=None)
        .returning(_S.track_id, _S.manifest_key)
    )
    return [Unlinked(*row) for row in connection.execute(statement)]


def forget_said_to_be_staff(connection: Connection, tenant_id: UUID, track_ids: Collection[UUID]) -> list[UUID]:
    """Remove the corrections that made these tracks staff's: undoing one would make them a customer's again."""
    said = [one for one in corrections_of_tracks(connection, tenant_id, track_ids) if one.kind == "was_staff"]
    ids = [one.correction_id for one in said]
    own = (corrections.c.tenant_id == tenant_id, corrections.c.correction_id.in_(ids))
    connection.execute(delete(corrections).where(*own))
    return ids


def forget_staff_templates(connection: Connection, tenant_id: UUID, staff_id: UUID) -> dict[str, list[UUID]]:
    """Remove what a member was known by; return ids by pack."""
    own = (_T.scope_id == tenant_id, _T.kind == "staff", _T.subject_id == staff_id)
    return remove_templates_where(connection, *own)


def left_of_member(connection: Connection, tenant_id: UUID, staff_id: UUID) -> int:
    """Return how many rows still speak of the member."""
    own = [(table.c.tenant_id, table.c.staff_id) for table in (staff, staff_sites, staff_photographs, sightings)]
    counted = [
        select(func.count()).where(tenant == tenant_id, member == staff_id).scalar_subquery() for tenant, member in own
    ]
    looks = select(func.count()).where(_T.scope_id == tenant_id, _T.kind == "staff", _T.subject_id == staff_id)
    return sum(connection.execute(select(*counted, looks.scalar_subquery())).one())
