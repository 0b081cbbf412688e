"""The audit log: who did what to whom; the application can add to it and read it, not change it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from regulars.ids import new_id
from regulars.store.tables import audit_log


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
    names = AuditEntry.__slots__
    return [AuditEntry(**{name: row[name] for name in names}) for row in rows.mappings()]
