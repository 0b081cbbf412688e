"""Beside motion: tells a covered or broken camera from an empty shop."""

import numpy as np

from realtime_workers.motion import Thumbnail
from regulars.domain.cameras import StateReason

BLACK_LEVEL = 24.0
"""Grey level (0-255; video black is 16) that no cell of a black picture passes."""
BLACK_AFTER_S = 5.0
FROZEN_AFTER_S = 15.0
"""A sensor's noise changes some cell of a coded picture at the latest with the next key frame, every 1 to 10 s."""


class PictureWatch:
    """Watches the pictures of one camera that otherwise runs."""

    def __init__(self) -> None:
        self._last: Thumbnail | None = None
        self._lit_s: float | None = None
        self._changed_s = 0.0

    def judge(self, at_s: float, picture: Thumbnail) -> StateReason:
        """Return `black_picture`, `frozen_picture` or `none` for the picture at `at_s` (increasing seconds)."""
        if self._lit_s is None or float(picture.max()) > BLACK_LEVEL:
            self._lit_s = at_s
        if self._last is None or not np.array_equal(self._last, picture):
            self._last, self._changed_s = picture, at_s
        if at_s - self._lit_s >= BLACK_AFTER_S:
            return "black_picture"
        return "frozen_picture" if at_s - self._changed_s >= FROZEN_AFTER_S else "none"
