"""/v1/tenant/departure: an owner lets the chain leave, with everything that is kept of it; called by the portal."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep
from functions.gateway.text import PlainName
from regulars.errors import InputRefused, NotFound
from regulars.steps.offboard_tenant import WAITS, ask_to_leave
from regulars.store.departures import Departure as StoredDeparture
from regulars.store.departures import find_departure, remove_departure
from regulars.store.tenants import find_tenant

router = APIRouter(prefix="/v1/tenant/departure", tags=["rights"], responses=problem_responses(401, 403, 422, 503))
NOT_FOUND = problem_responses(404)
MayLeave = Annotated[Caller, may("tenant.leave")]


class DepartureOrder(BaseModel):
    """The chain's own name, typed by who means it."""

    model_config = ConfigDict(extra="forbid")

    name: PlainName


class Departure(BaseModel):
    """The chain leaves: from `due_at` (UTC) on everything of it is deleted. Until then it may stay after all."""

    state: Literal["waiting", "in_progress", "done"]
    asked_by: str
    asked_at: AwareDatetime
    due_at: AwareDatetime


@router.post("", status_code=201)
def leave_tenant(parts: PartsDep, caller: MayLeave, order: DepartureOrder) -> Departure:
    """Let the chain leave in 14 days: cameras, people, pictures, reports and accounts, nothing can be brought back."""
    with parts.transaction(caller.tenancy) as connection:
        tenant = find_tenant(connection, caller.tenant_id)
        if tenant is None or tenant.name != order.name:
            raise InputRefused("another_name", "This is not the chain's name; nothing was changed.")
        return _show(ask_to_leave(connection, caller.tenant_id, caller.actor, parts.clock(), WAITS))


@router.get("", responses=NOT_FOUND)
def read_departure(parts: PartsDep, caller: MayLeave) -> Departure:
    """Return when the chain leaves."""
    with parts.transaction(caller.tenancy) as connection:
        found = find_departure(connection, caller.tenant_id)
    if found is None:
        raise NotFound("This chain stays.")
    return _show(found)


@router.delete("", status_code=204, responses=NOT_FOUND)
def cancel_departure(parts: PartsDep, caller: MayLeave) -> None:
    """Let the chain stay after all."""
    with parts.transaction(caller.tenancy) as connection:
        if not remove_departure(connection, caller.tenant_id):
            raise NotFound("This chain is not waiting to leave.")
        note_act(connection, caller, "tenant.stays", "tenant", caller.tenant_id, parts.clock())


def _show(departure: StoredDeparture) -> Departure:
    return Departure(
        state=departure.state,
        asked_by=departure.asked_by,
        asked_at=departure.asked_at,
        due_at=departure.due_at,
    )
