"""GET and POST below /v1/webhooks/{webhook_id}: what was told, how it went, once more; called by the portal."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.errors import problem_responses
from functions.gateway.listing import AS_CSV, ListAsked, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.webhooks.routes import MayChange, MaySee, find
from functions.gateway.webhooks.schema import (
    DeliveryLog,
    DeliveryPage,
    Replayed,
    show_delivery,
    show_log,
)
from regulars.domain.webhooks import TEST_EVENT
from regulars.errors import NotFound
from regulars.ids import new_id
from regulars.store.outbox import Delivery, DeliveryState, WebhookKey, add_delivery, note_attempt
from regulars.store.outbox_log import attempts_of, find_delivery, page_of_deliveries, replay
from regulars.store.session import Connection

router = APIRouter(
    prefix="/v1/webhooks/{webhook_id}", tags=["webhooks"], responses=problem_responses(401, 403, 404, 422, 503)
)
SortBy = Literal["created_at", "-created_at"]


@router.get("/deliveries", response_model=DeliveryPage, responses=AS_CSV)
def list_webhook_deliveries(
    parts: PartsDep,
    caller: MaySee,
    webhook_id: UUID,
    asked: ListAsked,
    sort: SortBy = "-created_at",
    state: DeliveryState | None = None,
) -> Response:
    """List what this webhook was told, or is to be told, within the last 30 days."""
    key = WebhookKey(caller.tenant_id, webhook_id)
    with parts.transaction(caller.tenancy) as connection:
        find(connection, caller, webhook_id)
    return answer_list(
        parts,
        caller,
        asked,
        "deliveries",
        sort=sort,
        page=DeliveryPage,
        read=lambda connection, piece: page_of_deliveries(connection, key, piece, state),
        show=show_delivery,
    )


@router.get("/deliveries/{event_id}")
def read_webhook_delivery(parts: PartsDep, caller: MaySee, webhook_id: UUID, event_id: UUID) -> DeliveryLog:
    """Return one delivery with every try of it."""
    with parts.transaction(caller.tenancy) as connection:
        return _read(connection, WebhookKey(caller.tenant_id, webhook_id), event_id)


@router.post("/deliveries/{event_id}/replay")
def replay_webhook_delivery(parts: PartsDep, caller: MayChange, webhook_id: UUID, event_id: UUID) -> DeliveryLog:
    """Tell one event again, whatever became of it, under the same id."""
    key = WebhookKey(caller.tenant_id, webhook_id)
    with parts.transaction(caller.tenancy) as connection:
        replay(connection, key, parts.clock(), event_id=event_id)
        return _read(connection, key, event_id)


@router.post("/replay")
def replay_webhook_failures(parts: PartsDep, caller: MayChange, webhook_id: UUID) -> Replayed:
    """Tell every event again that failed for good."""
    with parts.transaction(caller.tenancy) as connection:
        find(connection, caller, webhook_id)
        return Replayed(replayed=replay(connection, WebhookKey(caller.tenant_id, webhook_id), parts.clock()))


@router.post("/test", responses=problem_responses(429))
def test_webhook(parts: PartsDep, caller: MayChange, webhook_id: UUID) -> DeliveryLog:
    """Send a `webhook.test` now, once, also while the webhook is switched off; the answer tells how that went."""
    # A receiver may take its time with each, and there are not many threads: a chain's keys count together.
    parts.limits.count("webhook_tests", str(caller.tenant_id))
    now, event_id = parts.clock(), new_id()
    key = WebhookKey(caller.tenant_id, webhook_id)
    with parts.transaction(caller.tenancy) as connection:
        webhook = find(connection, caller, webhook_id)
    delivery = Delivery(
        tenant_id=caller.tenant_id,
        webhook_id=webhook_id,
        event_id=event_id,
        type=TEST_EVENT,
        site_id=None,
        customer_id=None,
        data={"webhook_id": str(webhook_id), "name": webhook.name},
        happened_at=now,
        created_at=now,
        state="waiting",
        tries=0,
        next_at=now,
        ended_at=None,
    )
    # Between two transactions: a receiver that takes its time must not hold a connection of the routes.
    answered = parts.courier.send(webhook, delivery, {})
    with parts.transaction(caller.tenancy) as connection:
        find(connection, caller, webhook_id, lock=True)
        add_delivery(connection, delivery)
        note_attempt(connection, delivery, answered, None, parts.clock())
        return _read(connection, key, event_id)


def _read(connection: Connection, key: WebhookKey, event_id: UUID) -> DeliveryLog:
    found = find_delivery(connection, key, event_id)
    if found is None:
        raise NotFound("There is no such delivery.")
    return show_log(found, attempts_of(connection, key, event_id))
