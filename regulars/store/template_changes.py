"""Templates change hands or leave: always as new rows, so that a search under way never finds one under an old name.

A withdrawn template stays as long as its correction can be undone; nobody is matched with it, and the index forgets it.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, or_, select, update

from regulars.ids import new_id
from regulars.store.correction_tables import looks_wanted
from regulars.store.tables import face_templates
from regulars.store.templates import StoredTemplate, add_template, read_templates

_T = face_templates.c
_W = looks_wanted.c


def templates_of_customers(
    connection: Connection, scope_id: UUID, customer_ids: Collection[UUID]
) -> list[StoredTemplate]:
    """Return these customers' templates of every pack, oldest first."""
    return read_templates(
        connection,
        _T.scope_id == scope_id,
        _T.kind == "customer",
        _T.subject_id.in_(list(customer_ids)),
        _T.withdrawn_by.is_(None),
    )


def find_addition(connection: Connection, scope_id: UUID, known_by: UUID) -> StoredTemplate | None:
    """Return the customer's template of this id, or the one that this track brought; None when there is none."""
    found = read_templates(
        connection,
        _T.scope_id == scope_id,
        _T.kind == "customer",
        _T.withdrawn_by.is_(None),
        or_(_T.template_id == known_by, _T.track_id == known_by),
    )
    return found[-1] if found else None


def give(connection: Connection, template: StoredTemplate, customer_id: UUID) -> UUID:
    """Add a copy of the template to a customer and return its id; the caller withdraws the template itself."""
    copied = replace(template, template_id=new_id(), subject_id=customer_id)
    add_template(connection, copied)
    return copied.template_id


def withdraw(connection: Connection, scope_id: UUID, template_ids: Collection[UUID], correction_id: UUID) -> None:
    """Take templates out of the gallery for a correction."""
    statement = update(face_templates).where(_T.scope_id == scope_id, _T.template_id.in_(list(template_ids)))
    connection.execute(statement.values(withdrawn_by=correction_id))


def bring_back(connection: Connection, scope_id: UUID, correction_id: UUID) -> None:
    """Put back what a correction withdrew, under new ids: the index may still be forgetting the old ones."""
    withdrawn = (_T.scope_id == scope_id, _T.withdrawn_by == correction_id)
    for template in read_templates(connection, *withdrawn):
        give(connection, template, template.subject_id)
    connection.execute(delete(face_templates).where(*withdrawn))


def to_forget(connection: Connection, scope_id: UUID, pack: str, limit: int) -> list[UUID]:
    """Return at most `limit` withdrawn templates that the index still has."""
    wanted = select(_T.template_id).where(
        _T.scope_id == scope_id, _T.pack == pack, _T.withdrawn_by.is_not(None), _T.indexed_at.is_not(None)
    )
    return list(connection.scalars(wanted.limit(limit)))


@dataclass(frozen=True, slots=True)
class LookWanted:
    """A customer made by hand who needs a template of this track, to be found again."""

    scope_id: UUID
    customer_id: UUID
    tenant_id: UUID
    track_id: UUID
    manifest_key: str
    at: datetime


def want_look(connection: Connection, wanted: LookWanted) -> None:
    """Ask recognize for a template of a track: who corrects has no model at hand."""
    connection.execute(insert(looks_wanted).values(**asdict(wanted)))


def looks_wanted_in(connection: Connection, scope_id: UUID, limit: int = 100) -> list[LookWanted]:
    """Return at most `limit` templates that are wanted in this gallery, the longest waiting first."""
    rows = connection.execute(select(looks_wanted).where(_W.scope_id == scope_id).order_by(_W.at).limit(limit))
    return [LookWanted(**row) for row in rows.mappings()]


def want_no_more(connection: Connection, scope_id: UUID, customer_id: UUID, track_id: UUID | None = None) -> None:
    """The look was made, cannot be made, or the customer is no more; None: all that is wanted of the customer."""
    own = (_W.scope_id == scope_id, _W.customer_id == customer_id)
    statement = delete(looks_wanted).where(*own)
    connection.execute(statement if track_id is None else statement.where(_W.track_id == track_id))
