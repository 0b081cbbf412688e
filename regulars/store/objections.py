"""Objections: who is not to be recognized, at one chain or in the whole network; their looks are a gallery apart."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of
from regulars.store.rights_tables import objections
from regulars.store.tables import face_templates
from regulars.store.templates import remove_templates_where

_O, _T = objections.c, face_templates.c
_SORTING = Sorting(_O.objection_id, {"at": _O.at})


@dataclass(frozen=True, slots=True)
class Objection:
    """Somebody objected at `at` (UTC), `how` says on which way.

    `scope_id` is where it counts: a tenant's own id for that chain alone, the network's for every chain in it.
    """

    scope_id: UUID
    objection_id: UUID
    tenant_id: UUID | None
    how: str
    actor: str
    at: datetime


def add_objection(connection: Connection, objection: Objection) -> None:
    """Note an objection."""
    connection.execute(insert(objections).values(**asdict(objection)))


def page_of_objections(connection: Connection, tenant_id: UUID, piece: Piece) -> Slice[Objection]:
    """Return one page of the objections made at this chain."""
    wanted = select(objections).where(_O.tenant_id == tenant_id)
    return read_slice(connection, wanted, _SORTING, piece, partial(record_of, Objection))


def find_objection(connection: Connection, tenant_id: UUID, objection_id: UUID) -> Objection | None:
    """Return the objection made at this chain, or None."""
    wanted = select(objections).where(_O.tenant_id == tenant_id, _O.objection_id == objection_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return Objection(**row) if row else None


def remove_objection(connection: Connection, objection: Objection) -> dict[str, list[UUID]]:
    """Remove the objection and the templates kept for it; return their ids by pack."""
    own = (_T.scope_id == objection.scope_id, _T.kind == "objector", _T.subject_id == objection.objection_id)
    removed = remove_templates_where(connection, *own)
    mine = (_O.scope_id == objection.scope_id, _O.objection_id == objection.objection_id)
    connection.execute(delete(objections).where(*mine))
    return removed
