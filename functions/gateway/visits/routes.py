"""GET /v1/visits and a visit's pictures: called by the page and the portal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.listing import AS_CSV, ListAsked, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.visits.detail import Shot, ShotPage, VisitDetail, tell_visit
from functions.gateway.visits.filter import visit_filter
from functions.gateway.visits.pictures import FaceLink, best_of, kept_shots, kept_since, note_look, sign_shot
from functions.gateway.visits.schema import (
    Visit,
    VisitPage,
    VisitSort,
    show_visit,
)
from regulars.errors import NotFound
from regulars.store.paging import Piece, Slice
from regulars.store.session import Connection
from regulars.store.sightings import sightings_of_visit
from regulars.store.visit_list import VisitFilter, one_visit, page_of_visits

router = APIRouter(prefix="/v1", tags=["visits"], responses=problem_responses(401, 403, 422, 503))
_NO_VISIT = "There is no such visit."


@router.get("/visits", response_model=VisitPage, responses=AS_CSV)
def list_visits(
    parts: PartsDep,
    caller: Annotated[Caller, may("visits.see")],
    asked: ListAsked,
    wanted: Annotated[VisitFilter, Depends(visit_filter)],
    sort: VisitSort = "-started_at",
) -> Response:
    """List visits."""

    def read(connection: Connection, piece: Piece) -> Slice[Visit]:
        since = kept_since(connection, parts, caller.tenant_id)
        found = page_of_visits(connection, caller.tenant_id, wanted, piece)
        return Slice([show_visit(listed, since) for listed in found.rows], found.after)

    return answer_list(parts, caller, asked, "visits", sort=sort, page=VisitPage, read=read, show=lambda visit: visit)


@router.get("/visits/{visit_id}", responses=problem_responses(404))
def read_visit(parts: PartsDep, caller: Annotated[Caller, may("visits.see")], visit_id: UUID) -> VisitDetail:
    """Return one visit: who saw it, why it was decided so, and what was and can be put right."""
    with parts.transaction(caller.tenancy) as connection:
        since = kept_since(connection, parts, caller.tenant_id)
        found = one_visit(connection, caller.tenant_id, visit_id)
        if found is None:
            raise NotFound(_NO_VISIT)
        return tell_visit(connection, caller, found, since)


@router.get("/visits/{visit_id}/face", responses=problem_responses(404))
def read_visit_face(parts: PartsDep, caller: Annotated[Caller, may("faces.see")], visit_id: UUID) -> FaceLink:
    """Return a link to the visit's best picture, for some minutes; the audit log notes who looked."""
    with parts.transaction(caller.tenancy) as connection:
        since = kept_since(connection, parts, caller.tenant_id)
        if one_visit(connection, caller.tenant_id, visit_id) is None:
            raise NotFound(_NO_VISIT)
        sightings = sightings_of_visit(connection, caller.tenant_id, visit_id)
        best = best_of(kept_shots(sightings, since))
        if best is None:
            raise NotFound("No picture of this visit is kept.")
        note_look(connection, caller, ("visit", visit_id), "visit_seen", parts.clock())
    return sign_shot(parts, best)


@router.get("/visits/{visit_id}/shots", responses=problem_responses(404))
def list_visit_shots(parts: PartsDep, caller: Annotated[Caller, may("faces.see")], visit_id: UUID) -> ShotPage:
    """Return links to all pictures of the visit that are kept, for some minutes; the audit log notes who looked."""
    with parts.transaction(caller.tenancy) as connection:
        since = kept_since(connection, parts, caller.tenant_id)
        if one_visit(connection, caller.tenant_id, visit_id) is None:
            raise NotFound(_NO_VISIT)
        seen = sightings_of_visit(connection, caller.tenant_id, visit_id)
        kept = [(one.track_id, shot) for one in seen for shot in kept_shots([one], since)]
        if kept:
            note_look(connection, caller, ("visit", visit_id), "shots_compared", parts.clock())
    shots = [
        Shot(**sign_shot(parts, shot).model_dump(), track_id=track_id, at=shot.get("at")) for track_id, shot in kept
    ]
    return ShotPage(items=shots, next_cursor=None)
