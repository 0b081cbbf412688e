"""Face templates: the truth about who looks how. Milvus only helps to find them, see `StateOfIndex`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Connection,
    RowMapping,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.faces import FloatArray
from regulars.domain.matching import Person
from regulars.ports import TemplateKind
from regulars.store.data_key_tables import face_template_keys
from regulars.store.data_keys import DataKeys, data_keys_of
from regulars.store.records import record_of
from regulars.store.tables import face_templates

_T, _K = face_templates.c, face_template_keys.c
_HELD = _T.withdrawn_by.is_(None)
"""A withdrawn template is kept so that its correction can be undone; nobody is matched with it."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The templates that are searched together: one scope, one kind, vectors of one model pack (its digest)."""

    scope_id: UUID
    kind: TemplateKind
    pack: str


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """One template; `vector` is float32 [d] of length at most 1, `quality` 0 to 1, `tenant_id` who brought it in."""

    template_id: UUID
    scope_id: UUID
    tenant_id: UUID
    kind: TemplateKind
    subject_id: UUID
    pack: str
    vector: FloatArray
    quality: float
    track_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StateOfIndex:
    """How far the index has followed a gallery: a search begun after this was read finds all up to `watermark`.

    Templates of a scope are written under its lock, so `seq` rises in the order of commits, and `indexed_at` is set
    after the index has taken the vector. `pending` is how many of the scope it has not taken, `indexed` whether it
    has any of the gallery; `people` are in the gallery.
    """

    watermark: int
    pending: int
    indexed: bool
    people: int


def lock_gallery(connection: Connection, scope_id: UUID) -> None:
    """Wait until no other transaction decides about this scope; held to the end of the transaction."""
    connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:scope, 7352))"), {"scope": str(scope_id)})


def state_of_index(connection: Connection, gallery: Gallery) -> StateOfIndex:
    """Read, in one statement, how far the index has followed this gallery and how many people are in it."""
    of_pack = (_T.scope_id == gallery.scope_id, _T.pack == gallery.pack, _HELD)
    last = select(func.coalesce(func.max(_T.seq), 0)).where(*of_pack).scalar_subquery()
    behind = select(func.min(_T.seq) - 1).where(*of_pack, _T.indexed_at.is_(None)).scalar_subquery()
    pending = select(func.count()).where(*of_pack, _T.indexed_at.is_(None)).scalar_subquery()
    people = select(func.count(_T.subject_id.distinct())).where(
        _T.scope_id == gallery.scope_id, _T.kind == gallery.kind, _HELD
    )
    indexed = select(_T.template_id).where(*templates_in(gallery), _T.indexed_at.is_not(None)).exists()
    row = connection.execute(select(func.coalesce(behind, last), pending, indexed, people.scalar_subquery())).one()
    return StateOfIndex(row[0], row[1], row[2], row[3])


def templates_of(connection: Connection, gallery: Gallery, subjects: Collection[UUID]) -> list[StoredTemplate]:
    """Return all templates of these people, oldest first."""
    if not subjects:
        return []
    return read_templates(connection, *templates_in(gallery), _T.subject_id == func.any(_ids(subjects)))


def people_of(templates: Sequence[StoredTemplate]) -> list[Person]:
    """Return the people that these templates are of."""
    by_subject: dict[UUID, list[FloatArray]] = {}
    for template in templates:
        by_subject.setdefault(template.subject_id, []).append(template.vector)
    return [Person(subject_id, np.stack(held)) for subject_id, held in by_subject.items()]


def subjects_of(connection: Connection, gallery: Gallery) -> list[UUID]:
    """Return everybody in the gallery, in the order in which they came into it."""
    wanted = select(_T.subject_id).where(*templates_in(gallery)).group_by(_T.subject_id).order_by(func.min(_T.seq))
    return list(connection.scalars(wanted))


def add_template(connection: Connection, template: StoredTemplate) -> None:
    """Add a template, not indexed yet, with a data key of its own. The caller holds the scope's lock."""
    data_keys = data_keys_of(connection)
    key, vector = data_keys.make(), template.vector.astype("<f4").tobytes()
    connection.execute(
        insert(face_templates).values(
            scope_id=template.scope_id,
            template_id=template.template_id,
            tenant_id=template.tenant_id,
            kind=template.kind,
            subject_id=template.subject_id,
            pack=template.pack,
            vector=data_keys.seal(key, vector, template.template_id.bytes),
            quality=template.quality,
            track_id=template.track_id,
            created_at=template.created_at,
        )
    )
    row = {"scope_id": template.scope_id, "template_id": template.template_id, "data_key_wrapped": key}
    connection.execute(insert(face_template_keys).values(**row))


def remove_templates(connection: Connection, scope_id: UUID, template_ids: Collection[UUID]) -> None:
    """Remove templates; the index forgets them later."""
    connection.execute(
        delete(face_templates).where(_T.scope_id == scope_id, _T.template_id == func.any(_ids(template_ids)))
    )


def mark_indexed(connection: Connection, scope_id: UUID, template_ids: Collection[UUID]) -> set[UUID]:
    """Note that the index has these templates now; return those of them that are still there."""
    statement = (
        update(face_templates)
        .where(_T.scope_id == scope_id, _T.template_id == func.any(_ids(template_ids)))
        .values(indexed_at=func.clock_timestamp())
        .returning(_T.template_id)
    )
    return set(connection.scalars(statement))


def mark_pending(connection: Connection, scope_id: UUID, template_ids: Collection[UUID]) -> None:
    """Note that the index does not have these templates."""
    connection.execute(
        update(face_templates)
        .where(_T.scope_id == scope_id, _T.template_id == func.any(_ids(template_ids)))
        .values(indexed_at=None)
    )


def mark_all_pending(connection: Connection, scope_id: UUID, pack: str) -> None:
    """Note that the index has nothing of this scope and pack."""
    of_pack = (_T.scope_id == scope_id, _T.pack == pack, _HELD)
    statement = update(face_templates).where(*of_pack, _T.indexed_at.is_not(None))
    connection.execute(statement.values(indexed_at=None))


def pending_templates(connection: Connection, scope_id: UUID, pack: str, limit: int) -> list[StoredTemplate]:
    """Return at most `limit` templates that the index does not have, oldest first."""
    wanted = (_T.scope_id == scope_id, _T.pack == pack, _T.indexed_at.is_(None), _HELD)
    return read_templates(connection, *wanted, limit=limit)


def template_ids(connection: Connection, scope_id: UUID, pack: str) -> set[UUID]:
    """Return the ids of every template of the scope and pack."""
    return set(connection.scalars(select(_T.template_id).where(_T.scope_id == scope_id, _T.pack == pack, _HELD)))


def _ids(ids: Collection[UUID]) -> BindParameter[Sequence[UUID]]:
    """Return the ids as one array parameter: a list of parameters may not pass 65535."""
    return bindparam(None, list(ids), ARRAY(Uuid()))


def templates_in(gallery: Gallery) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for every template of the gallery."""
    return _T.scope_id == gallery.scope_id, _T.kind == gallery.kind, _T.pack == gallery.pack, _HELD


def read_templates(
    connection: Connection, *wanted: ColumnElement[bool], limit: int | None = None
) -> list[StoredTemplate]:
    """Return templates, oldest first. One whose data key was destroyed is none any more."""
    found = connection.execute(
        select(face_templates, _K.data_key_wrapped)
        .join(face_template_keys, (_K.scope_id == _T.scope_id) & (_K.template_id == _T.template_id))
        .where(*wanted)
        .order_by(_T.seq)
        .limit(limit)
    )
    data_keys = data_keys_of(connection)
    return [opened(row, data_keys) for row in found.mappings()]


def remove_templates_where(connection: Connection, *conditions: ColumnElement[bool]) -> dict[str, list[UUID]]:
    """Remove the templates that meet all conditions; return their ids by pack, for the index."""
    gone = connection.execute(delete(face_templates).where(*conditions).returning(_T.pack, _T.template_id)).all()
    return {pack: [one.template_id for one in gone if one.pack == pack] for pack in {one.pack for one in gone}}


def opened(row: RowMapping, data_keys: DataKeys) -> StoredTemplate:
    """Return a row of `face_templates`, with its key's column `data_key_wrapped`, as what it says."""
    template_id: UUID = row["template_id"]
    vector = data_keys.open(bytes(row["data_key_wrapped"]), bytes(row["vector"]), template_id.bytes)
    return record_of(StoredTemplate, row, vector=np.frombuffer(vector, "<f4").astype(np.float32))
