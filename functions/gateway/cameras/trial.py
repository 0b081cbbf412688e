"""POST /v1/cameras/test-connection: has a worker take one picture, before a camera is saved or of one that is."""

import asyncio
import time
from base64 import b64encode
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.cameras.schema import CameraSource
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from functions.gateway.watching.bells import Bell
from regulars.domain.watching import TAKEN_WITHIN_S, TRIAL_WITHIN_S, TrialAnswer, TrialReason
from regulars.errors import NotFound, RegularsError
from regulars.ids import new_id
from regulars.store import cameras
from regulars.store.camera_trials import (
    CameraTrial,
    TrialProgress,
    add_trial,
    forget_trial,
    open_trials,
    progress_of,
)
from regulars.tenancy import Tenancy

router = APIRouter(prefix="/v1/cameras", tags=["cameras"], responses=problem_responses(401, 403, 404, 422, 503))
AT_ONCE = 3
LOOK_EVERY_S = 0.5
_NO_WORKER = "No worker took this up. Is one running, with a key of this chain, and is the gateway in its reach?"
_NO_ANSWER = "The worker did not answer in time; nothing was changed. Try again."


class TooManyTrials(RegularsError):
    """Several sources of this tenant are being tried already."""

    code = "too_many_attempts"
    http_status = 429
    retry = True


class SavedCamera(BaseModel):
    """A camera that is saved, tried with the password that is kept of it."""

    model_config = ConfigDict(extra="forbid")

    camera_id: UUID


class ConnectionTest(BaseModel):
    """A small picture (JPEG, base64) of `width` x `height` pixels, or the reason why there is none, and in words."""

    reason: TrialReason
    detail: str
    picture: Annotated[str | None, Field(description="JPEG in base64; null when there is none.")] = None
    width: int = 0
    height: int = 0


@router.post("/test-connection", responses=problem_responses(TooManyTrials))
async def test_connection(
    parts: PartsDep, caller: Annotated[Caller, may("cameras.change")], source: CameraSource | SavedCamera
) -> ConnectionTest:
    """Have a worker look once through a source; answers within 15 s, with a picture or with the reason.

    `no_worker`: none has taken it up; `timed_out`: the one that has does not answer. A running camera shows what it
    sees at the moment, without a second connection.
    """
    trial_id = new_id()
    with parts.lookout.bells.waiting(trial_id) as bell:
        if parts.holds_streams:
            parts.lookout.listen()
        await run_in_threadpool(_ask, parts, caller, trial_id, source)
        try:
            progress = await _answered(parts, caller.tenant_id, trial_id, bell)
        finally:
            await asyncio.shield(run_in_threadpool(_forget, parts, caller.tenant_id, trial_id))
    if progress is None or progress.answer is None:
        taken = progress is not None and progress.taken
        return ConnectionTest(reason="timed_out", detail=_NO_ANSWER) if taken else _none_took_it()
    answer = TrialAnswer.model_validate(progress.answer)
    picture = b64encode(progress.jpeg).decode() if progress.jpeg else None
    return ConnectionTest(**answer.model_dump(), picture=picture)


def _none_took_it() -> ConnectionTest:
    return ConnectionTest(reason="no_worker", detail=_NO_WORKER)


def _ask(parts: Parts, caller: Caller, trial_id: UUID, source: CameraSource | SavedCamera) -> None:
    now, tenant_id = parts.clock(), caller.tenant_id
    with parts.transaction(caller.tenancy) as connection:
        if open_trials(connection, tenant_id, now) >= AT_ONCE:
            raise TooManyTrials("Other sources are being tried already; try again in some seconds.")
        if isinstance(source, SavedCamera):
            saved = cameras.find_camera(connection, tenant_id, source.camera_id)
            if saved is None:
                raise NotFound("There is no such camera.")
            setup, subject = saved.setup, source.camera_id
            trial = CameraTrial(
                tenant_id, trial_id, subject, setup.type, setup.webcam_index, setup.rtsp_url_sealed, setup.file_path
            )
        else:
            sealed = parts.sealing.seal(source.rtsp_url.get_secret_value()) if source.rtsp_url else None
            trial = CameraTrial(tenant_id, trial_id, None, source.type, source.webcam_index, sealed, source.file_path)
        add_trial(connection, trial, now)
        subject = trial.camera_id or trial_id
        note_act(connection, caller, "camera.tried", "camera", subject, now, {"type": trial.type})


async def _answered(parts: Parts, tenant_id: UUID, trial_id: UUID, bell: Bell) -> TrialProgress | None:
    """Return how far the trial is, as soon as it is answered, nobody has taken it, or the time is over."""
    begun_s = time.monotonic()
    while True:
        progress = await run_in_threadpool(_progress, parts, tenant_id, trial_id)
        passed_s = time.monotonic() - begun_s
        if progress is None or progress.answer is not None or parts.lookout.closed:
            return progress
        if passed_s >= TRIAL_WITHIN_S or (passed_s >= TAKEN_WITHIN_S and not progress.taken):
            return progress
        await bell.rung(LOOK_EVERY_S)


def _progress(parts: Parts, tenant_id: UUID, trial_id: UUID) -> TrialProgress | None:
    with parts.transaction(Tenancy(tenant_id)) as connection:
        return progress_of(connection, tenant_id, trial_id)


def _forget(parts: Parts, tenant_id: UUID, trial_id: UUID) -> None:
    with parts.transaction(Tenancy(tenant_id)) as connection:
        forget_trial(connection, tenant_id, trial_id)
