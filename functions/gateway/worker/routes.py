"""POST /v1/worker/…: called by realtime_workers with an API key."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query

from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep
from functions.gateway.worker.caller import WorkerKey, tenancy_of
from functions.gateway.worker.leasing import beat
from functions.gateway.worker.watching import take_picture, take_trial_answer, wishes
from regulars.domain.cameras import Heartbeat, HeartbeatAnswer, LinksAnswer, LinksRequest, SignedPut, WorkerId
from regulars.domain.tracks import track_prefix
from regulars.domain.watching import PictureTaken, WishesAnswer, WishesRequest
from regulars.errors import LeaseLost
from regulars.store.leases import place_of_track

router = APIRouter(prefix="/v1/worker", tags=["worker"], responses=problem_responses(401, 403, 422, 503))

PICTURE_TYPE = "application/vnd.regulars.picture"
PackedPicture = Annotated[
    bytes,
    Body(
        media_type=PICTURE_TYPE,
        description="The lengths of the JSON and of the JPEG (4 bytes each, big-endian), then the two.",
    ),
]


@router.post("/heartbeat")
def worker_heartbeat(parts: PartsDep, key: WorkerKey, heartbeat: Heartbeat) -> HeartbeatAnswer:
    """Say that this worker is alive and what its cameras do; learn which cameras it holds from now on, and no others.

    A camera missing from the answer is lost: stop it. Capacity 0 gives all of them back.
    """
    return beat(parts, key, heartbeat)


@router.post("/tracks/{track_id}/links", responses=problem_responses(LeaseLost))
def worker_track_links(parts: PartsDep, key: WorkerKey, track_id: UUID, wanted: LinksRequest) -> LinksAnswer:
    """Return links where this finished track may be written: its shots first, the manifest last.

    409 `lease_lost` says that another worker had the camera before this track began: drop the track.
    """
    with parts.transaction(tenancy_of(key)) as connection:
        place = place_of_track(connection, wanted.camera_id, wanted.lease_id, wanted.started_at)
    if place is None:
        raise LeaseLost("There was never such a lease of this camera; drop the track.")
    if place.lease_lost:
        raise LeaseLost("Another worker had this camera before the track began and has counted it; drop the track.")
    prefix = track_prefix(place.tenant_id, place.site_id, wanted.camera_id, wanted.started_at, track_id)
    expires_s = parts.settings.link_expires_s

    def link(name: str, content_type: str) -> SignedPut:
        key_ = prefix + name
        return SignedPut(key=key_, url=parts.objects.sign_put(key_, content_type, expires_s), content_type=content_type)

    return LinksAnswer(
        shots=tuple(link(f"shot-{number}.jpg", "image/jpeg") for number in range(wanted.shots)),
        manifest=link("track.json", "application/json"),
        expires_at=parts.clock() + timedelta(seconds=expires_s),
    )


@router.post("/wishes")
async def worker_wishes(parts: PartsDep, key: WorkerKey, request: WishesRequest) -> WishesAnswer:
    """Learn which held cameras somebody watches and which sources to try; the question is held until there is news.

    Ask again at once, or after `ask_again_s`. A trial is this worker's once it is answered here, and no other's.
    """
    return await wishes(parts, key, request)


@router.post("/cameras/{camera_id}/picture", responses=problem_responses(LeaseLost))
def worker_picture(parts: PartsDep, key: WorkerKey, camera_id: UUID, picture: PackedPicture) -> PictureTaken:
    """Show a picture of a held camera (its facts: `LivePicture`) to those who watch; only the newest is kept.

    409 `lease_lost`: another worker has the camera. `watched` false: send no more until a wish says otherwise.
    """
    return PictureTaken(watched=take_picture(parts, key, camera_id, picture))


@router.post("/trials/{trial_id}", status_code=204)
def worker_trial_answer(
    parts: PartsDep,
    key: WorkerKey,
    trial_id: UUID,
    worker_id: Annotated[WorkerId, Query()],
    picture: PackedPicture,
) -> None:
    """Say what came of a trial (`TrialAnswer`), with its picture where there is one."""
    take_trial_answer(parts, key, worker_id, trial_id, picture)
