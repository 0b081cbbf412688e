"""/v1/staff/{staff_id}/photographs: each is judged at once by recognize, which keeps it; seen through signed links."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep
from functions.gateway.staff.routes import MayChange, MaySee, found_member
from functions.gateway.staff.schema import AddedPhotograph, StaffPhotograph, StaffPhotographPage, standing
from functions.gateway.visits.pictures import FaceLink
from regulars.errors import NotFound
from regulars.store.staff import photographs_of

router = APIRouter(
    prefix="/v1/staff/{staff_id}/photographs",
    tags=["staff"],
    responses=problem_responses(401, 403, 404, 422, 429, 503),
)
_NO_PHOTOGRAPH = "There is no such photograph."
Picture = Annotated[bytes, Body(media_type="image/jpeg", description="JPEG or PNG, one face, at most 10 MB.")]


@router.get("")
def list_staff_photographs(parts: PartsDep, caller: MaySee, staff_id: UUID) -> StaffPhotographPage:
    """List the photographs that are kept of a member."""
    with parts.transaction(caller.tenancy) as connection:
        found_member(connection, caller, staff_id)
        held = photographs_of(connection, caller.tenant_id, staff_id)
    items = [StaffPhotograph(photograph_id=one.photograph_id, created_at=one.created_at) for one in held]
    return StaffPhotographPage(items=items, next_cursor=None)


@router.post("", status_code=201)
def add_staff_photograph(parts: PartsDep, caller: MayChange, staff_id: UUID, picture: Picture) -> AddedPhotograph:
    """Add a photograph: one face, seen well, of the same person as those before, or a 422 whose `reason` says why not.

    What is kept is cut to the face and tells nothing of where and when it was taken.
    """
    parts.limits.take("uploads", caller)
    with parts.transaction(caller.tenancy) as connection:
        found_member(connection, caller, staff_id)
    known = parts.faces.add_photograph(picture, caller.tenant_id, staff_id, caller.actor)
    return AddedPhotograph.model_validate(known.model_dump() | {"enrolled": standing(known.enrolled)})


@router.get("/{photograph_id}")
def read_staff_photograph(
    parts: PartsDep, caller: Annotated[Caller, may("faces.see")], staff_id: UUID, photograph_id: UUID
) -> FaceLink:
    """Return a link to a photograph, for some minutes; the audit log notes who looked."""
    now, expires_s = parts.clock(), parts.settings.link_expires_s
    with parts.transaction(caller.tenancy) as connection:
        found_member(connection, caller, staff_id)
        held = photographs_of(connection, caller.tenant_id, staff_id)
        photograph = next((one for one in held if one.photograph_id == photograph_id), None)
        if photograph is None:
            raise NotFound(_NO_PHOTOGRAPH)
        note_act(connection, caller, "face.seen", "staff", staff_id, now)
    url = parts.objects.sign_get(photograph.key, expires_s)
    return FaceLink(url=url, expires_at=now + timedelta(seconds=expires_s))


@router.delete("/{photograph_id}", status_code=204)
def delete_staff_photograph(parts: PartsDep, caller: MayChange, staff_id: UUID, photograph_id: UUID) -> None:
    """Delete a photograph; with fewer than two left its member is told from visitors no more."""
    with parts.transaction(caller.tenancy) as connection:
        found_member(connection, caller, staff_id)
        held = photographs_of(connection, caller.tenant_id, staff_id)
    if photograph_id not in {one.photograph_id for one in held}:
        raise NotFound(_NO_PHOTOGRAPH)
    parts.faces.remove_photograph(caller.tenant_id, staff_id, photograph_id, caller.actor)
