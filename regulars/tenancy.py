"""Who a piece of work is done for: carried into every transaction, where row-level security holds it."""

from dataclasses import dataclass
from uuid import UUID

NETWORK_SCOPE_ID = UUID("00000000-0000-7000-8000-000000000001")
"""The gallery shared by all tenants whose sharing is `network`."""


def gallery_scope_id(tenant_id: UUID, sharing: str) -> UUID:
    """Return the id of the customer gallery that a tenant matches against."""
    return NETWORK_SCOPE_ID if sharing == "network" else tenant_id


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The tenant a transaction acts for, and the customer gallery it may match against.

    `scope_id` is None wherever nobody is matched (the gateway): then only customers who visited this tenant are
    visible. `tenant_id` None is the platform itself: leases across tenants, unknown-tenant events, login.

    `site_ids` names the only sites whose rows are visible; None: all of the tenant's.
    """

    tenant_id: UUID | None
    scope_id: UUID | None = None
    site_ids: frozenset[UUID] | None = None


PLATFORM = Tenancy(tenant_id=None)
