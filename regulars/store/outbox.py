"""The outbox: what is to be told goes in with the change that it tells of, and comes out when it was taken."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Uuid, and_, any_, case, cast, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.types import Text

from regulars.domain.webhooks import Answered, EventType
from regulars.ids import new_id
from regulars.store.webhook_tables import webhook_attempts, webhook_deliveries, webhooks

CHANNEL = "regulars_outbox"
DeliveryState = Literal["waiting", "delivered", "failed"]
_W = webhooks.c
_D = webhook_deliveries.c
_SAME_WEBHOOK = and_(_W.tenant_id == _D.tenant_id, _W.webhook_id == _D.webhook_id)


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """Something that happened at `happened_at` (UTC) to the tenant; who receives it, knows it by `event_id`.

    `data` is JSON and holds ids, counts and times: no face, and no name of a person. `site_id` None: of no one site.
    """

    tenant_id: UUID
    event_id: UUID
    type: EventType
    happened_at: datetime
    data: dict[str, Any]
    site_id: UUID | None = None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WebhookKey:
    """Which webhook."""

    tenant_id: UUID
    webhook_id: UUID


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one webhook; times in UTC. `tries` counts since it was enqueued or replayed last."""

    tenant_id: UUID
    webhook_id: UUID
    event_id: UUID
    type: str
    site_id: UUID | None
    customer_id: UUID | None
    data: dict[str, Any]
    happened_at: datetime
    created_at: datetime
    state: DeliveryState
    tries: int
    next_at: datetime | None
    ended_at: datetime | None


def enqueue(connection: Connection, event: OutboxEvent, now: datetime) -> None:
    """Put an event into the outbox of every webhook that wants it.

    Call it in the transaction of the change itself. An event that a webhook has, is not put there again.
    """
    values = {name: getattr(event, name) for name in ("event_id", "type", "site_id", "customer_id", "happened_at")}
    wanted = (
        select(
            _W.tenant_id,
            _W.webhook_id,
            *(literal(value, _D[name].type).label(name) for name, value in values.items()),
            cast(literal(event.data, JSONB), JSONB).label("data"),
            literal(now, _D.created_at.type),
            literal("waiting"),
            literal(0),
            literal(now, _D.next_at.type),
        )
        .where(_W.tenant_id == event.tenant_id, _W.active)
        .where(_W.events.contains(cast([event.type], ARRAY(Text))))
    )
    if event.site_id is not None:
        wanted = wanted.where(or_(_W.site_ids.is_(None), literal(event.site_id, Uuid()) == any_(_W.site_ids)))
    columns = ["tenant_id", "webhook_id", *values, "data", "created_at", "state", "tries", "next_at"]
    statement = upsert(webhook_deliveries).from_select(columns, wanted).on_conflict_do_nothing()
    if connection.execute(statement).rowcount:
        wake(connection)


def wake(connection: Connection) -> None:
    """Let those who deliver look, when this transaction commits."""
    connection.execute(text("select pg_notify(:channel, '')"), {"channel": CHANNEL})


def webhooks_due(connection: Connection, now: datetime, limit: int, of_each: int) -> list[WebhookKey]:
    """Return at most `limit` active webhooks with something due, who waits longest first; for the platform.

    Of a chain `of_each` at most: however many it has, and however slow they are, the others' turn comes.
    """
    since = func.min(_D.next_at)
    waiting = (
        select(
            _D.tenant_id,
            _D.webhook_id,
            since.label("since"),
            func.row_number().over(partition_by=_D.tenant_id, order_by=since).label("place"),
        )
        .join(webhooks, _SAME_WEBHOOK)
        .where(_D.state == "waiting", _D.next_at <= now, _W.active)
        .group_by(_D.tenant_id, _D.webhook_id)
        .subquery()
        .c
    )
    wanted = select(waiting.tenant_id, waiting.webhook_id).where(waiting.place <= of_each)
    return [WebhookKey(*row) for row in connection.execute(wanted.order_by(waiting.since).limit(limit))]


def next_due_at(connection: Connection) -> datetime | None:
    """Return when the next delivery is due (UTC), None when nothing waits; for the platform."""
    wanted = select(func.min(_D.next_at)).join(webhooks, _SAME_WEBHOOK).where(_D.state == "waiting", _W.active)
    return connection.scalar(wanted)


def hold_webhook(connection: Connection, key: WebhookKey) -> bool:
    """Take the webhook in hand until this transaction ends; False when another process has it.

    A process that dies holds nothing any more: what it was sending is sent again.
    """
    statement = text("select pg_try_advisory_xact_lock(hashtextextended(:key, 0))")
    return bool(connection.scalar(statement, {"key": f"webhook {key.webhook_id}"}))


def oldest_due(connection: Connection, key: WebhookKey, now: datetime) -> Delivery | None:
    """Return the webhook's delivery that has been due the longest, or None."""
    wanted = (
        select(webhook_deliveries)
        .where(_D.tenant_id == key.tenant_id, _D.webhook_id == key.webhook_id)
        .where(_D.state == "waiting", _D.next_at <= now)
        .order_by(_D.next_at, _D.created_at, _D.event_id)
        .limit(1)
    )
    row = connection.execute(wanted).mappings().one_or_none()
    return Delivery(**row) if row else None


def add_delivery(connection: Connection, delivery: Delivery) -> None:
    """Add a delivery to one webhook alone: a test, which its owner asked for."""
    connection.execute(insert(webhook_deliveries).values(**asdict(delivery)))


def note_attempt(
    connection: Connection, delivery: Delivery, answered: Answered, next_at: datetime | None, now: datetime
) -> None:
    """Write down one try and what follows from it: delivered, waiting until `next_at`, or failed."""
    connection.execute(
        insert(webhook_attempts).values(
            tenant_id=delivery.tenant_id,
            attempt_id=new_id(),
            webhook_id=delivery.webhook_id,
            event_id=delivery.event_id,
            at=now,
            status=answered.status,
            took_ms=answered.took_ms,
            failure=answered.failure,
            response_excerpt=answered.excerpt,
        )
    )
    state = "delivered" if answered.taken else "waiting" if next_at else "failed"
    connection.execute(
        update(webhook_deliveries)
        .where(_D.tenant_id == delivery.tenant_id, _D.webhook_id == delivery.webhook_id)
        .where(_D.event_id == delivery.event_id)
        .values(
            state=state,
            tries=delivery.tries + 1,
            next_at=next_at if state == "waiting" else None,
            ended_at=None if state == "waiting" else now,
        )
    )


def let_rest(connection: Connection, key: WebhookKey, now: datetime, rest: timedelta) -> None:
    """Put off all that is due for a webhook that does not answer at all, so that it keeps no other waiting."""
    own = (_D.tenant_id == key.tenant_id, _D.webhook_id == key.webhook_id, _D.state == "waiting")
    later = case((_D.next_at < now + rest, now + rest), else_=_D.next_at)
    connection.execute(update(webhook_deliveries).where(*own, _D.next_at < now + rest).values(next_at=later))
