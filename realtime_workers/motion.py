"""Between capture and lookout: what has changed in this picture, and is it still the same scene?"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime_workers.source import Brightness
from regulars.domain.faces import Image

Thumbnail = NDArray[np.float32]
SIZE, COARSE = (160, 90), (16, 9)
CELL_CHANGE = 6.0
"""Grey levels (0-255) a thumbnail cell must change by, once the change of the whole picture's light is taken out;
a sensor's noise (2.5 a pixel) and a coder's at 4 Mbit/s changed none of 14,400 cells by 5 in eight seconds of 1080p."""
ROUGH_CELL_CHANGE = 9.0
"""In a picture without its loop filter: after a second at 15 a second and 1 Mbit/s four cells are off by six levels now
and then, by nine none."""
MOVING_CELLS = 4
"""A head of 24 px in a 1920-px picture covers about 2 x 2 cells, its body more."""
SAME_SCENE_CORRELATION = 0.4
"""Successive pictures of one scene correlate far above this even with a crowd in front, most cuts far below; a soft
cut is missed now and then."""


def thumbnail(image: Image) -> Thumbnail:
    """Return the picture (BGR uint8 [height, width, 3]) as grey float32 [90, 160], 0 to 255."""
    return cv2.cvtColor(_cells(image), cv2.COLOR_BGR2GRAY).astype(np.float32)


def small_brightness(known: Brightness) -> Thumbnail:
    """Return the same of a picture whose colours were not made."""
    return np.asarray(cv2.LUT(_cells(known.plane), _grey_levels(known.black, known.white)), np.float32)


@cache
def _grey_levels(black: int, white: int) -> NDArray[np.float32]:
    """Return the grey level of each value of a plane, float32 [256]."""
    return np.clip((np.arange(256, dtype=np.float32) - black) * (255 / (white - black)), 0, 255).astype(np.float32)


def _cells(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the averages of cells, uint8 [90, 160] or [90, 160, 3]: two rows a cell are enough to quieten the noise.

    Halved first: OpenCV averages two by two pixels quickly, over other whole multiples slower, and over any other ratio
    a whole order slower. Halfway between two pixels is their average, too.
    """
    height, width = pixels.shape[:2]
    rows = np.asarray(pixels[(2 * np.arange(2 * SIZE[1]) + 1) * height // (4 * SIZE[1])], np.uint8)
    if width >= 2 * SIZE[0]:
        halves = rows[:, : width // 2 * 2]
        rows = np.asarray(cv2.resize(halves, (width // 2, SIZE[1]), interpolation=cv2.INTER_AREA), np.uint8)
    while (columns := rows.shape[1]) in (2 * SIZE[0], 4 * SIZE[0]):
        rows = np.asarray(cv2.resize(rows, (columns // 2, SIZE[1]), interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.asarray(cv2.resize(rows, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def same_scene(one: Thumbnail, other: Thumbnail) -> bool:
    """Say whether two pictures show one scene; brightness and contrast do not matter, a cut or a moved camera does."""
    if cv2.norm(one, other, cv2.NORM_INF) <= CELL_CHANGE:
        return True
    a, b = (cv2.resize(picture, COARSE, interpolation=cv2.INTER_AREA) for picture in (one, other))
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    if norm < a.size:  # within one grey level of a flat picture: nothing to compare
        return True
    return float((a * b).sum()) / norm >= SAME_SCENE_CORRELATION


def change_of_light(before: Thumbnail, now: Thumbnail) -> float:
    """Return by how many grey levels the picture as a whole has become lighter: the median of its cells' changes.

    Sorted, not partitioned: few values come many times, with which numpy's partition takes seven times longer.
    """
    changes = np.sort(now[::3, ::3] - before[::3, ::3], axis=None)
    return float(changes[changes.size // 2])


def changed_cells(before: Thumbnail, now: Thumbnail, by: float = CELL_CHANGE) -> NDArray[np.bool_]:
    """Return which cells differ by more than `by` grey levels, bool [90, 160], in pictures of the same light."""
    return cv2.absdiff(before, now) > by
