"""What the webhook routes take and tell; a secret is told once, when it is made."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, SecretStr, field_serializer

from functions.gateway.listing import Page
from functions.gateway.text import PlainLine, PlainName
from regulars.domain.webhooks import Disabled, EventType
from regulars.store.outbox import Delivery as StoredDelivery
from regulars.store.outbox import DeliveryState
from regulars.store.outbox_log import Attempt as StoredAttempt
from regulars.store.webhooks import Webhook as StoredWebhook

_EXAMPLE: dict[str, JsonValue] = {
    "name": "shop floor",
    "url": "https://example.com/regulars",
    "events": ["regular.returned", "camera.failed", "camera.recovered"],
}
Events = Annotated[frozenset[EventType], Field(min_length=1)]
SiteIds = Annotated[frozenset[UUID], Field(min_length=1, max_length=1000)]


class WebhookSetup(BaseModel):
    """What a person decides: where to tell what. `site_ids` null: of every site; `include_names`: customers' names."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    name: PlainName
    url: PlainLine
    events: Events
    site_ids: SiteIds | None = None
    include_names: bool = False
    active: bool = True


class WebhookChange(BaseModel):
    """What should be different; what is left out stays. `site_ids` null: every site."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": True}]})

    name: PlainName | None = None
    url: PlainLine | None = None
    events: Events | None = None
    site_ids: SiteIds | None = None
    include_names: bool | None = None
    active: bool | None = None


class Webhook(BaseModel):
    """A webhook. `failing_since`: nothing was taken since then. `disabled_at` and why, when it was switched off for it.

    Switched off because it was `failing` for three days, or answered 410: `gone`.
    """

    webhook_id: UUID
    name: str
    url: str
    events: list[EventType]
    site_ids: list[UUID] | None
    include_names: bool
    active: bool
    created_at: AwareDatetime
    failing_since: AwareDatetime | None
    disabled_at: AwareDatetime | None
    disabled_because: Disabled | None


class NewWebhook(Webhook):
    """A webhook with the secret that its messages are signed with: it cannot be read again."""

    secret: SecretStr = Field(json_schema_extra={"writeOnly": False})

    @field_serializer("secret", when_used="json")
    def _reveal(self, value: SecretStr) -> str:
        return value.get_secret_value()


class WebhookPage(Page[Webhook]):
    """Webhooks."""


class Attempt(BaseModel):
    """One try at `at` (UTC): `status` that came back, or `failure`: why none did; the beginning of the answer."""

    at: AwareDatetime
    status: int | None
    took_ms: int
    failure: str | None
    response_excerpt: str


class Delivery(BaseModel):
    """One event on its way to the webhook. `next_at`: when it is tried next, while it is `waiting`."""

    event_id: UUID
    type: str
    happened_at: AwareDatetime
    created_at: AwareDatetime
    state: DeliveryState
    tries: int
    next_at: AwareDatetime | None
    ended_at: AwareDatetime | None


class DeliveryPage(Page[Delivery]):
    """Deliveries of one webhook."""


class DeliveryLog(Delivery):
    """A delivery with what is told, without names, and every try of it, the first one first."""

    data: dict[str, Any]
    attempts: list[Attempt]


class Replayed(BaseModel):
    """So many deliveries are told again."""

    replayed: int


def show_webhook(stored: StoredWebhook) -> Webhook:
    """Return the webhook as it is told."""
    return Webhook.model_validate(stored, from_attributes=True)


def show_new(stored: StoredWebhook, secret: str) -> NewWebhook:
    """Return a webhook with its secret."""
    return NewWebhook(**show_webhook(stored).model_dump(), secret=SecretStr(secret))


def show_delivery(stored: StoredDelivery) -> Delivery:
    """Return the delivery as it is told."""
    return Delivery.model_validate(stored, from_attributes=True)


def show_attempt(stored: StoredAttempt) -> Attempt:
    """Return the attempt as it is told."""
    return Attempt.model_validate(stored, from_attributes=True)


def show_log(stored: StoredDelivery, attempts: list[StoredAttempt]) -> DeliveryLog:
    """Return the delivery with its tries."""
    told = show_delivery(stored).model_dump()
    return DeliveryLog(**told, data=stored.data, attempts=[show_attempt(one) for one in attempts])
