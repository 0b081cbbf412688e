"""For tests of webhooks: one is made, something happens, a message is verified."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from regulars.ids import new_id
from regulars.store.outbox import OutboxEvent, enqueue, next_due_at
from regulars.store.session import transaction
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.webhook_receiver import Received, WebhookReceiver


def make(owner: httpx.Client, receiver: WebhookReceiver, **different: Any) -> dict[str, Any]:
    setup = {"name": "till", "url": receiver.url, "events": ["visit.started", "camera.failed"]}
    made = owner.post("/v1/webhooks", json=setup | different)
    assert made.status_code == 201, made.text
    return made.json()


def happen(world: World, chain: Chain, **different: Any) -> UUID:
    """Let something happen; return the event's id."""
    told: dict[str, Any] = {
        "tenant_id": chain.tenant_id,
        "event_id": new_id(),
        "type": "visit.started",
        "happened_at": world.clock(),
        "data": {"visit_id": "v"},
        "site_id": chain.site_id,
    }
    event = OutboxEvent(**(told | different))
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        enqueue(connection, event, world.clock())
    return event.event_id


def next_try_of(world: World, chain: Chain) -> datetime | None:
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        return next_due_at(connection)


def signed_with(secret: str, received: Received) -> bool:
    """Verify as docs/webhooks.md says."""
    headers = received.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + received.body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}" in headers["webhook-signature"].split(" ")
