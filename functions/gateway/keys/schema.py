"""What the routes of keys take and tell: the key itself is told once, when it is made."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.gateway.auth.permissions import Action
from functions.gateway.listing import Page
from functions.gateway.text import PlainName
from regulars.domain.bounds import Moment
from regulars.store.api_keys import KnownKey

Scope = Literal["worker"] | Action
KeySort = Literal["created_at", "-created_at", "name", "-name"]


class NewKey(BaseModel):
    """A key's name, what it is good for, and until when (UTC; null: until it is revoked)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "till", "scopes": ["figures.see"]}]}
    )

    name: PlainName
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=50)]
    expires_at: Moment | None = None


class KeyChange(BaseModel):
    """What should be different from now on. What a key is good for never changes: make another."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "till 2"}]})

    name: PlainName


class Rotation(BaseModel):
    """For how long the old key stays good beside the new one, so that nothing stops."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"old_good_for_s": 3600}]})

    old_good_for_s: Annotated[int, Field(ge=0, le=7 * 86400)] = 86400


class Key(BaseModel):
    """A key by what it begins with; its use is noted once a minute. Times in UTC.

    `old_until`: since it was rotated, the key from before is good until then.
    """

    key_id: UUID
    prefix: str
    name: str
    scopes: list[str]
    created_by: str
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    last_used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    old_until: AwareDatetime | None


class KeyPage(Page[Key]):
    """Keys, the oldest first unless asked otherwise."""


class MadeKey(Key):
    """The key itself, told this once: it cannot be read again."""

    key: str


def show_key(key: KnownKey) -> Key:
    """Return the key as it is told."""
    values = {name: getattr(key, name) for name in Key.model_fields if name != "scopes"}
    return Key(scopes=sorted(key.scopes), **values)
