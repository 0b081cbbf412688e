"""Beside the heartbeat: asks the gateway at all times what is wanted of this worker: live view, and sources to try."""

import logging
import threading

from realtime_workers.backoff import Backoff
from realtime_workers.fleet import CameraFleet
from realtime_workers.gateway_client import GatewayClient
from realtime_workers.trial import Opens, try_source
from regulars.domain.watching import Trial, WishesRequest
from regulars.errors import DependencyAway, RegularsError

log = logging.getLogger(__name__)
TRIALS_AT_ONCE = 4


class Wishes:
    """A thread of its own; without the gateway the worker goes on as before, and nobody watches."""

    def __init__(self, gateway: GatewayClient, fleet: CameraFleet, worker_id: str, open_source: Opens) -> None:
        self._gateway, self._fleet, self._worker_id = gateway, fleet, worker_id
        self._open_source = open_source
        self._trials = threading.Semaphore(TRIALS_AT_ONCE)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wishes", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no more; a question that is held open ends with its connection, nobody waits for it."""
        self._stopped.set()

    def _run(self) -> None:
        backoff, failure = Backoff(), ""
        while not self._stopped.is_set():
            try:
                wait_s = self._ask()
                failure = ""
                backoff.reset()
            except Exception as broken:  # noqa: BLE001 - live view must not end for what was not foreseen
                wait_s, code = backoff.next_s(), getattr(broken, "code", type(broken).__name__)
                if code != failure and not self._stopped.is_set():
                    log.warning("wishes_not_heard", extra={"code": code})
                failure = code
            self._stopped.wait(wait_s)

    def _ask(self) -> float:
        request = WishesRequest(worker_id=self._worker_id, watched=self._fleet.watched())
        answer = self._gateway.wishes(request)
        if self._stopped.is_set():
            return 0.0
        self._fleet.watch(frozenset(answer.watched))
        for trial in answer.trials:
            threading.Thread(target=self._try, args=(trial,), name="trial", daemon=True).start()
        return answer.ask_again_s

    def _try(self, trial: Trial) -> None:
        with self._trials:
            answer, jpeg = try_source(trial, self._fleet.newest_picture(trial.camera_id), self._open_source)
        try:
            self._gateway.answer_trial(self._worker_id, trial.trial_id, answer, jpeg)
        except DependencyAway:
            log.warning("trial_not_answered")
        except RegularsError as refused:
            log.warning("trial_refused", extra={"code": refused.code})
