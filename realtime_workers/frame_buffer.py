"""Between the decoding thread and the looking thread of one camera: a few frames, never more."""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from realtime_workers.source import Picture
from regulars.domain.faces import Image

LIVE_FRAMES = 2
RECORDED_FRAMES = 6


@dataclass(slots=True, eq=False)
class Frame:
    """One picture to look at, taken at `at` (UTC)."""

    at: datetime
    picture: Picture
    _image: Image | None = None

    @property
    def image(self) -> Image:
        """BGR uint8 [height, width, 3], made when it is first asked for."""
        if self._image is None:
            self._image = self.picture.image()
        return self._image


class FrameBuffer:
    """Bounded. Live: the newest frames win and the older are dropped. Recorded: the decoder waits, none is dropped."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._size = LIVE_FRAMES if live else RECORDED_FRAMES
        self._frames: deque[Frame] = deque()
        self._changed = threading.Condition()
        self._closed = self._idle = False
        self.dropped = 0

    def put(self, frame: Frame) -> None:
        """Add a frame; of a recording, or one that was held with others, wait for room (or for `close`)."""
        in_turn = not self._live or frame.picture.held
        with self._changed:
            while in_turn and len(self._frames) >= self._size and not self._closed:
                self._changed.wait()
            if self._closed:
                return
            if len(self._frames) >= self._size:
                self._frames.popleft()
                self.dropped += 1
            self._frames.append(frame)
            self._changed.notify_all()

    def get(self, timeout_s: float) -> Frame | None:
        """Return the next frame, or None when none comes within `timeout_s` or the buffer is closed and empty."""
        with self._changed:
            self._idle = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: bool(self._frames) or self._closed, timeout_s)
            self._idle = False
            if not self._frames:
                return None
            frame = self._frames.popleft()
            self._changed.notify_all()
            return frame

    def all_looked_at(self, within_s: float) -> bool:
        """Wait until every frame was got and its taker asks for the next one; say whether that came about."""
        with self._changed:
            return self._changed.wait_for(lambda: self._idle and not self._frames, within_s)

    def close(self) -> None:
        """No more frames are put; what is inside may still be got."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def drained(self) -> bool:
        """Whether nothing is inside and nothing will come."""
        with self._changed:
            return self._closed and not self._frames
