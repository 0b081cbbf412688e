"""Between capture and detection: is there anything new in this picture, and is it still the same scene?"""

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime_workers.source import Brightness
from regulars.domain.faces import Image

Thumbnail = NDArray[np.float32]
SIZE = (160, 90)
CELL_CHANGE = 10.0
"""Grey levels (0-255) a thumbnail cell must change by, once the change of the whole picture's brightness is taken out;
sensor noise averaged over a cell of a few hundred pixels stays below 3."""
MOVING_CELLS = 4
"""A head of 24 px in a 1920-px picture covers about 2 x 2 cells, its body more."""
LOOK_ANYWAY_S = 1.0
SAME_SCENE_CORRELATION = 0.4
"""Successive pictures of one scene correlate far above this even with a crowd in front, most cuts far below; a soft
cut is missed now and then."""


def thumbnail(image: Image) -> Thumbnail:
    """Return the picture (BGR uint8 [height, width, 3]) as grey float32 [90, 160], 0 to 255."""
    small = cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)


def small_brightness(known: Brightness) -> Thumbnail:
    """Return the same of a picture whose colours were not made."""
    small = cv2.resize(known.plane, SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.clip((small - known.black) * (255 / (known.white - known.black)), 0, 255)


def same_scene(one: Thumbnail, other: Thumbnail) -> bool:
    """Say whether two pictures show one scene; brightness and contrast do not matter, a cut or a moved camera does."""
    a, b = cv2.GaussianBlur(one, (0, 0), 3.0), cv2.GaussianBlur(other, (0, 0), 3.0)
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    if norm < a.size:  # within one grey level of a flat picture: nothing to compare
        return True
    return float((a * b).sum()) / norm >= SAME_SCENE_CORRELATION


class MotionGate:
    """Says when it is worth looking for faces; a person who stands still is looked at every LOOK_ANYWAY_S."""

    def __init__(self) -> None:
        self._looked: Thumbnail | None = None
        self._looked_s = 0.0

    def worth_looking(self, at_s: float, picture: Thumbnail, *, following: bool) -> bool:
        """Compare with the last picture looked at; `following` (a track is open) always looks. `at_s` increases."""
        looked = self._looked
        if following or looked is None or at_s - self._looked_s >= LOOK_ANYWAY_S or _moved(looked, picture):
            self._looked, self._looked_s = picture, at_s
            return True
        return False


def _moved(before: Thumbnail, now: Thumbnail) -> bool:
    change = now - before
    return int((np.abs(change - np.median(change)) > CELL_CHANGE).sum()) >= MOVING_CELLS
