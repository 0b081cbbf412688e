"""The cameras this worker runs now: matched to what the gateway says it holds."""

import logging
import time
from collections.abc import Callable, Sequence
from uuid import UUID

from realtime_workers.camera import CameraRunner
from realtime_workers.emit import Emitter
from regulars.domain.cameras import CameraState, LeasedCamera

log = logging.getLogger(__name__)

STOP_WITHIN_S = 3.0


class CameraFleet:
    """Starts and stops cameras. Called from the lease thread only."""

    def __init__(self, start_camera: Callable[[LeasedCamera], CameraRunner], emitter: Emitter) -> None:
        """`start_camera` returns a runner that has been started."""
        self._start_camera, self._emitter = start_camera, emitter
        self._running: dict[UUID, CameraRunner] = {}

    def match(self, cameras: Sequence[LeasedCamera]) -> None:
        """Run exactly these cameras: stop the others, restart what was changed or broke."""
        wanted = {camera.camera_id: camera for camera in cameras}
        past = [runner for key, runner in self._running.items() if _is_past(runner, wanted.get(key))]
        _halt(past, STOP_WITHIN_S)
        for runner in past:
            self._emitter.forget(runner.camera.lease_id)
            del self._running[runner.camera.camera_id]
        for key, camera in wanted.items():
            if key not in self._running:
                log.info("camera_leased", extra={"camera_id": str(key), "type": camera.type})
                self._running[key] = self._start_camera(camera)

    def states(self) -> tuple[CameraState, ...]:
        """Return the state of each camera held."""
        return tuple(runner.state() for runner in self._running.values())

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


def _is_past(runner: CameraRunner, wanted: LeasedCamera | None) -> bool:
    return runner.camera != wanted or runner.broken
