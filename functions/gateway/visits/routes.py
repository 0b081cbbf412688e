"""GET /v1/visits, a visit's face, and what was set aside: called by the page and the portal."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from functions.gateway.auth.caller import Caller, may
from functions.gateway.cursor import read_cursor
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from functions.gateway.visits.schema import (
    CursorText,
    FaceLink,
    Limit,
    SetAsideEvent,
    SetAsideList,
    StatusFilter,
    UtcTime,
    Visit,
    VisitPage,
    cursor_after,
    show_visit,
)
from regulars.errors import NotFound
from regulars.store.audit import AuditEntry, record
from regulars.store.set_aside import list_set_aside
from regulars.store.sightings import sightings_of_visit
from regulars.store.visit_list import VisitFilter, one_visit, page_of_visits
from regulars.tenancy import Tenancy

router = APIRouter(prefix="/v1", tags=["visits"], responses=problem_responses(401, 403, 422, 503))
_NO_VISIT = "There is no such visit."


@router.get("/visits")
def list_visits(
    parts: PartsDep,
    caller: Annotated[Caller, may("visits.see")],
    site_id: UUID | None = None,
    since: Annotated[UtcTime | None, Query(alias="from", description="Began at or after this time.")] = None,
    until: Annotated[UtcTime | None, Query(alias="to", description="Began before this time.")] = None,
    status: StatusFilter | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> VisitPage:
    """List visits, the newest first."""
    wanted = VisitFilter(site_id=site_id, since=since, until=until, status=status)
    after = read_cursor(cursor) if cursor else None
    with parts.transaction(Tenancy(caller.tenant_id)) as connection:
        found = page_of_visits(connection, caller.tenant_id, wanted, after, limit + 1)
    kept_since = parts.clock() - _retention(parts)
    return VisitPage(
        visits=[show_visit(listed, kept_since) for listed in found[:limit]],
        next_cursor=cursor_after(found[limit - 1]) if len(found) > limit else None,
    )


@router.get("/visits/{visit_id}", responses=problem_responses(404))
def read_visit(parts: PartsDep, caller: Annotated[Caller, may("visits.see")], visit_id: UUID) -> Visit:
    """Return one visit."""
    with parts.transaction(Tenancy(caller.tenant_id)) as connection:
        found = one_visit(connection, caller.tenant_id, visit_id)
    if found is None:
        raise NotFound(_NO_VISIT)
    return show_visit(found, parts.clock() - _retention(parts))


@router.get("/visits/{visit_id}/face", responses=problem_responses(404))
def read_visit_face(parts: PartsDep, caller: Annotated[Caller, may("faces.see")], visit_id: UUID) -> FaceLink:
    """Return a link to the visit's best picture, for some minutes; the audit log notes who looked."""
    now = parts.clock()
    with parts.transaction(Tenancy(caller.tenant_id)) as connection:
        if one_visit(connection, caller.tenant_id, visit_id) is None:
            raise NotFound(_NO_VISIT)
        kept_since = now - _retention(parts)
        sightings = sightings_of_visit(connection, caller.tenant_id, visit_id)
        shots = [
            shot
            for sighting in sightings
            if sighting.started_at >= kept_since
            for shot in sighting.shots
            if shot["refused"] is None
        ]
        if not shots:
            raise NotFound("No picture of this visit is kept.")
        record(connection, AuditEntry(caller.tenant_id, caller.actor, "face.seen", "visit", str(visit_id), {}, now))
    best = max(shots, key=lambda shot: float(shot["quality"]))
    expires_s = parts.settings.link_expires_s
    url = parts.objects.sign_get(str(best["key"]), expires_s)
    return FaceLink(url=url, expires_at=now + timedelta(seconds=expires_s))


@router.get("/sightings/set-aside")
def list_set_aside_events(parts: PartsDep, caller: Annotated[Caller, may("set_aside.see")]) -> SetAsideList:
    """List tracks that could not be used, with the reason, the oldest first; they stay until they are replayed."""
    with parts.transaction(caller.tenancy) as connection:
        found = list_set_aside(connection)
    return SetAsideList(events=[SetAsideEvent.model_validate(event, from_attributes=True) for event in found])


def _retention(parts: Parts) -> timedelta:
    return timedelta(days=parts.settings.retention_days)
