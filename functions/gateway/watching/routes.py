"""GET /v1/live-view: pictures of cameras while somebody looks; one stream for all the cameras of a page."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.auth.held_open import TooManyStreams
from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep
from functions.gateway.watching.lookout import Watched
from functions.gateway.watching.shown import StillThere
from functions.gateway.watching.viewing import Viewing
from regulars.domain.watching import pack_picture
from regulars.errors import NotFound
from regulars.store.watching import cameras_to_watch

router = APIRouter(prefix="/v1", tags=["live"], responses=problem_responses(401, 403, 404, 422, 503))
ALIVE_EVERY_S = 5.0
MEDIA_TYPE = "application/vnd.regulars.live-view"
MayWatch = Annotated[Caller, may("cameras.watch")]
CameraIds = Annotated[list[UUID], Query(min_length=1, max_length=16, description="The cameras to watch.")]
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One message after another: the lengths of its JSON and of its JPEG (4 bytes each, big-endian),"
        " the JSON (`kind`: picture, recognized, alive), the JPEG (of a picture).",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _join(parts: PartsDep, caller: MayWatch, camera_id: CameraIds) -> Iterator[list[Watched]]:
    """Note in the audit log who begins to watch, and have the worker send; stop when the viewer is gone."""
    wanted = list(dict.fromkeys(camera_id))
    with parts.held_open.by(caller):
        with parts.transaction(caller.tenancy) as connection:
            cameras = cameras_to_watch(connection, caller.tenant_id, wanted)
            if len(cameras) < len(wanted):
                raise NotFound("There is no such camera.")
            for one in cameras:
                note_act(connection, caller, "camera.watched", "camera", one.camera_id, parts.clock())
        parts.lookout.say(cameras)
        if not parts.holds_streams:
            yield [Watched(one, picture=parts.lookout.newest(one)) for one in cameras]
            return
        joined = parts.lookout.join(cameras)
        try:
            yield joined
        finally:
            parts.lookout.leave(cameras)


@router.get("/live-view", response_class=StreamingResponse, responses=_STREAM | problem_responses(TooManyStreams))
async def watch_cameras(
    parts: PartsDep, caller: MayWatch, joined: Annotated[list[Watched], Depends(_join)]
) -> StreamingResponse:
    """Show what cameras see now, at most 10 pictures a second each, with boxes around the faces and, later, who it was.

    A viewer that is slow gets fewer pictures, each the newest. The stream ends when the login runs out; where answers
    cannot be held it gives the newest pictures and ends. Every beginning is audited.
    """
    return StreamingResponse(_messages(parts, caller, joined), media_type=MEDIA_TYPE, headers=_UNBUFFERED)


async def _messages(parts: PartsDep, caller: Caller, joined: list[Watched]) -> AsyncIterator[bytes]:
    viewing = Viewing(joined)
    with parts.lookout.bells.waiting(*(one.camera.camera_id for one in joined)) as bell:
        while True:
            for message in viewing.next():
                yield message
            if not parts.holds_streams or parts.lookout.closed or parts.clock() >= caller.expires_at:
                return
            if not await bell.rung(ALIVE_EVERY_S):
                yield pack_picture(StillThere())


_UNBUFFERED = {"X-Accel-Buffering": "no"}
