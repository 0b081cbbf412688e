"""First in a camera's pipeline: reads its source in a thread of its own and keeps it open, come what may."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from realtime_workers.backoff import Backoff
from realtime_workers.frame_buffer import Frame, FrameBuffer
from realtime_workers.frame_clock import LiveClock, RecordedClock
from realtime_workers.source import Picture, Rest, Source, SourceFailedError
from regulars.domain.cameras import LeasedCamera, StateName, StateReason

log = logging.getLogger(__name__)

LOOKS_PER_S = 10.0
"""Pictures a second worth looking at, on average: a face in a brisk walk moves about its own width between two."""
STEP_TOLERANCE_S = 0.004
STEADY_AFTER_S = 10.0
"""A stream that held this long begins its next outage with a short wait again."""
NEEDS_A_PERSON: frozenset[StateReason] = frozenset(
    {"wrong_password", "not_found", "unsupported_codec", "no_permission"}
)


@dataclass(frozen=True, slots=True)
class SourceState:
    """How the source does: the name and reason that the gateway is told, and a sentence for a person."""

    state: StateName = "starting"
    reason: StateReason = "none"
    detail: str = ""


class Capture:
    """Reads one camera until stopped, or to the end of its file.

    `open_source` opens the camera or raises SourceFailedError; `show` is handed each frame before it waits to be
    looked at, and only one whose time (Unix) is `wanted` does: waking another thread costs as much as a look that is
    not needed. A live source is reopened after every failure, with exponential backoff; a file that ended is finished
    for good.
    """

    def __init__(
        self,
        camera: LeasedCamera,
        open_source: Callable[[LeasedCamera], Source],
        show: Callable[[Frame], None],
        wanted: Callable[[float], bool],
        rest: Rest | None = None,
    ) -> None:
        self._camera, self._show, self._wanted, self._rest = camera, show, wanted, rest
        self._open_source = open_source
        self._recorded = camera.file_starts_at is not None and camera.type == "file"
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"capture-{camera.camera_id}", daemon=True)
        self._due_s = 0.0
        self.buffer = FrameBuffer(live=not self._recorded)
        self.state = SourceState()
        self.decoded = 0

    def start(self) -> None:
        """Begin reading."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; a read that hangs ends with its own time limit, nobody waits for it."""
        self._stopped.set()
        self.buffer.close()

    @property
    def finished(self) -> bool:
        """The file was read to its end and every frame of it was taken."""
        return self.state.reason == "finished" and self.buffer.drained

    def _run(self) -> None:
        backoff = Backoff()
        while not self._stopped.is_set():
            opened_s = time.monotonic()
            try:
                with closing(self._open_source(self._camera)) as source:
                    self._read(source)
            except SourceFailedError as failure:
                if time.monotonic() - opened_s > STEADY_AFTER_S:
                    backoff.reset()
                self._note_failure(failure)
                self._stopped.wait(backoff.next_s())
            except Exception:
                log.exception("capture_broke", extra={"camera_id": str(self._camera.camera_id)})
                self.state = SourceState("failed", "internal", "Reading this camera met an error of the worker.")
                self._stopped.wait(backoff.next_s())
            else:
                self._finish()
                return

    def _read(self, source: Source) -> None:
        """Take pictures until the file ends, the stream breaks (raises) or the capture is stopped."""
        starts_at = self._camera.file_starts_at
        clock = RecordedClock(starts_at) if self._recorded and starts_at else LiveClock()
        pace = _OwnSpeed() if self._camera.type == "file" and not self._recorded else None
        self._due_s = 0.0
        for picture in source.pictures(self._rest):
            if pace:
                self._stopped.wait(pace.wait_s(picture.stream_s))
            if self._stopped.is_set():
                return
            self._take(picture, clock)

    def _take(self, picture: Picture, clock: LiveClock | RecordedClock) -> None:
        self.decoded += 1 + picture.glanced
        at = clock.time_of(picture.stream_s, picture.arrived_s or time.time())
        if self.state.state != "running":
            self.state = SourceState("running")
        at_s = at.timestamp()
        if not self._is_due(at_s):
            return
        frame = Frame(at, picture)
        self._show(frame)
        if self._wanted(at_s):
            self.buffer.put(frame)

    def _is_due(self, at_s: float) -> bool:
        """Say whether the picture at `at_s` is looked at: of 15 a second two of three are, to make 10."""
        step_s, late_s = 1 / LOOKS_PER_S, at_s - self._due_s
        if -step_s <= late_s < -STEP_TOLERANCE_S:  # still earlier, and the clock was set back
            return False
        self._due_s = at_s + step_s - (late_s if abs(late_s) < step_s else 0.0)
        return True

    def _note_failure(self, failure: SourceFailedError) -> None:
        name: StateName = "failed" if failure.reason in NEEDS_A_PERSON else "reconnecting"
        if self.state.reason != failure.reason:
            log.warning(
                "camera_gives_no_picture",
                extra={"camera_id": str(self._camera.camera_id), "reason": failure.reason, "detail": failure.detail},
            )
        self.state = SourceState(name, failure.reason, failure.detail)

    def _finish(self) -> None:
        if self._stopped.is_set():
            return
        if self.decoded == 0:
            self.state = SourceState("failed", "unsupported_codec", "No picture of this file can be decoded.")
        else:
            self.state = SourceState("stopped", "finished", "The file was read to its end.")
        self.buffer.close()


class _OwnSpeed:
    """Plays a file at the speed it was taken."""

    def __init__(self) -> None:
        self._zero_s: float | None = None

    def wait_s(self, stream_s: float | None) -> float:
        now_s = time.monotonic()
        if stream_s is None:
            return 1 / 25
        if self._zero_s is None or abs(self._zero_s + stream_s - now_s) > 10:
            self._zero_s = now_s - stream_s
        return max(0.0, self._zero_s + stream_s - now_s)
