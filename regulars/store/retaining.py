"""What grows old in PostgreSQL: shots' keys, what was announced, looks of people who do not come any more."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, exists, select, update

from regulars.store.account_tables import one_time_links, sessions
from regulars.store.gallery_tables import templates_gone
from regulars.store.tables import events_set_aside, face_templates, live_events, sightings, tenant_customers, visits
from regulars.store.templates import remove_templates_where

BATCH = 5000
_S, _E, _T, _V = sightings.c, live_events.c, face_templates.c, visits.c


def forget_old_shots(connection: Connection, tenant_id: UUID, before: datetime) -> int:
    """Empty the shots of at most `BATCH` sightings that began before then (UTC); return of how many."""
    old = (_S.tenant_id == tenant_id, _S.started_at < before, _S.shots != [])
    some = select(_S.track_id).where(*old).limit(BATCH)
    statement = update(sightings).where(_S.tenant_id == tenant_id, _S.track_id.in_(some)).values(shots=[])
    return connection.execute(statement).rowcount


def forget_old_news(connection: Connection, tenant_id: UUID, before: datetime) -> int:
    """Remove what was announced before then (UTC): no page that was open is still waiting for it."""
    return connection.execute(delete(live_events).where(_E.tenant_id == tenant_id, _E.at < before)).rowcount


def forget_expired_logins(connection: Connection, before: datetime) -> int:
    """Remove sessions and one-time links that had run out before then (UTC), in the transaction's sight."""
    return sum(
        connection.execute(delete(table).where(table.c.expires_at < before)).rowcount
        for table in (sessions, one_time_links)
    )


def forget_set_aside(connection: Connection, before: datetime) -> int:
    """Remove what was last set aside before then (UTC), in the transaction's sight: its pictures are gone."""
    return connection.execute(delete(events_set_aside).where(events_set_aside.c.last_at < before)).rowcount


def forget_looks_gone(connection: Connection, before: datetime) -> int:
    """Remove what was noted of looks that left before then (UTC): who holds a gallery has long read it."""
    return connection.execute(delete(templates_gone).where(templates_gone.c.gone_at < before)).rowcount


def not_seen_since(connection: Connection, tenant_id: UUID, since: datetime, limit: int) -> list[UUID]:
    """Return at most `limit` customers with looks that this chain brought, who have not come to it since (UTC)."""
    k = tenant_customers.c
    came = exists().where(_V.tenant_id == tenant_id, _V.customer_id == k.customer_id, _V.started_at >= since)
    brought = exists().where(
        _T.scope_id == k.scope_id, _T.kind == "customer", _T.subject_id == k.customer_id, _T.tenant_id == tenant_id
    )
    wanted = select(k.customer_id).where(k.tenant_id == tenant_id, k.first_visit_at < since, ~came, brought)
    return list(connection.scalars(wanted.order_by(k.customer_id).limit(limit)))


def forget_looks(
    connection: Connection, scope_id: UUID, tenant_id: UUID, customer_ids: Collection[UUID]
) -> dict[str, list[UUID]]:
    """Remove the looks that this chain brought of these customers; return their ids by pack."""
    own = (_T.scope_id == scope_id, _T.kind == "customer", _T.tenant_id == tenant_id)
    return remove_templates_where(connection, *own, _T.subject_id.in_(list(customer_ids)))
