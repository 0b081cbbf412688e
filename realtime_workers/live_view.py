"""Beside a camera's pipeline: while somebody watches, sends its newest picture with the faces found in it.

The pipeline only hands over what it has anyway; shrinking, encoding and sending happen in a thread of its own, which
lives as long as somebody watches, and which skips what it cannot keep up with. A picture is shown with the faces found
in it; where finding them takes too long, the newest one is shown with the faces of the last that was looked at.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

import cv2

from realtime_workers.frame_buffer import Frame
from regulars.domain.cameras import LeasedCamera
from regulars.domain.faces import Detection, Image
from regulars.domain.watching import (
    MAX_JPEG_BYTES,
    PICTURES_PER_S,
    WATCHED_FOR_S,
    WIDEST_PX,
    WISHES_WITHIN_S,
    FaceBox,
    LivePicture,
)
from regulars.errors import DependencyAway, RegularsError

log = logging.getLogger(__name__)

BEST_QUALITY, WORST_QUALITY = 80, 35
AIM_BYTES = 60_000
AIM_SENT_S = 0.1
LOOKED_AT_WITHIN_S = 0.12
"""A picture waits so long for its faces."""
FACES_FOR_S = 1.0
TICK_S = 0.03
Seen = Sequence[tuple[UUID, Detection]]


class PictureSink(Protocol):
    """Where pictures go."""

    def show(self, camera_id: UUID, picture: LivePicture, jpeg: bytes) -> bool:
        """Send a picture; return whether more are wanted. Raises RegularsError."""
        ...


class LiveView:
    """One camera's. Without a viewer an offer costs nothing."""

    def __init__(self, camera: LeasedCamera, sink: PictureSink, clock: Callable[[], float] = time.monotonic) -> None:
        self._camera, self._sink, self._clock = camera, sink, clock
        self._quality = BEST_QUALITY
        self._due_s = self._until_s = 0.0
        self._looked: Frame | None = None
        self._seen: Seen = ()
        self._fresh: Frame | None = None
        self._fresh_s = self._seen_s = 0.0
        self._changed = threading.Condition()
        self._sending = False
        self.sent = 0

    @property
    def watched(self) -> bool:
        """Whether pictures are sent now."""
        return self._clock() < self._until_s

    def watch(self, *, wanted: bool) -> None:
        """Somebody watches from now on, or nobody any more."""
        with self._changed:
            self._until_s = self._clock() + WISHES_WITHIN_S + WATCHED_FOR_S if wanted else 0.0
            if wanted and not self._sending:
                self._sending = True
                name = f"live-view-{self._camera.camera_id}"
                threading.Thread(target=self._send_all, name=name, daemon=True).start()
            self._changed.notify()

    def decoded(self, frame: Frame) -> None:
        """Take a picture before anybody has looked at it."""
        now_s = self._clock()
        if now_s < self._until_s:
            with self._changed:
                if self._fresh is None:
                    self._fresh_s = now_s
                self._fresh = frame

    def offer(self, frame: Frame, seen: Seen) -> None:
        """Take a picture that was looked at, with the tracks seen in it."""
        now_s = self._clock()
        if now_s < self._until_s:
            with self._changed:
                self._looked, self._seen, self._seen_s = frame, seen, now_s
                self._changed.notify()

    def _send_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait(TICK_S)
                if not self.watched:
                    self._sending, self._looked, self._fresh = False, None, None
                    return
                due = self._take_due()
            if due:
                try:
                    self._send(*due)
                except Exception:
                    log.exception("live_view_broke", extra={"camera_id": str(self._camera.camera_id)})
                    self.watch(wanted=False)

    def _take_due(self) -> tuple[Frame, Seen] | None:
        """Return the picture to be sent now, if any, with its faces. Called with the lock held."""
        now_s = self._clock()
        late = self._fresh is not None and now_s - self._fresh_s >= LOOKED_AT_WITHIN_S
        if now_s < self._due_s or not (self._looked or late):
            return None
        self._due_s = max(self._due_s + 1 / PICTURES_PER_S, now_s)
        frame = self._fresh if late else self._looked
        self._looked = self._fresh = None
        assert frame is not None  # noqa: S101
        return frame, self._seen if now_s - self._seen_s < FACES_FOR_S else ()

    def _send(self, frame: Frame, seen: Seen) -> None:
        begun_s = self._clock()
        jpeg, width, height = small_jpeg(frame.image, self._quality)
        if len(jpeg) > MAX_JPEG_BYTES:
            self._quality = WORST_QUALITY
            return
        picture = LivePicture(
            lease_id=self._camera.lease_id,
            at=frame.at,
            width=width,
            height=height,
            recognition=self._camera.recognition,
            boxes=boxes_of(seen, frame.image),
        )
        try:
            wanted = self._sink.show(self._camera.camera_id, picture, jpeg)
        except DependencyAway:
            self._until_s = min(self._until_s, begun_s + WATCHED_FOR_S)
            return
        except RegularsError as refused:
            log.warning("live_view_refused", extra={"code": refused.code})
            wanted = False
        self.sent += 1
        self._until_s = max(self._until_s, self._clock() + WATCHED_FOR_S) if wanted else 0.0
        pressed = len(jpeg) > AIM_BYTES or self._clock() - begun_s > AIM_SENT_S
        self._quality = max(self._quality - 5, WORST_QUALITY) if pressed else min(self._quality + 1, BEST_QUALITY)


def small_jpeg(image: Image, quality: int = BEST_QUALITY) -> tuple[bytes, int, int]:
    """Return a BGR picture as JPEG of at most WIDEST_PX width, with its width and height."""
    height, width = image.shape[:2]
    if width > WIDEST_PX:
        width, height = WIDEST_PX, max(1, round(height * WIDEST_PX / width))
        image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)  # pyright: ignore[reportAssignmentType]
    done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("a picture could not be encoded as JPEG")
    return coded.tobytes(), width, height


def boxes_of(seen: Seen, image: Image) -> tuple[FaceBox, ...]:
    """Return the faces as boxes within the picture, in parts of its width and height."""
    height, width = image.shape[:2]
    boxes: list[FaceBox] = []
    for track_id, face in seen[:100]:
        x, y, face_width, face_height = face.box
        left, right = _part(x, width), _part(x + face_width, width)
        top, bottom = _part(y, height), _part(y + face_height, height)
        boxes.append(FaceBox(track_id=track_id, x=left, y=top, width=right - left, height=bottom - top))
    return tuple(boxes)


def _part(value: float, whole: int) -> float:
    return round(min(max(value / whole, 0.0), 1.0), 4)
