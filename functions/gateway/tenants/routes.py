"""/v1/tenants: the platform's operator opens chains, names them, suspends them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.etag import IfMatch, Tag, TagWriter
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.tenants.schema import NewTenant, PlatformTenant, PlatformTenantChange, TenantPage, TenantSort
from regulars.errors import InUse, NotFound
from regulars.ids import new_id
from regulars.store import tenants
from regulars.store.session import Connection, act_for
from regulars.tenancy import Tenancy

router = APIRouter(prefix="/v1/tenants", tags=["tenants"], responses=problem_responses(401, 403, 422, 503))
MaySee = Annotated[Caller, may("tenants.see")]
MayChange = Annotated[Caller, may("tenants.change")]


@router.get("", response_model=TenantPage, responses=AS_CSV)
def list_tenants(
    parts: PartsDep,
    caller: MaySee,
    asked: ListAsked,
    q: Search | None = None,
    suspended: bool | None = None,
    sort: TenantSort = "created_at",
) -> Response:
    """List the chains on this platform."""
    return answer_list(
        parts,
        caller,
        asked,
        "tenants",
        sort=sort,
        page=TenantPage,
        read=lambda connection, piece: tenants.page_of_tenants(connection, piece, q=q, suspended=suspended),
        show=_show,
    )


@router.post("", status_code=201)
def create_tenant(parts: PartsDep, caller: MayChange, new: NewTenant, tag: Tag) -> PlatformTenant:
    """Open a chain, still without sites and people; its first owner is invited as a user.

    In production a second factor is asked of all who may see faces there, until its owner decides otherwise.
    """
    tenant = tenants.Tenant(
        new_id(),
        new.name,
        new.sharing,
        parts.clock(),
        language=new.language,
        second_factor_required=parts.settings.mode == "production",
    )
    with parts.transaction(caller.tenancy) as connection:
        tenants.add_tenant(connection, tenant)
        opened = tenant.tenant_id
        note_act(connection, caller, "tenant_opened", "tenant", opened, parts.clock(), tenant_id=opened)
    return _told(tag, tenant)


@router.get("/{tenant_id}", responses=problem_responses(404))
def read_platform_tenant(parts: PartsDep, caller: MaySee, tenant_id: UUID, tag: Tag) -> PlatformTenant:
    """Return one chain."""
    with parts.transaction(caller.tenancy) as connection:
        return _told(tag, _found(connection, tenant_id))


@router.patch("/{tenant_id}", responses=problem_responses(404, InUse))
def change_platform_tenant(
    parts: PartsDep, caller: MayChange, tenant_id: UUID, change: PlatformTenantChange, tag: IfMatch
) -> PlatformTenant:
    """Change a chain: its name, whose customers it knows, whether it recognizes anybody, whether it is suspended."""
    given = {name: value for name in change.model_fields_set if (value := getattr(change, name)) is not None}
    with parts.transaction(caller.tenancy) as connection:
        before = _found(connection, tenant_id, lock=True)
        tag.expect(before)
        if given.get("sharing", before.sharing) != before.sharing and _knows_anybody(connection, caller, tenant_id):
            raise InUse("This chain has customers, who are in its present gallery; its sharing stays as it is.")
        detail: dict[str, Any] = {"fields": sorted(given)} | {key: given[key] for key in given if key != "name"}
        if "suspended" in given and given.pop("suspended") != (before.suspended_at is not None):
            given["suspended_at"] = None if before.suspended_at else parts.clock()
        if given:
            tenants.change_tenant(connection, tenant_id, **given)
            about = ("tenant", tenant_id, parts.clock(), detail)
            note_act(connection, caller, "tenant.changed", *about, tenant_id=tenant_id)
        return _told(tag, _found(connection, tenant_id))


def _knows_anybody(connection: Connection, caller: Caller, tenant_id: UUID) -> bool:
    """Ask it for the chain itself: the platform sees nobody's customers."""
    act_for(connection, Tenancy(tenant_id))
    known = tenants.has_customers(connection, tenant_id)
    act_for(connection, caller.tenancy)
    return known


def _found(connection: Connection, tenant_id: UUID, *, lock: bool = False) -> tenants.Tenant:
    tenant = tenants.find_tenant(connection, tenant_id, lock=lock)
    if tenant is None:
        raise NotFound("There is no such tenant.")
    return tenant


def _told(tag: TagWriter, tenant: tenants.Tenant) -> PlatformTenant:
    tag.put(tenant)
    return _show(tenant)


def _show(tenant: tenants.Tenant) -> PlatformTenant:
    return PlatformTenant.model_validate({name: getattr(tenant, name) for name in PlatformTenant.model_fields})
