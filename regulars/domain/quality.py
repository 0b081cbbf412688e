"""How far one look at a face can be trusted: what may be matched, what may make somebody new, and why a face is lost.

A look's score is the share of its likeness to the same person that is left, compared with a sharp, frontal, well lit
one: 1 keeps all, 0.5 half. Each curve below is that share, measured by degrading 420 photographs of LFW and comparing
them with other photographs of the same people (docs/models.md has the figures and the command).
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from regulars.domain.faces import FloatArray

Reason = Literal["turned_away", "blurred", "too_small", "cut_off", "too_dark", "too_bright", "unsure_detection"]

MATCH_QUALITY = 0.5
"""From here a shot is compared with the gallery; below, a person is missed in five looks of six."""
ENROL_QUALITY = 0.75
"""From here the best shot may make somebody new.

Poor looks of strangers are alike: two of 0.6 to 0.7 pass a threshold ten times as often as two good ones, two of 0.4 to
0.5 hundreds of times. One blurred 'person' would collect many, so only good looks become templates.
"""
REASON_BELOW = 0.8
"""A measure that by itself leaves less than this is named as a reason."""
BLUR_MARGIN = 0.1
"""A face is called blurred when its detail leaves this much less than its size does; otherwise the size explains it."""

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


def _curve(measure: tuple[float, ...], left: tuple[float, ...]) -> Curve:
    return np.array(measure, np.float64), np.array(left, np.float64)


WIDTH_PX = _curve(
    (8, 12, 16, 18.5, 20.5, 23, 25.5, 28, 32.5, 37, 42, 52),
    (0, 0.2, 0.44, 0.54, 0.63, 0.75, 0.81, 0.87, 0.93, 0.96, 0.98, 1),
)
SHARPNESS = _curve(
    (0.02, 0.028, 0.035, 0.044, 0.053, 0.061, 0.07, 0.08, 0.09, 0.1, 0.115, 0.13, 0.17),
    (0.05, 0.12, 0.2, 0.3, 0.45, 0.57, 0.68, 0.78, 0.87, 0.92, 0.955, 0.98, 1),
)
YAW_DEG = _curve((30, 41, 50, 60, 75, 90), (1, 0.94, 0.85, 0.7, 0.45, 0.2))
PITCH_DEG = _curve((12, 20, 30, 45, 60), (1, 0.93, 0.8, 0.55, 0.2))
HIGHLIGHT = _curve((10, 17, 20, 22, 34, 44, 68, 150), (0, 0.34, 0.46, 0.53, 0.83, 0.86, 0.96, 1))
BURNT_SHARE = _curve(
    (0.01, 0.17, 0.32, 0.48, 0.61, 0.72, 0.82, 0.92, 1), (1, 0.96, 0.91, 0.84, 0.73, 0.64, 0.54, 0.35, 0)
)
INSIDE_SHARE = _curve((0.3, 0.5, 0.61, 0.65, 0.75, 0.86, 0.94, 1), (0.1, 0.55, 0.76, 0.8, 0.9, 0.93, 0.965, 1))
DETECTION_SCORE = _curve((0.5, 0.6, 0.7, 0.8, 0.87), (0.4, 0.55, 0.75, 0.88, 1))

NOSE_DEPTH = 0.43
"""How far the tip of the nose stands out, in distances from eyes to mouth: about 28 mm on 66 mm of an adult head."""
EYES_APART = 0.97
"""Distance between the eyes of a frontal face, in distances from eyes to mouth; the same head, and LFW's median."""
NOSE_DOWN = 0.56
"""Where a frontal nose tip lies on the way from the eyes to the mouth, as YuNet marks it (LFW's median)."""


@dataclass(frozen=True, slots=True)
class Pose:
    """How the head is turned, in degrees.

    `yaw_deg` to the side (positive: the nose points to the picture's right), `pitch_deg` up or down (positive: down),
    `roll_deg` tilted (positive: clockwise in the picture).
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@dataclass(frozen=True, slots=True)
class FaceMeasures:
    """What was measured on one face.

    `width_px` the face box's width; `eyes_px` the distance between the eyes; `sharpness` the finest detail in the
    weaker direction over the contrast, on the face brought to a fixed size; `highlight` the level (0-255) that 98 % of
    the face stay under; `burnt_share` the share of it at 245 and above; `inside_share` the share that lies in the
    picture; `detection_score` the detector's, 0 to 1.
    """

    width_px: float
    eyes_px: float
    sharpness: float
    pose: Pose
    highlight: float
    burnt_share: float
    inside_share: float
    detection_score: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a look is: `score` 0 to 1, and what lowers it, worst first."""

    score: float
    reasons: tuple[Reason, ...]


def pose_of(landmarks: FloatArray) -> Pose:
    """Return the pose that five landmarks, float32 [5, 2] in `Detection`'s order, suggest.

    The nose tip stands NOSE_DEPTH in front of the plane of eyes and mouth, so turning the head by an angle moves it
    aside by depth x sin(angle), while the eyes' distance shrinks with the cosine. Good to about ten degrees, fourteen
    when turned both ways. Points that fall together read as a profile.
    """
    points = landmarks.astype(np.float64)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    across = points[1] - points[0]
    down = mouth - eyes
    height = float(np.hypot(*down))
    if height < 1e-6:
        return Pose(90.0, 0.0, 0.0)
    down /= height
    nose = (points[2] - eyes) / height
    aside = float(nose @ np.array([down[1], -down[0]]))
    yaw = np.arctan2(aside / NOSE_DEPTH, float(np.hypot(*across)) / height / EYES_APART)
    pitch = np.arctan2(float(nose @ down) - NOSE_DOWN, NOSE_DEPTH)
    roll = np.arctan2(across[1], across[0])
    return Pose(float(np.degrees(yaw)), float(np.degrees(pitch)), float(np.degrees(roll)))


def judge(measures: FaceMeasures) -> Quality:
    """Return the quality of a look.

    What size and blur leave is not multiplied: a small face, enlarged, measures as blurred, so the lower of the two
    says it all, and names the cause.
    """
    pose = measures.pose
    small, blurred = _left(WIDTH_PX, measures.width_px), _left(SHARPNESS, measures.sharpness)
    turned = _left(YAW_DEG, abs(pose.yaw_deg)) * _left(PITCH_DEG, abs(pose.pitch_deg))
    left: dict[Reason, float] = {
        "turned_away": turned,
        "too_dark": _left(HIGHLIGHT, measures.highlight),
        "too_bright": _left(BURNT_SHARE, measures.burnt_share),
        "cut_off": _left(INSIDE_SHARE, measures.inside_share),
        "unsure_detection": _left(DETECTION_SCORE, measures.detection_score),
    }
    score = min(small, blurred) * math.prod(left.values())
    coarse: Reason = "too_small" if small - blurred < BLUR_MARGIN else "blurred"
    left[coarse] = min(small, blurred)
    named: list[Reason] = [reason for reason, share in left.items() if share < REASON_BELOW]
    named.sort(key=lambda reason: left[reason])
    return Quality(min(1.0, max(0.0, score)), tuple(named))


def may_match(quality: float) -> bool:
    """Say whether a look of this score may be compared with the gallery."""
    return quality >= MATCH_QUALITY


def may_enrol(quality: float) -> bool:
    """Say whether a look of this score is good enough to make somebody new."""
    return quality >= ENROL_QUALITY


def _left(curve: Curve, value: float) -> float:
    return float(np.interp(value, *curve))
