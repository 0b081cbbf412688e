"""What the detector found, before tracking: hands, halves and second boxes of one face are taken out here."""

import numpy as np

from regulars.domain.faces import Detection

INSIDE_SHARE = 0.5
"""A box that shares this much of its own area with a better one is the same face, or a hand before it."""
LANDMARK_MARGIN = 0.15
"""How far outside its box, in box sizes, a landmark of a real (turned) face may lie."""
MIN_HEIGHT_SHARE = 0.15
"""Eyes to mouth in box heights; a frontal face has about 0.4, a hand's five points often collapse."""
MAX_WIDTH_TO_HEIGHT = 1.6
MIN_WIDTH_TO_HEIGHT = 0.4


def sort_out(detections: list[Detection]) -> list[Detection]:
    """Return the detections worth tracking, best score first, at most one per face."""
    kept: list[Detection] = []
    for detection in sorted(detections, key=lambda found: (-found.score, found.box)):
        if not is_plausible(detection):
            continue
        if all(_shared(detection, better) < INSIDE_SHARE for better in kept):
            kept.append(detection)
    return kept


def is_plausible(detection: Detection) -> bool:
    """Say whether box and landmarks can be a face that is upright within about 60 degrees, also seen from the side."""
    x, y, width, height = detection.box
    if width <= 0 or height <= 0 or not MIN_WIDTH_TO_HEIGHT <= width / height <= MAX_WIDTH_TO_HEIGHT:
        return False
    points = np.asarray(detection.landmarks, dtype=np.float64)
    if not np.isfinite(points).all():
        return False
    inside = (points - (x, y)) / (width, height)
    if (inside < -LANDMARK_MARGIN).any() or (inside > 1 + LANDMARK_MARGIN).any():
        return False
    eyes, mouth = (points[0] + points[1]) / 2, (points[3] + points[4]) / 2
    axis = mouth - eyes
    length = float(np.hypot(*axis))
    if length < MIN_HEIGHT_SHARE * height or axis[1] <= 0.5 * length:
        return False
    nose_along = float(np.dot(points[2] - eyes, axis)) / length**2
    return -0.1 < nose_along < 1.1


def _shared(one: Detection, other: Detection) -> float:
    """Return the overlap as a share of the smaller of two boxes."""
    ax, ay, aw, ah = one.box
    bx, by, bw, bh = other.box
    width = min(ax + aw, bx + bw) - max(ax, bx)
    height = min(ay + ah, by + bh) - max(ay, by)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / min(aw * ah, bw * bh)
