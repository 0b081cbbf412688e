"""GET and PATCH /v1/tenant: called by the portal."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.etag import IfMatch, Tag, TagWriter
from functions.gateway.parts import PartsDep
from functions.gateway.text import PlainName
from regulars.errors import NotAllowed
from regulars.store import tenants
from regulars.store.session import Connection

router = APIRouter(prefix="/v1/tenant", tags=["tenant"], responses=problem_responses(401, 403, 422, 503))

RetentionDays = Annotated[int, Field(ge=1, le=30, description="How long pictures of visitors are kept.")]
Months = Annotated[int, Field(ge=1, le=120)]
LeastPeople = Annotated[int, Field(ge=1, le=100, description="Reports say nothing of groups that are smaller.")]


class TenantChange(BaseModel):
    """What should be different from now on; what is left out stays.

    Without `recognition` the chain only counts: no embedding, no customer, in and out and gender only. Customers are
    forgotten `inactive_after_months` after their last visit, with null never. `second_factor_required` is asked of all
    who may see faces.
    """

    model_config = ConfigDict(extra="forbid")

    name: PlainName | None = None
    recognition: bool | None = None
    language: tenants.Language | None = None
    retention_days: RetentionDays | None = None
    inactive_after_months: Months | None = None
    least_people_shown: LeastPeople | None = None
    second_factor_required: Annotated[bool | None, Field(examples=[False])] = None


class Tenant(BaseModel):
    """The chain. `sharing` says whose customers it knows: a network's, or its own."""

    name: str
    sharing: tenants.Sharing
    recognition: bool
    language: tenants.Language
    retention_days: RetentionDays
    inactive_after_months: Months | None
    least_people_shown: LeastPeople
    second_factor_required: bool


@router.get("")
def read_tenant(parts: PartsDep, caller: Annotated[Caller, may("tenant.see")], tag: Tag) -> Tenant:
    """Return the chain of who is logged in."""
    with parts.transaction(caller.tenancy) as connection:
        return _told(tag, _own(connection, caller))


@router.patch("")
def change_tenant(
    parts: PartsDep, caller: Annotated[Caller, may("tenant.change")], change: TenantChange, tag: IfMatch
) -> Tenant:
    """Change what the chain has decided; workers learn of `recognition` with their next heartbeat.

    Customers who are known by then stay known, and are not found again while it only counts.
    """
    given = {name: getattr(change, name) for name in change.model_fields_set}
    given = {name: value for name, value in given.items() if value is not None or name == "inactive_after_months"}
    with parts.transaction(caller.tenancy) as connection:
        tag.expect(_own(connection, caller, lock=True))
        if given:
            tenants.change_tenant(connection, caller.tenant_id, **given)
            told: dict[str, Any] = {name: value for name, value in given.items() if name != "name"}
            detail = {"fields": sorted(given)} | told
            note_act(connection, caller, "tenant.changed", "tenant", caller.tenant_id, parts.clock(), detail)
        return _told(tag, _own(connection, caller))


def _own(connection: Connection, caller: Caller, *, lock: bool = False) -> tenants.Tenant:
    tenant = tenants.find_tenant(connection, caller.tenant_id, lock=lock)
    if tenant is None:
        raise NotAllowed("This account's tenant is no more.")
    return tenant


def _told(tag: TagWriter, tenant: tenants.Tenant) -> Tenant:
    tag.put(tenant)
    return Tenant.model_validate({name: getattr(tenant, name) for name in Tenant.model_fields})
