"""Events set aside: manifests that could not be used, with the reason, until they are replayed with success."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.ids import new_id
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.records import record_of
from regulars.store.tables import events_set_aside, tenants

_A = events_set_aside.c


@dataclass(frozen=True, slots=True)
class SetAside:
    """One manifest key that was refused; times in UTC. `tenant_id` is None when the key names no tenant there is."""

    set_aside_id: UUID
    tenant_id: UUID | None
    object_key: str
    reason: str
    detail: str
    attempts: int
    first_at: datetime
    last_at: datetime
    resolved_at: datetime | None


def set_aside(
    connection: Connection, tenant_id: UUID | None, object_key: str, reason: str, detail: str, now: datetime
) -> None:
    """Note that a key was refused; a key that was refused before gets the new reason and one attempt more.

    Needs the platform's transaction: the tenant that a key names may not exist.
    """
    known = connection.scalar(select(tenants.c.tenant_id).where(tenants.c.tenant_id == tenant_id))
    statement = insert(events_set_aside).values(
        set_aside_id=new_id(),
        tenant_id=known,
        object_key=object_key,
        reason=reason,
        detail=detail,
        attempts=1,
        first_at=now,
        last_at=now,
    )
    again = {"tenant_id": known, "reason": reason, "detail": detail, "last_at": now, "resolved_at": None}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["object_key"], set_={**again, "attempts": events_set_aside.c.attempts + 1}
        )
    )


def resolve(connection: Connection, object_key: str, now: datetime) -> bool:
    """Note that a key was handled after all; return whether it had been set aside."""
    statement = update(events_set_aside).where(_A.object_key == object_key, _A.resolved_at.is_(None))
    return connection.execute(statement.values(resolved_at=now)).rowcount > 0


def find_set_aside(connection: Connection, set_aside_id: UUID) -> SetAside | None:
    """Return what was set aside, resolved or not, or None when there is none in the transaction's sight."""
    wanted = select(events_set_aside).where(_A.set_aside_id == set_aside_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return record_of(SetAside, row) if row else None


def list_set_aside(
    connection: Connection, *, reason: str | None = None, resolved: bool = False, limit: int = 1000
) -> list[SetAside]:
    """Return what was set aside, as far as the transaction may see it, the oldest first; unresolved unless asked."""
    wanted = select(events_set_aside)
    if not resolved:
        wanted = wanted.where(_A.resolved_at.is_(None))
    if reason is not None:
        wanted = wanted.where(_A.reason == reason)
    rows = connection.execute(wanted.order_by(_A.first_at, _A.set_aside_id).limit(limit)).mappings()
    return [SetAside(**row) for row in rows]


SET_ASIDE_BY = Sorting(_A.set_aside_id, {"first_at": _A.first_at, "last_at": _A.last_at})


def page_of_set_aside(
    connection: Connection, piece: Piece, *, reason: str | None = None, q: str | None = None
) -> Slice[SetAside]:
    """Return one page of what is set aside and unresolved; `q` is looked for in key, reason and detail."""
    wanted = select(events_set_aside).where(_A.resolved_at.is_(None))
    if reason is not None:
        wanted = wanted.where(_A.reason == reason)
    if q is not None:
        wanted = wanted.where(mentions(q, _A.object_key, _A.reason, _A.detail))
    return read_slice(connection, wanted, SET_ASIDE_BY, piece, partial(record_of, SetAside))


def keys_set_aside(connection: Connection, keys: Collection[str]) -> set[str]:
    """Return which of these keys are set aside and unresolved."""
    wanted = select(_A.object_key).where(_A.object_key.in_(list(keys)), _A.resolved_at.is_(None))
    return set(connection.scalars(wanted))
