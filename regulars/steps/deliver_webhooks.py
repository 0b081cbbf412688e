"""Takes what is due out of the outbox and sends it: beside the gateway always, or by the clock where none always runs.

Told at least once: a message counts as delivered when its receiver has answered and that was committed. One webhook is
in one process's hands at a time, oldest first; many webhooks are served beside each other.
"""

import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from pydantic import SecretStr

from regulars.domain.webhooks import Answered, next_try, sign
from regulars.errors import ConfigurationRefused
from regulars.store.audit import AuditEntry, record
from regulars.store.outbox import (
    Delivery,
    WebhookKey,
    hold_webhook,
    let_rest,
    note_attempt,
    oldest_due,
    webhooks_due,
)
from regulars.store.outbox_log import forget_old
from regulars.store.people import find_customer
from regulars.store.session import Connection, Engine, act_for, transaction
from regulars.store.webhooks import Webhook, find_webhook, note_refused, note_taken
from regulars.tenancy import PLATFORM, Tenancy

AT_ONCE = 8
OF_A_CHAIN = 3
"""So many of one chain's webhooks are served beside each other: their receivers may all hang."""
RESTS = timedelta(seconds=30)
ACTOR = "process:courier"
_log = logging.getLogger(__name__)

Post = Callable[[str, bytes, Mapping[str, str]], Answered]


@dataclass(frozen=True, kw_only=True)
class Courier:
    """All that delivering needs; used by many threads at once. `spread` gives a random number from 0 to 1."""

    engine: Engine
    post: Post
    unseal: Callable[[bytes], SecretStr]
    clock: Callable[[], datetime]
    spread: Callable[[], float]

    def due(self, limit: int = AT_ONCE * 4) -> list[WebhookKey]:
        """Return webhooks with something to deliver now. Raises DependencyAway."""
        with transaction(self.engine, PLATFORM) as connection:
            return webhooks_due(connection, self.clock(), limit, OF_A_CHAIN)

    def serve(self, key: WebhookKey, most: int = 20) -> int:
        """Deliver what is due for one webhook until one fails, at most so many; return how many were tried.

        0 when another process has it in hand. Raises DependencyAway.
        """
        for tried in range(most):
            taken = self._deliver_oldest(key)
            if not taken:
                return tried if taken is None else tried + 1
        return most

    def run(self) -> int:
        """Deliver all that is due now, and forget what is old; return how many were tried. Raises DependencyAway."""
        tried = 0
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while due := self.due():
                served = sum(pool.map(self.serve, due))
                tried += served
                if not served:
                    break
        with transaction(self.engine, PLATFORM) as connection:
            forget_old(connection, self.clock())
        return tried

    def send(self, webhook: Webhook, delivery: Delivery, more: Mapping[str, Any]) -> Answered:
        """Sign and send one message, with `more` beside what was stored of it; writes nothing down."""
        now = self.clock()
        body = write_body(delivery.type, delivery.happened_at, {**delivery.data, **more})
        message_id = str(delivery.event_id)
        try:
            secrets = [self.unseal(one).get_secret_value() for one in _sealed(webhook, now)]
        except ConfigurationRefused:
            return Answered(None, 0, "secret_not_readable", "")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Regulars-Webhooks/1",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(sign(secret, message_id, now, body) for secret in secrets),
        }
        return self.post(webhook.url, body, headers)

    def _deliver_oldest(self, key: WebhookKey) -> bool | None:
        """Return whether it was taken, None when there was nothing to do. Sending is within the transaction.

        So the lock ends with the process, however that ends, and the next one sends it again.
        """
        with transaction(self.engine, PLATFORM) as connection:
            if not hold_webhook(connection, key):
                return None
            act_for(connection, Tenancy(key.tenant_id))
            delivery = oldest_due(connection, key, self.clock())
            webhook = find_webhook(connection, key.tenant_id, key.webhook_id)
            if delivery is None or webhook is None or not webhook.active:
                return None
            answered = self.send(webhook, delivery, _named(connection, webhook, delivery))
            self._settle(connection, webhook, delivery, answered)
            return answered.taken

    def _settle(self, connection: Connection, webhook: Webhook, delivery: Delivery, answered: Answered) -> None:
        now = self.clock()
        again = None if answered.taken else next_try(delivery.tries + 1, now, self.spread())
        note_attempt(connection, delivery, answered, again, now)
        if answered.taken:
            note_taken(connection, webhook)
            return
        if answered.status is None:
            let_rest(connection, WebhookKey(webhook.tenant_id, webhook.webhook_id), now, RESTS)
        disabled = note_refused(connection, webhook, gone=answered.status == HTTPStatus.GONE, now=now)
        if disabled:
            _log.warning("a webhook was switched off", extra={"webhook_id": webhook.webhook_id, "because": disabled})
            detail = {"because": disabled}
            subject = ("webhook", str(webhook.webhook_id))
            record(connection, AuditEntry(webhook.tenant_id, ACTOR, "webhook.disabled", *subject, detail, now))


def write_body(event: str, happened_at: datetime, data: Mapping[str, Any]) -> bytes:
    """Return a message as it is signed and sent."""
    at = happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": event, "timestamp": at, "data": data}, ensure_ascii=False).encode()


def _sealed(webhook: Webhook, now: datetime) -> list[bytes]:
    old = webhook.old_secret_sealed
    if old is not None and webhook.old_secret_until is not None and now < webhook.old_secret_until:
        return [webhook.secret_sealed, old]
    return [webhook.secret_sealed]


def _named(connection: Connection, webhook: Webhook, delivery: Delivery) -> dict[str, str | None]:
    """The name is read when it is sent, so that none lies in the outbox."""
    if not webhook.include_names or delivery.customer_id is None:
        return {}
    customer = find_customer(connection, delivery.customer_id)
    return {"name": customer.name if customer else None}
