"""The audit log: who did what to whom; the application can add to it and read it, not change it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, and_, func, insert, or_, select

from regulars.ids import new_id
from regulars.store.account_tables import api_keys, users
from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of
from regulars.store.tables import audit_log

_A = audit_log.c
_ACTOR_NAME = func.coalesce(users.c.email, api_keys.c.name).label("actor_name")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act, at `at` (UTC). `actor` is a user's, key's or process's name; `detail` is JSON, without faces."""

    tenant_id: UUID | None
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    detail: dict[str, Any]
    at: datetime


def record(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry."""
    connection.execute(insert(audit_log).values(audit_id=new_id(), **asdict(entry)))


def entries(connection: Connection, tenant_id: UUID | None, limit: int = 200) -> list[AuditEntry]:
    """Return at most `limit` entries of a tenant (None: of the platform itself), the newest first."""
    owner = audit_log.c.tenant_id
    wanted = select(audit_log).where(owner.is_(None) if tenant_id is None else owner == tenant_id)
    rows = connection.execute(wanted.order_by(audit_log.c.at.desc(), audit_log.c.audit_id.desc()).limit(limit))
    return [record_of(AuditEntry, row) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class NotedAct:
    """An entry as it is read. `actor_name`: the account's e-mail or the key's name while it is in sight."""

    audit_id: UUID
    entry: AuditEntry
    actor_name: str | None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries: from `since` to before `until` (UTC), by an actor, an action, about a subject; None is any."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None


AUDIT_BY = Sorting(_A.audit_id, {"at": _A.at})


def page_of_audit(connection: Connection, tenant_id: UUID | None, wanted: AuditFilter, piece: Piece) -> Slice[NotedAct]:
    """Return one page of a tenant's entries; None: the platform's own, and what its accounts did at tenants."""
    rows = (
        select(_A.audit_id, *(_A[name] for name in AuditEntry.__slots__), _ACTOR_NAME)
        .outerjoin(users, _A.actor == func.concat("user:", users.c.user_id))
        .outerjoin(api_keys, _A.actor == func.concat("key:", api_keys.c.key_id))
    )
    of_platform = or_(_A.tenant_id.is_(None), and_(users.c.user_id.is_not(None), users.c.tenant_id.is_(None)))
    rows = rows.where(of_platform if tenant_id is None else _A.tenant_id == tenant_id)
    for column, value in (
        (_A.actor, wanted.actor),
        (_A.action, wanted.action),
        (_A.subject_kind, wanted.subject_kind),
        (_A.subject_id, wanted.subject_id),
    ):
        if value is not None:
            rows = rows.where(column == value)
    if wanted.since is not None:
        rows = rows.where(_A.at >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(_A.at < wanted.until)
    return read_slice(connection, rows, AUDIT_BY, piece, _noted)


def _noted(row: RowMapping) -> NotedAct:
    entry = record_of(AuditEntry, row)
    return NotedAct(row["audit_id"], entry, row["actor_name"])
