"""The cameras this worker runs now: matched to what the gateway says it holds."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import reduce
from uuid import UUID

from realtime_workers.camera import CameraRunner
from realtime_workers.emit import Emitter
from regulars.domain.cameras import CameraCounters, CameraState, LeasedCamera
from regulars.domain.faces import Image

log = logging.getLogger(__name__)

STOP_WITHIN_S = 3.0


class CameraFleet:
    """Starts and stops cameras, from the lease thread only; who watches them may be told from another one."""

    def __init__(self, start_camera: Callable[[LeasedCamera], CameraRunner], emitter: Emitter) -> None:
        """`start_camera` returns a runner that has been started."""
        self._start_camera, self._emitter = start_camera, emitter
        self._running: dict[UUID, CameraRunner] = {}
        self._watched = frozenset[UUID]()
        self._ended = CameraCounters()
        self._lock = threading.Lock()

    def match(self, cameras: Sequence[LeasedCamera]) -> None:
        """Run exactly these cameras: stop the others, restart what was changed or broke."""
        wanted = {camera.camera_id: camera for camera in cameras}
        past = [runner for key, runner in self._running.items() if _is_past(runner, wanted.get(key))]
        _halt(past, STOP_WITHIN_S)
        for runner in past:
            with self._lock:
                self._ended = _sum(self._ended, runner.state().counters)
                del self._running[runner.camera.camera_id]
            self._emitter.forget(runner.camera.lease_id)
        for key, camera in wanted.items():
            if key not in self._running:
                log.info("camera_leased", extra={"camera_id": str(key), "type": camera.type})
                self._running[key] = self._start_camera(camera)
                self._running[key].live_view.watch(wanted=key in self._watched)

    def states(self) -> tuple[CameraState, ...]:
        """Return the state of each camera held; from any thread."""
        return tuple(runner.state() for runner in list(self._running.values()))

    def totals(self) -> CameraCounters:
        """Return what all cameras have done since the process began; from any thread."""
        with self._lock:
            return reduce(_sum, (state.counters for state in self.states()), self._ended)

    def watch(self, camera_ids: frozenset[UUID]) -> None:
        """Send pictures of these cameras, and of no others."""
        self._watched = camera_ids
        for runner in list(self._running.values()):
            runner.live_view.watch(wanted=runner.camera.camera_id in camera_ids)

    def watched(self) -> tuple[UUID, ...]:
        """Return the cameras of which pictures are sent."""
        return tuple(runner.camera.camera_id for runner in list(self._running.values()) if runner.live_view.watched)

    def newest_picture(self, camera_id: UUID | None) -> Image | None:
        """Return what a camera that runs here sees (BGR uint8), None when it gives no pictures."""
        runner = self._running.get(camera_id) if camera_id else None
        return runner.newest_picture() if runner else None

    def stop_all(self, within_s: float) -> None:
        """Finish every open track into the spool; the states remain to be told."""
        _halt(list(self._running.values()), within_s)


def _halt(runners: list[CameraRunner], within_s: float) -> None:
    for runner in runners:
        log.info("camera_stopped", extra={"camera_id": str(runner.camera.camera_id)})
        runner.stop()
    deadline_s = time.monotonic() + within_s
    for runner in runners:
        runner.join(max(0.0, deadline_s - time.monotonic()))


def _sum(one: CameraCounters, other: CameraCounters) -> CameraCounters:
    both = Counter(one.model_dump())
    both.update(other.model_dump())
    return CameraCounters(**both)


def _is_past(runner: CameraRunner, wanted: LeasedCamera | None) -> bool:
    return runner.camera != wanted or runner.broken
