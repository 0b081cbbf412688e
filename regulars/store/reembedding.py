"""What a deployment holds of several model packs, and which kept tracks show people whom the new pack does not know."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select
from sqlalchemy.orm import aliased

from regulars.ports import TemplateKind
from regulars.store.shots import PICTURED
from regulars.store.tables import face_templates, sightings, staff, tenant_customers

_S, _K, _T = sightings.c, tenant_customers.c, face_templates.c


@dataclass(frozen=True, slots=True)
class KeptTrack:
    """A customer's track whose pictures are kept; `taught` when one of the customer's templates came of it."""

    customer_id: UUID
    track_id: UUID
    manifest_key: str
    taught: bool


def packs_held(connection: Connection, scope_id: UUID) -> set[str]:
    """Return the digests of the packs of which the gallery has templates."""
    return set(connection.scalars(select(_T.pack).where(_T.scope_id == scope_id).distinct()))


def last_used(connection: Connection, tenant_id: UUID, pack: str) -> datetime | None:
    """Return when (UTC) a track of this tenant was last recognized with the pack, or None."""
    wanted = select(func.max(_S.recognized_at)).where(_S.tenant_id == tenant_id, _S.pack == pack)
    return connection.scalar(wanted)


def kept_tracks(
    connection: Connection, tenant_id: UUID, scope_id: UUID, pack: str, since: datetime, most: int
) -> dict[UUID, list[KeptTrack]]:
    """Return by customer, of whom the pack has no template, at most `most` tracks since then (UTC) with pictures.

    Tracks that taught a template come first, then the newest.
    """
    taught = exists().where(_T.scope_id == scope_id, _T.track_id == _S.track_id, _T.withdrawn_by.is_(None))
    of_customer = (_S.tenant_id == tenant_id, _S.customer_id == _K.customer_id, _S.started_at >= since, PICTURED)
    order = func.row_number().over(partition_by=_S.customer_id, order_by=(taught.desc(), _S.started_at.desc()))
    found = (
        select(_S.customer_id, _S.track_id, _S.manifest_key, taught.label("taught"), order.label("place"))
        .select_from(sightings)
        .join(tenant_customers, _K.customer_id == _S.customer_id)
        .where(_K.tenant_id == tenant_id, *of_customer, ~_knows(scope_id, _K.customer_id, pack))
        .subquery()
    )
    wanted = select(found).where(found.c.place <= most).order_by(found.c.customer_id, found.c.place)
    tracks: dict[UUID, list[KeptTrack]] = {}
    for row in connection.execute(wanted):
        tracks.setdefault(row.customer_id, []).append(
            KeptTrack(row.customer_id, row.track_id, row.manifest_key, row.taught)
        )
    return tracks


def members_to_learn(connection: Connection, tenant_id: UUID, pack: str) -> list[UUID]:
    """Return active staff of whom the pack has no template."""
    wanted = select(staff.c.staff_id).where(staff.c.tenant_id == tenant_id, staff.c.active)
    return list(connection.scalars(wanted.where(~_knows(tenant_id, staff.c.staff_id, pack))))


def left_behind(connection: Connection, scope_id: UUID, kind: TemplateKind, pack: str) -> int:
    """Return how many people of the gallery have templates, but none of the pack."""
    other = aliased(face_templates)
    known = exists().where(
        other.c.scope_id == scope_id, other.c.kind == kind, other.c.subject_id == _T.subject_id, other.c.pack == pack
    )
    people = select(func.count(_T.subject_id.distinct()))
    return connection.scalar(people.where(_T.scope_id == scope_id, _T.kind == kind, ~known)) or 0


def remove_pack(connection: Connection, scope_id: UUID, pack: str) -> int:
    """Remove every template of the pack, withdrawn ones too; return how many. The caller holds the gallery's lock."""
    return connection.execute(delete(face_templates).where(_T.scope_id == scope_id, _T.pack == pack)).rowcount


def _knows(scope_id: UUID, subject_id: ColumnElement[UUID], pack: str) -> ColumnElement[bool]:
    return exists().where(_T.scope_id == scope_id, _T.subject_id == subject_id, _T.pack == pack)
