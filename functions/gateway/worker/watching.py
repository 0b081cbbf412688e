"""What is wanted of a worker beside its leases: pictures for those who watch, and sources to be tried."""

import time
from collections.abc import Iterable
from uuid import UUID

from fastapi.concurrency import run_in_threadpool

from functions.gateway.parts import Parts
from functions.gateway.worker.caller import holder_name, public_only, tenancy_of
from regulars.adapters.sealing_fernet import FernetSealing
from regulars.domain.watching import (
    WISHES_WITHIN_S,
    LivePicture,
    Trial,
    TrialAnswer,
    WishesAnswer,
    WishesRequest,
    parse_facts,
    unpack_picture,
)
from regulars.errors import ConfigurationRefused, LeaseLost
from regulars.store import camera_trials, watching
from regulars.store.api_keys import KnownKey
from regulars.store.camera_trials import CameraTrial
from regulars.store.session import Connection, act_for
from regulars.tenancy import Tenancy

TRIALS_AT_ONCE = 4
LOOKS_AGAIN_S = 5.0
"""A replica that died says nothing: what was watched there ends by itself."""
ASK_AGAIN_S = 2.0


async def wishes(parts: Parts, key: KnownKey, request: WishesRequest) -> WishesAnswer:
    """Answer as soon as something else is wanted than what the worker knows, or after WISHES_WITHIN_S.

    Where answers cannot be held it answers at once, and says when to ask again.
    """
    ends_s = time.monotonic() + WISHES_WITHIN_S
    with parts.lookout.bells.waiting(("wish", key.tenant_id)) as bell:
        if parts.holds_streams:
            parts.lookout.listen()
        rung = not parts.holds_streams
        while True:
            answer = await run_in_threadpool(_look, parts, key, request)
            remaining_s = ends_s - time.monotonic()
            told = answer.trials or set(answer.watched) != set(request.watched)
            if told or rung or remaining_s <= 0 or parts.lookout.closed:
                return answer
            rung = await bell.rung(min(remaining_s, LOOKS_AGAIN_S))


def take_picture(parts: Parts, key: KnownKey, camera_id: UUID, body: bytes) -> bool:
    """Keep the newest picture of a camera for those who watch; say whether there are any.

    Raises InputRefused, and LeaseLost for a camera that this key's worker does not hold: nothing is kept then.
    """
    told, jpeg = unpack_picture(body)
    facts = parse_facts(told, LivePicture)
    now = parts.clock()
    with parts.transaction(tenancy_of(key)) as connection:
        camera = watching.camera_on_lease(connection, key.key_id, camera_id, facts.lease_id, now)
        if camera is None:
            raise LeaseLost("This worker does not hold the camera; send no pictures of it.")
        act_for(connection, Tenancy(camera.tenant_id))
        watched = watching.keeps_watched(connection, camera, now)
        if watched and jpeg:
            watching.put_picture(connection, camera, facts.model_dump(mode="json"), jpeg, now)
        elif not watched:
            watching.forget_picture(connection, camera)
    return watched


def take_trial_answer(parts: Parts, key: KnownKey, worker_id: str, trial_id: UUID, body: bytes) -> None:
    """Pass what came of a trial on to who asked; one that nobody waits for any more is ignored."""
    told, jpeg = unpack_picture(body)
    answer = parse_facts(told, TrialAnswer)
    with parts.transaction(tenancy_of(key)) as connection:
        holder = holder_name(key.key_id, worker_id)
        camera_trials.answer_trial(connection, holder, trial_id, answer.model_dump(mode="json"), jpeg)


def _look(parts: Parts, key: KnownKey, request: WishesRequest) -> WishesAnswer:
    now, holder = parts.clock(), holder_name(key.key_id, request.worker_id)
    with parts.transaction(tenancy_of(key)) as connection:
        watched = watching.watched_of(connection, holder, now)
        trials = camera_trials.take_trials(connection, holder, TRIALS_AT_ONCE, now)
        only = public_only(parts.settings, key)
        opened = tuple(_opened(connection, parts.sealing, holder, trials, public_only=only))
    again_s = 0.0 if parts.holds_streams else ASK_AGAIN_S
    return WishesAnswer(watched=tuple(sorted(watched)), trials=opened, ask_again_s=again_s)


def _opened(
    connection: Connection, sealing: FernetSealing, holder: str, trials: Iterable[CameraTrial], *, public_only: bool
) -> Iterable[Trial]:
    """Yield the trials with their URL unsealed; one that cannot be is answered with the reason."""
    for trial in trials:
        try:
            rtsp_url = sealing.unseal(trial.rtsp_url_sealed) if trial.rtsp_url_sealed else None
        except ConfigurationRefused as failure:
            answer = TrialAnswer(reason="internal", detail=str(failure)).model_dump(mode="json")
            camera_trials.answer_trial(connection, holder, trial.trial_id, answer, b"")
            continue
        yield Trial(
            trial_id=trial.trial_id,
            camera_id=trial.camera_id,
            type=trial.type,
            webcam_index=trial.webcam_index,
            rtsp_url=rtsp_url,
            file_path=trial.file_path,
            public_only=public_only,
        )
