"""The worker's heartbeat: one call says what it does and learns which cameras it holds."""

import logging
import threading
import time

from realtime_workers.fleet import CameraFleet
from realtime_workers.gateway_client import GatewayClient
from regulars.domain.cameras import Heartbeat
from regulars.errors import DependencyAway, RegularsError

log = logging.getLogger(__name__)

TICK_S = 0.2
CHANGE_AFTER_S = 0.5
"""A camera's new state is told at once, but not more often than this."""
LAST_BEAT_WITHIN_S = 1.0


class LeaseKeeper:
    """Beats until stopped, then gives every camera back.

    While the gateway does not answer, the cameras go on and their tracks wait in the spool: a shop must survive a day
    offline. That is safe because the lease fences: once another worker has a camera, the gateway refuses what this one
    saw after that. A camera absent from an answer is stopped.
    """

    def __init__(
        self, gateway: GatewayClient, fleet: CameraFleet, worker_id: str, capacity: int, every_s: float
    ) -> None:
        self._gateway, self._fleet = gateway, fleet
        self._worker_id, self._capacity, self._every_s = worker_id, capacity, every_s
        self._told: list[tuple[object, ...]] = []
        self._failure = ""
        self.turned_s = self._answered_s = time.monotonic()

    def run(self, stopped: threading.Event) -> None:
        """Beat every `every_s` seconds, sooner when a camera's state changes, until `stopped` is set."""
        beaten_s = -self._every_s
        while not stopped.is_set():
            self.turned_s = time.monotonic()
            unsaid_s = time.monotonic() - beaten_s
            if unsaid_s >= self._every_s or (unsaid_s >= CHANGE_AFTER_S and self._states_changed()):
                beaten_s = time.monotonic()
                self._beat()
            stopped.wait(TICK_S)

    def unanswered_s(self) -> float:
        """Return for how long the gateway has answered no heartbeat, from any thread."""
        return time.monotonic() - self._answered_s

    def give_back(self) -> None:
        """Say goodbye, so that another worker may take the cameras at once."""
        farewell = Heartbeat(worker_id=self._worker_id, capacity=0, states=self._fleet.states())
        try:
            self._gateway.heartbeat(farewell, within_s=LAST_BEAT_WITHIN_S)
        except RegularsError as failure:
            log.warning("leases_run_out_by_themselves", extra={"code": failure.code})

    def _beat(self) -> None:
        states = self._fleet.states()
        try:
            answer = self._gateway.heartbeat(
                Heartbeat(worker_id=self._worker_id, capacity=self._capacity, states=states)
            )
        except RegularsError as failure:
            self._note(failure)
            return
        self._answered_s = time.monotonic()
        if self._failure:
            log.info("gateway_answers_again")
            self._failure = ""
        self._told = [(state.camera_id, state.state, state.reason) for state in states]
        self._fleet.match(answer.cameras)

    def _note(self, failure: RegularsError) -> None:
        if failure.code != self._failure:
            level = logging.WARNING if isinstance(failure, DependencyAway) else logging.ERROR
            log.log(level, "gateway_refuses_or_is_away", extra={"code": failure.code, "detail": str(failure)})
        self._failure = failure.code

    def _states_changed(self) -> bool:
        return self._told != [(state.camera_id, state.state, state.reason) for state in self._fleet.states()]
