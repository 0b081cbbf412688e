"""A chain as JSON, for the platform's operator: what it is called and what it may, nothing of its people."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.gateway.listing import Page
from functions.gateway.text import PlainName
from regulars.store.tenants import Language, Sharing


class NewTenant(BaseModel):
    """A chain to begin with. `sharing`: it knows the customers of all chains that share (`network`), or its own."""

    model_config = ConfigDict(extra="forbid")

    name: PlainName
    sharing: Sharing = "network"
    language: Language = "vi"


class PlatformTenantChange(BaseModel):
    """What should be different from now on; what is left out or null stays.

    While a chain is `suspended` none of its people can log in; without `recognition` it only counts. Its `sharing`
    can be changed until it has its first customer, who is in one gallery or the other.
    """

    model_config = ConfigDict(extra="forbid")

    name: PlainName | None = None
    sharing: Sharing | None = None
    recognition: bool | None = None
    suspended: Annotated[bool | None, Field(examples=[False])] = None


class PlatformTenant(BaseModel):
    """A chain; `suspended_at` (UTC) is null for one that is not."""

    tenant_id: UUID
    name: str
    sharing: Sharing
    language: Language
    recognition: bool
    created_at: AwareDatetime
    suspended_at: AwareDatetime | None


class TenantPage(Page[PlatformTenant]):
    """Chains, the oldest first unless asked otherwise."""


TenantSort = Literal["created_at", "-created_at", "name", "-name"]
