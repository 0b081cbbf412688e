"""What a person may be told of themselves: who looked at them, what was put right, what was told to others."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from regulars.store.correction_tables import corrections
from regulars.store.tables import audit_log, face_templates
from regulars.store.webhook_tables import webhook_deliveries

Rows = list[dict[str, Any]]


def who_acted(connection: Connection, tenant_id: UUID, subject_ids: Collection[UUID]) -> Rows:
    """Return the audit log's entries about these customers, visits and tracks, the oldest first."""
    a, wanted = audit_log.c, [str(one) for one in subject_ids]
    columns = select(a.at, a.actor, a.action, a.subject_kind, a.subject_id, a.detail)
    return _rows(connection, columns.where(a.tenant_id == tenant_id, a.subject_id.in_(wanted)).order_by(a.at))


def what_was_put_right(connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID]) -> Rows:
    """Return the corrections that the chain has made of these customers, the oldest first."""
    c = corrections.c
    columns = select(c.at, c.kind, c.actor, c.undone_at, c.undone_by)
    own = (c.tenant_id == tenant_id, c.customer_ids.overlap(list(customer_ids)))
    return _rows(connection, columns.where(*own).order_by(c.at))


def looks_described(connection: Connection, scope_id: UUID, tenant_id: UUID, customer_ids: Collection[UUID]) -> Rows:
    """Return of each template of these customers, withdrawn ones too, what may be said: never the vector.

    `track_id` is None for what another chain brought.
    """
    t = face_templates.c
    rows = _rows(
        connection,
        select(t.tenant_id, t.track_id, t.created_at, t.pack, t.withdrawn_by)
        .where(t.scope_id == scope_id, t.kind == "customer", t.subject_id.in_(list(customer_ids)))
        .order_by(t.seq),
    )
    return [
        {
            "learned_at": row["created_at"],
            "model": row["pack"],
            "in_use": row["withdrawn_by"] is None,
            "brought_by_this_chain": row["tenant_id"] == tenant_id,
            "track_id": row["track_id"] if row["tenant_id"] == tenant_id else None,
        }
        for row in rows
    ]


def told_to_others(connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID]) -> Rows:
    """Return how often which kind of event about these customers went to the chain's webhooks, and when last."""
    w = webhook_deliveries.c
    columns = select(w.type, func.count().label("times"), func.max(w.created_at).label("last_at"))
    own = (w.tenant_id == tenant_id, w.customer_id.in_(list(customer_ids)))
    return _rows(connection, columns.where(*own).group_by(w.type).order_by(w.type))


def _rows(connection: Connection, wanted: Any) -> Rows:
    return [dict(row) for row in connection.execute(wanted).mappings()]
