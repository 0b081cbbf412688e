"""The outbox as its owner reads it: what was told whom when, what came back, and what is told again."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update

from regulars.domain.webhooks import LOG_FOR
from regulars.store.outbox import Delivery, DeliveryState, WebhookKey, wake
from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of
from regulars.store.webhook_tables import webhook_attempts, webhook_deliveries

_D = webhook_deliveries.c
_A = webhook_attempts.c
_SORTING = Sorting(_D.event_id, {"created_at": _D.created_at})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at `at` (UTC): the receiver's status, or why there was none."""

    attempt_id: UUID
    at: datetime
    status: int | None
    took_ms: int
    failure: str | None
    response_excerpt: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the whole outbox: how much, and since when the oldest of it (UTC; None: nothing does)."""

    waiting: int
    oldest_at: datetime | None


def page_of_deliveries(
    connection: Connection, key: WebhookKey, piece: Piece, state: DeliveryState | None
) -> Slice[Delivery]:
    """Return one page of a webhook's deliveries by `created_at`."""
    wanted = select(webhook_deliveries).where(_D.tenant_id == key.tenant_id, _D.webhook_id == key.webhook_id)
    if state is not None:
        wanted = wanted.where(_D.state == state)
    return read_slice(connection, wanted, _SORTING, piece, partial(record_of, Delivery))


def find_delivery(connection: Connection, key: WebhookKey, event_id: UUID) -> Delivery | None:
    """Return one delivery, or None."""
    wanted = select(webhook_deliveries).where(
        _D.tenant_id == key.tenant_id, _D.webhook_id == key.webhook_id, _D.event_id == event_id
    )
    row = connection.execute(wanted).mappings().one_or_none()
    return Delivery(**row) if row else None


def attempts_of(connection: Connection, key: WebhookKey, event_id: UUID) -> list[Attempt]:
    """Return every try of a delivery, the first one first."""
    wanted = (
        select(*(_A[name] for name in Attempt.__slots__))
        .where(_A.tenant_id == key.tenant_id, _A.webhook_id == key.webhook_id, _A.event_id == event_id)
        .order_by(_A.at, _A.attempt_id)
    )
    return [Attempt(*row) for row in connection.execute(wanted)]


def replay(connection: Connection, key: WebhookKey, now: datetime, *, event_id: UUID | None = None) -> int:
    """Let one delivery, or all that failed, be told again from now on; return how many."""
    statement = update(webhook_deliveries).where(_D.tenant_id == key.tenant_id, _D.webhook_id == key.webhook_id)
    chosen = _D.state == "failed" if event_id is None else _D.event_id == event_id
    again = connection.execute(statement.where(chosen).values(state="waiting", tries=0, next_at=now, ended_at=None))
    wake(connection)
    return again.rowcount


def forget_customer(connection: Connection, tenant_id: UUID, customer_id: UUID) -> int:
    """Remove all that the tenant's outbox and its log hold about a customer; return of how many deliveries."""
    own = (_D.tenant_id == tenant_id, _D.customer_id == customer_id)
    return connection.execute(delete(webhook_deliveries).where(*own)).rowcount


def forget_old(connection: Connection, now: datetime) -> int:
    """Remove what was enqueued longer than 30 days ago, whatever became of it; return how much."""
    return connection.execute(delete(webhook_deliveries).where(_D.created_at < now - LOG_FOR)).rowcount


def backlog(connection: Connection) -> Backlog:
    """Return what waits, of every tenant in sight."""
    row = connection.execute(select(func.count(), func.min(_D.created_at)).where(_D.state == "waiting")).one()
    return Backlog(row[0], row[1])
