"""GET, POST, PATCH, DELETE /v1/cameras: called by the page and the portal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ValidationError

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.cameras.schema import (
    Camera,
    CameraChange,
    CameraPage,
    CameraSort,
    NewCamera,
    changed_setup,
    seal_setup,
    show_camera,
)
from functions.gateway.errors import problem_responses
from functions.gateway.etag import IfMatch, Tag, TagWriter
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import Parts, PartsDep
from regulars.domain.cameras import StateName
from regulars.errors import InputRefused, LimitReached, NotFound
from regulars.ids import new_id
from regulars.store import cameras, tenants
from regulars.store.bounded import refuse_one_too_many
from regulars.store.listening import announce_camera
from regulars.store.lost_faces import lost_faces_of_today
from regulars.store.paging import Piece, Slice
from regulars.store.session import Connection

router = APIRouter(prefix="/v1/cameras", tags=["cameras"], responses=problem_responses(401, 403, 422, 503))
_NO_CAMERA = "There is no such camera."
MaySee = Annotated[Caller, may("cameras.see")]
MayChange = Annotated[Caller, may("cameras.change")]


@router.get("", response_model=CameraPage, responses=AS_CSV)
def list_cameras(
    parts: PartsDep,
    caller: MaySee,
    asked: ListAsked,
    site_id: UUID | None = None,
    state: StateName | None = None,
    q: Search | None = None,
    sort: CameraSort = "created_at",
) -> Response:
    """List cameras with what they do now and why; the platform's operator sees every tenant's."""
    now = parts.clock()

    def read(connection: Connection, piece: Piece) -> Slice[Camera]:
        found = cameras.page_of_cameras(connection, piece, site_id=site_id, state=state, q=q)
        lost = lost_faces_of_today(connection, now)
        shown = [show_camera(one, lost.get(one.camera_id, ()), parts.sealing, now) for one in found.rows]
        return Slice(shown, found.after)

    return answer_list(
        parts, caller, asked, "cameras", sort=sort, page=CameraPage, read=read, show=lambda camera: camera
    )


@router.get("/{camera_id}", responses=problem_responses(404))
def read_camera(parts: PartsDep, caller: MaySee, camera_id: UUID, tag: Tag) -> Camera:
    """Return one camera."""
    with parts.transaction(caller.tenancy) as connection:
        return _read(connection, parts, caller.tenancy.tenant_id, camera_id, tag)


@router.post("", status_code=201, responses=problem_responses(404, LimitReached))
def create_camera(parts: PartsDep, caller: MayChange, new: NewCamera, tag: Tag) -> Camera:
    """Add a camera at a site; a worker takes it within its next heartbeat if it should run."""
    camera_id = new_id()
    with parts.transaction(caller.tenancy) as connection:
        site = tenants.find_site(connection, caller.tenant_id, new.site_id, lock=True)
        if site is None:
            raise NotFound("There is no such site.")
        _refuse_given_up(site)
        refuse_one_too_many(connection, "cameras", caller.tenancy, caller.tenancy)
        setup = seal_setup(new, parts.sealing)
        cameras.add_camera(connection, caller.tenant_id, new.site_id, camera_id, setup, parts.clock())
        announce_camera(connection, caller.tenant_id, camera_id)
        note_act(connection, caller, "camera.created", "camera", camera_id, parts.clock())
        return _read(connection, parts, caller.tenant_id, camera_id, tag)


@router.patch("/{camera_id}", responses=problem_responses(404))
def change_camera(parts: PartsDep, caller: MayChange, camera_id: UUID, change: CameraChange, tag: IfMatch) -> Camera:
    """Change a camera; its worker learns of it with its next heartbeat."""
    with parts.transaction(caller.tenancy) as connection:
        before = cameras.find_camera(connection, caller.tenant_id, camera_id, lock=True)
        if before is None:
            raise NotFound(_NO_CAMERA)
        tag.expect(before.setup)
        if change.wanted_state == "running" and (
            site := tenants.find_site(connection, caller.tenant_id, before.site_id, lock=True)
        ):
            _refuse_given_up(site)
        try:
            setup = changed_setup(before.setup, change, parts.sealing)
        except ValidationError as failure:
            told = "; ".join(f"{'.'.join(map(str, error['loc']))} {error['msg']}".strip() for error in failure.errors())
            raise InputRefused("camera_setup", f"Nothing was changed: {told}.") from failure
        cameras.change_camera(connection, caller.tenant_id, camera_id, seal_setup(setup, parts.sealing), parts.clock())
        announce_camera(connection, caller.tenant_id, camera_id)
        fields = sorted(change.model_fields_set)
        detail = {"fields": fields} if fields else {}
        note_act(connection, caller, "camera.changed", "camera", camera_id, parts.clock(), detail)
        return _read(connection, parts, caller.tenant_id, camera_id, tag)


@router.delete("/{camera_id}", status_code=204, responses=problem_responses(404))
def delete_camera(parts: PartsDep, caller: MayChange, camera_id: UUID, tag: IfMatch) -> None:
    """Remove a camera; its worker stops it, and the visits it has seen stay."""
    with parts.transaction(caller.tenancy) as connection:
        before = cameras.find_camera(connection, caller.tenant_id, camera_id, lock=True)
        if before is None:
            raise NotFound(_NO_CAMERA)
        tag.expect(before.setup)
        announce_camera(connection, caller.tenant_id, camera_id)  # while it still has a site; told at the commit
        cameras.remove_camera(connection, caller.tenant_id, camera_id)
        note_act(connection, caller, "camera.deleted", "camera", camera_id, parts.clock())


def _refuse_given_up(site: tenants.Site) -> None:
    if not site.active:
        raise InputRefused("site_given_up", "This site was given up; nothing was changed. Make it active again first.")


def _read(connection: Connection, parts: Parts, tenant_id: UUID | None, camera_id: UUID, tag: TagWriter) -> Camera:
    camera = cameras.find_camera(connection, tenant_id, camera_id)
    if camera is None:
        raise NotFound(_NO_CAMERA)
    tag.put(camera.setup)
    lost = lost_faces_of_today(connection, parts.clock())
    return show_camera(camera, lost.get(camera_id, ()), parts.sealing, parts.clock())
