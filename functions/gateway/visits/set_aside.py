"""GET /v1/sightings/set-aside and their replay: what could not be used, for the operator; called by the portal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.visits.schema import ReplayedTrack, SetAsideEvent, SetAsidePage, SetAsideSort
from regulars.domain.bounds import MachineText
from regulars.errors import NotFound
from regulars.store.audit import AuditEntry, record
from regulars.store.set_aside import find_set_aside, page_of_set_aside

router = APIRouter(prefix="/v1", tags=["visits"], responses=problem_responses(401, 403, 422, 503))


@router.get("/sightings/set-aside", response_model=SetAsidePage, responses=AS_CSV)
def list_set_aside_events(
    parts: PartsDep,
    caller: Annotated[Caller, may("set_aside.see")],
    asked: ListAsked,
    q: Search | None = None,
    reason: Annotated[MachineText | None, Query(max_length=60)] = None,
    sort: SetAsideSort = "first_at",
) -> Response:
    """List tracks that could not be used, with the reason; they stay until they are replayed."""
    return answer_list(
        parts,
        caller,
        asked,
        "set-aside",
        sort=sort,
        page=SetAsidePage,
        read=lambda connection, piece: page_of_set_aside(connection, piece, reason=reason, q=q),
        show=lambda event: SetAsideEvent.model_validate(event, from_attributes=True),
    )


@router.post("/sightings/set-aside/{set_aside_id}/replay", responses=problem_responses(404))
def replay_set_aside_event(
    parts: PartsDep, caller: Annotated[Caller, may("set_aside.replay")], set_aside_id: UUID
) -> ReplayedTrack:
    """Let recognize try a track again, after what was wrong with it was put right."""
    with parts.transaction(caller.tenancy) as connection:
        event = find_set_aside(connection, set_aside_id)
    if event is None or event.resolved_at is not None:
        raise NotFound("There is no such track set aside.")
    parts.faces.run_again(event.object_key)
    with parts.transaction(caller.tenancy) as connection:
        subject = ("set_aside", str(set_aside_id))
        record(connection, AuditEntry(event.tenant_id, caller.actor, "track.replayed", *subject, {}, parts.clock()))
        event = find_set_aside(connection, set_aside_id) or event
    return ReplayedTrack(recognized=event.resolved_at is not None, reason=event.reason, detail=event.detail)
