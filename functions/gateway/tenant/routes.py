"""GET and PATCH /v1/tenant: called by the portal."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from regulars.errors import NotAllowed
from regulars.store import tenants
from regulars.store.audit import AuditEntry, record

router = APIRouter(prefix="/v1/tenant", tags=["tenant"], responses=problem_responses(401, 403, 422, 503))


class TenantChange(BaseModel):
    """Without `recognition` the chain only counts: no embedding, no customer, in and out and gender only."""

    model_config = ConfigDict(extra="forbid")

    recognition: bool


class Tenant(TenantChange):
    """The chain. `sharing` says whose customers it knows: a network's, or its own."""

    name: str
    sharing: tenants.Sharing


@router.get("")
def read_tenant(parts: PartsDep, caller: Annotated[Caller, may("sites.see")]) -> Tenant:
    """Return the chain of who is logged in."""
    return _read(parts, caller)


@router.patch("")
def change_tenant(parts: PartsDep, caller: Annotated[Caller, may("tenant.change")], change: TenantChange) -> Tenant:
    """Let the chain recognize people or only count them; its workers learn of it with their next heartbeat.

    Customers who are known by then stay known, and are not found again while it only counts.
    """
    tenant_id, now = caller.tenant_id, parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        tenants.change_tenant(connection, tenant_id, recognition=change.recognition)
        action = "tenant.recognition_on" if change.recognition else "tenant.recognition_off"
        record(connection, AuditEntry(tenant_id, caller.actor, action, "tenant", str(tenant_id), {}, now))
    return _read(parts, caller)


def _read(parts: Parts, caller: Caller) -> Tenant:
    with parts.transaction(caller.tenancy) as connection:
        tenant = tenants.find_tenant(connection, caller.tenant_id)
    if tenant is None:
        raise NotAllowed("This account's tenant is no more.")
    return Tenant(name=tenant.name, sharing=tenant.sharing, recognition=tenant.recognition)
