"""Beside the tracker: how badly a face fits where somebody is expected to be, and how they are expected to look."""

import math
from dataclasses import dataclass

from realtime_workers.kalman import FaceMotion
from realtime_workers.looks import likeness
from regulars.domain.faces import Detection, FloatArray

GATE_STILL = 0.6
GATE_SPEED = 4.0
GATE_SPEED_UNKNOWN = 9.0
"""Face sizes: allowed distance from the predicted centre = GATE_STILL + speed x seconds unseen. A new track's speed is
not known yet, nor that of somebody who stood still and starts, so they may be anywhere a brisk walker gets to."""
GATE_MAX = 2.2
SIZE_GATE_LOG = math.log(1.5)
SIZE_GATE_LOG_PER_S = 0.5
SIZE_GATE_LOG_MAX = math.log(2.2)
LIKENESS_WEIGHT = 2.0
REFUSED = 1e6


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody unseen for `unseen_s`: where and how large, how they look, and how far off a face may be.

    It may be `reach` face sizes away and must be `alike` at least (`looks.likeness`).
    """

    motion: FaceMotion
    look: FloatArray
    unseen_s: float
    reach: float
    alike: float


def reach(unseen_s: float, speed: float) -> float:
    """Return how far from where it is expected a face may be, in face sizes; `speed` in face sizes a second."""
    return min(GATE_STILL + speed * unseen_s, GATE_MAX)


def cost(one: Expected, detection: Detection, look: FloatArray) -> float:
    """Return how badly a face fits, in squared face sizes, or REFUSED beyond the gates."""
    x, y, size = centre(detection)
    motion = one.motion
    growth = abs(math.log(size / motion.size))
    if growth > min(SIZE_GATE_LOG + SIZE_GATE_LOG_PER_S * one.unseen_s, SIZE_GATE_LOG_MAX):
        return REFUSED
    distance = math.hypot(x - motion.x, y - motion.y) / ((size + motion.size) / 2)
    if distance > one.reach:
        return REFUSED
    alike = likeness(one.look, look)
    if alike < one.alike:
        return REFUSED
    return distance**2 + growth**2 + LIKENESS_WEIGHT * (1 - alike)


def centre(detection: Detection) -> tuple[float, float, float]:
    """Return the centre (x, y) of a face's box and its size, the geometric mean of width and height, in pixels."""
    x, y, width, height = detection.box
    return x + width / 2, y + height / 2, math.sqrt(width * height)
