"""GET, POST, PATCH, DELETE /v1/webhooks: called by the portal."""

import secrets
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.etag import IfMatch, Tag
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.webhooks.schema import (
    NewWebhook,
    Webhook,
    WebhookChange,
    WebhookPage,
    WebhookSetup,
    show_new,
    show_webhook,
)
from regulars.domain.webhooks import SECRET_BYTES, SECRET_OVERLAP, write_secret
from regulars.errors import InputRefused, LimitReached, NotFound
from regulars.ids import new_id
from regulars.store import webhooks
from regulars.store.bounded import refuse_one_too_many
from regulars.store.outbox import wake
from regulars.store.session import Connection
from regulars.store.tenants import find_site
from regulars.store.webhooks import Webhook as StoredWebhook

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], responses=problem_responses(401, 403, 422, 503))
MaySee = Annotated[Caller, may("webhooks.see")]
MayChange = Annotated[Caller, may("webhooks.change")]
SortBy = Literal["name", "-name", "created_at", "-created_at"]
NO_WEBHOOK = "There is no such webhook."
_NO_FIELDS: dict[str, list[str]] = {"fields": []}


@router.get("", response_model=WebhookPage, responses=AS_CSV)
def list_webhooks(
    parts: PartsDep, caller: MaySee, asked: ListAsked, sort: SortBy = "created_at", q: Search | None = None
) -> Response:
    """List the chain's webhooks; `q` looks at names and URLs."""
    return answer_list(
        parts,
        caller,
        asked,
        "webhooks",
        sort=sort,
        page=WebhookPage,
        read=lambda connection, piece: webhooks.page_of_webhooks(connection, caller.tenant_id, piece, q),
        show=show_webhook,
    )


@router.post("", status_code=201, responses=problem_responses(LimitReached))
def create_webhook(parts: PartsDep, caller: MayChange, new: WebhookSetup, tag: Tag) -> NewWebhook:
    """Add a webhook; the answer, and no later one, tells the secret that its messages are signed with."""
    parts.out.refuse_url(new.url)
    secret = write_secret(secrets.token_bytes(SECRET_BYTES))
    with parts.transaction(caller.tenancy) as connection:
        _refuse_unknown_sites(connection, caller.tenant_id, new.site_ids)
        stored = StoredWebhook(
            tenant_id=caller.tenant_id,
            webhook_id=new_id(),
            **_stored(new.model_dump()),
            secret_sealed=parts.sealing.seal(secret),
            created_at=parts.clock(),
        )
        refuse_one_too_many(connection, "webhooks", caller.tenancy, caller.tenancy)
        webhooks.add_webhook(connection, stored)
        detail = {"fields": sorted(new.model_fields_set)}
        note_act(connection, caller, "webhook.created", "webhook", stored.webhook_id, stored.created_at, detail)
    tag.put(show_webhook(stored))
    return show_new(stored, secret)


@router.get("/{webhook_id}", responses=problem_responses(404))
def read_webhook(parts: PartsDep, caller: MaySee, webhook_id: UUID, tag: Tag) -> Webhook:
    """Return one webhook."""
    with parts.transaction(caller.tenancy) as connection:
        shown = show_webhook(find(connection, caller, webhook_id))
    tag.put(shown)
    return shown


@router.patch("/{webhook_id}", responses=problem_responses(404, 412))
def change_webhook(
    parts: PartsDep, caller: MayChange, webhook_id: UUID, change: WebhookChange, tag: IfMatch
) -> Webhook:
    """Change a webhook. Switching it on forgets why it was switched off; what has failed waits to be replayed."""
    given = _stored(change.model_dump(include=change.model_fields_set))
    if missing := [name for name, value in given.items() if value is None and name != "site_ids"]:
        raise InputRefused("webhook_setup", f"{', '.join(missing)} cannot be null; nothing was changed.")
    if "url" in given:
        parts.out.refuse_url(given["url"])
    if given.get("active"):
        given |= {"failing_since": None, "disabled_at": None, "disabled_because": None}
    with parts.transaction(caller.tenancy) as connection:
        before = find(connection, caller, webhook_id, lock=True)
        tag.expect(show_webhook(before))
        _refuse_unknown_sites(connection, caller.tenant_id, change.site_ids)
        if given:
            webhooks.change_webhook(connection, caller.tenant_id, webhook_id, **given)
        wake(connection)
        detail = {"fields": sorted(change.model_fields_set)}
        note_act(connection, caller, "webhook.changed", "webhook", webhook_id, parts.clock(), detail)
        shown = show_webhook(replace(before, **given))
    tag.put(shown)
    return shown


@router.delete("/{webhook_id}", status_code=204, responses=problem_responses(404, 412))
def delete_webhook(parts: PartsDep, caller: MayChange, webhook_id: UUID, tag: IfMatch) -> None:
    """Remove a webhook with all that still waits for it and its log."""
    with parts.transaction(caller.tenancy) as connection:
        tag.expect(show_webhook(find(connection, caller, webhook_id, lock=True)))
        webhooks.remove_webhook(connection, caller.tenant_id, webhook_id)
        note_act(connection, caller, "webhook.deleted", "webhook", webhook_id, parts.clock(), _NO_FIELDS)


@router.post("/{webhook_id}/secret", responses=problem_responses(404))
def rotate_webhook_secret(parts: PartsDep, caller: MayChange, webhook_id: UUID) -> NewWebhook:
    """Make a new secret, told in this answer only. For 24 h every message is signed with the old one as well."""
    secret, now = write_secret(secrets.token_bytes(SECRET_BYTES)), parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        before = find(connection, caller, webhook_id, lock=True)
        values = {
            "secret_sealed": parts.sealing.seal(secret),
            "old_secret_sealed": before.secret_sealed,
            "old_secret_until": now + SECRET_OVERLAP,
        }
        webhooks.change_webhook(connection, caller.tenant_id, webhook_id, **values)
        note_act(connection, caller, "webhook.secret_rotated", "webhook", webhook_id, now, _NO_FIELDS)
    return show_new(before, secret)


def find(connection: Connection, caller: Caller, webhook_id: UUID, *, lock: bool = False) -> StoredWebhook:
    """Return the caller's webhook; raises NotFound."""
    found = webhooks.find_webhook(connection, caller.tenant_id, webhook_id, lock=lock)
    if found is None:
        raise NotFound(NO_WEBHOOK)
    return found


def _stored(given: dict[str, Any]) -> dict[str, Any]:
    """Return sets as the lists that are stored, in an order that does not change by itself."""
    return {
        name: sorted(given[name]) if name in ("events", "site_ids") and given[name] else given[name] for name in given
    }


def _refuse_unknown_sites(connection: Connection, tenant_id: UUID, site_ids: frozenset[UUID] | None) -> None:
    if any(find_site(connection, tenant_id, site_id) is None for site_id in site_ids or ()):
        raise NotFound("There is no such site.")
