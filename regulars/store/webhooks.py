"""Webhooks: where a tenant wants to be told of what, and how well that goes."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from regulars.domain.webhooks import FAILING_FOR, Disabled, EventType
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.records import record_of
from regulars.store.webhook_tables import webhook_deliveries, webhooks

_W = webhooks.c
_D = webhook_deliveries.c
_SORTING = Sorting(_W.webhook_id, {"name": _W.name, "created_at": _W.created_at})


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook; times in UTC, secrets sealed. `site_ids` None: every site. The old secret signs until it is past.

    `failing_since` is when the first of all tries since the last success failed.
    """

    tenant_id: UUID
    webhook_id: UUID
    name: str
    url: str
    events: list[EventType]
    site_ids: list[UUID] | None
    include_names: bool
    active: bool
    secret_sealed: bytes
    created_at: datetime
    old_secret_sealed: bytes | None = None
    old_secret_until: datetime | None = None
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_because: Disabled | None = None


def add_webhook(connection: Connection, webhook: Webhook) -> None:
    """Add a webhook."""
    connection.execute(insert(webhooks).values(**asdict(webhook)))


def find_webhook(connection: Connection, tenant_id: UUID, webhook_id: UUID, *, lock: bool = False) -> Webhook | None:
    """Return the webhook, locked until the transaction ends if it is to be changed; None when there is none."""
    wanted = select(webhooks).where(_W.tenant_id == tenant_id, _W.webhook_id == webhook_id)
    if lock:
        wanted = wanted.with_for_update(key_share=True)
    row = connection.execute(wanted).mappings().one_or_none()
    return Webhook(**row) if row else None


def page_of_webhooks(connection: Connection, tenant_id: UUID, piece: Piece, q: str | None) -> Slice[Webhook]:
    """Return one page of the tenant's webhooks, sorted by `name` or `created_at`."""
    wanted = select(webhooks).where(_W.tenant_id == tenant_id)
    if q:
        wanted = wanted.where(mentions(q, _W.name, _W.url))
    return read_slice(connection, wanted, _SORTING, piece, partial(record_of, Webhook))


def change_webhook(connection: Connection, tenant_id: UUID, webhook_id: UUID, **values: Any) -> None:
    """Set these columns."""
    own = (_W.tenant_id == tenant_id, _W.webhook_id == webhook_id)
    connection.execute(update(webhooks).where(*own).values(**values))


def remove_webhook(connection: Connection, tenant_id: UUID, webhook_id: UUID) -> None:
    """Remove a webhook with its outbox and log."""
    connection.execute(delete(webhooks).where(_W.tenant_id == tenant_id, _W.webhook_id == webhook_id))


def note_taken(connection: Connection, webhook: Webhook) -> None:
    """Note that it took something."""
    if webhook.failing_since is not None:
        change_webhook(connection, webhook.tenant_id, webhook.webhook_id, failing_since=None)


def note_refused(connection: Connection, webhook: Webhook, *, gone: bool, now: datetime) -> Disabled | None:
    """Note that it took nothing; return why it was switched off by that, None when it stays on.

    What still waits for one that is switched off counts as failed, and can be replayed.
    """
    own = (connection, webhook.tenant_id, webhook.webhook_id)
    since = webhook.failing_since or now
    if not gone and now - since < FAILING_FOR:
        change_webhook(*own, failing_since=since)
        return None
    because: Disabled = "gone" if gone else "failing"
    change_webhook(*own, failing_since=since, active=False, disabled_at=now, disabled_because=because)
    connection.execute(
        update(webhook_deliveries)
        .where(_D.tenant_id == webhook.tenant_id, _D.webhook_id == webhook.webhook_id, _D.state == "waiting")
        .values(state="failed", next_at=None, ended_at=now)
    )
    return because
