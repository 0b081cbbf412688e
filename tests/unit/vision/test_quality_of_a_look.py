"""The score of a look falls with everything that costs likeness, and the reason names it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.domain.quality import FaceMeasures, Pose, judge, may_enrol, may_match, pose_of
from regulars.vision.quality import TEMPLATE, measure, quality_of

GOOD = FaceMeasures(
    width_px=90,
    eyes_px=40,
    sharpness=0.18,
    pose=Pose(5, 2, 1),
    highlight=200,
    burnt_share=0.0,
    inside_share=1.0,
    detection_score=0.93,
)


def head(yaw_deg: float, pitch_deg: float) -> FloatArray:
    """Five points of a head 64 mm between the eyes, turned in space and seen from afar, in pixels."""
    points = np.array([[-32, -33, 0], [32, -33, 0], [0, 4, 28], [-25, 33, 0], [25, 33, 0]], float)
    yaw, pitch = np.radians([yaw_deg, pitch_deg])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    return ((points @ about_y.T @ about_x.T)[:, :2] + 200).astype(np.float32)


@pytest.mark.parametrize("yaw_deg", [-60, -30, 0, 30, 60])
@pytest.mark.parametrize("pitch_deg", [-25, 0, 25])
def test_the_pose_of_a_turned_head_is_read_within_fourteen_degrees(yaw_deg: float, pitch_deg: float) -> None:
    pose = pose_of(head(yaw_deg, pitch_deg))
    assert pose.yaw_deg == pytest.approx(yaw_deg, abs=14)
    assert pose.pitch_deg == pytest.approx(pitch_deg, abs=14)


def test_a_tilted_head_is_rolled_and_not_turned() -> None:
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    pose = pose_of(((head(0, 0) - 200) @ turn.T).astype(np.float32))
    assert pose.roll_deg == pytest.approx(30, abs=1)
    assert pose.yaw_deg == pytest.approx(0, abs=1)


def test_a_good_look_may_enrol_and_has_nothing_to_complain_of() -> None:
    quality = judge(GOOD)
    assert quality.score > 0.95
    assert quality.reasons == ()
    assert may_enrol(quality.score)


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("turned_away", {"pose": Pose(65, 0, 0)}),
        ("turned_away", {"pose": Pose(0, -45, 0)}),
        ("blurred", {"sharpness": 0.04}),
        ("too_small", {"width_px": 15, "sharpness": 0.06}),
        ("cut_off", {"inside_share": 0.45}),
        ("too_dark", {"highlight": 18}),
        ("too_bright", {"burnt_share": 0.9}),
        ("unsure_detection", {"detection_score": 0.52}),
    ],
)
def test_each_cause_is_named_and_keeps_a_look_from_enrolling(reason: str, changed: dict[str, float]) -> None:
    quality = judge(replace(GOOD, **changed))
    assert quality.reasons == (reason,)
    assert not may_enrol(quality.score)


def test_the_worst_cause_is_named_first_and_two_are_worse_than_one() -> None:
    quality = judge(replace(GOOD, highlight=28.0, detection_score=0.52))
    assert quality.reasons == ("unsure_detection", "too_dark")
    assert quality.score < judge(replace(GOOD, detection_score=0.52)).score


def test_every_look_that_may_enrol_may_match() -> None:
    assert all(may_match(score) for score in np.linspace(0, 1, 101) if may_enrol(float(score)))
    assert not may_match(0.0)


def drawn_face(size_px: int = 240) -> tuple[Image, Detection]:
    """A sharp pattern with landmarks on it: what is measured of it is the picture's, no face is needed."""
    coarse = np.random.default_rng(7).integers(60, 200, (60, 60, 3), np.uint8)
    image = np.asarray(cv2.resize(coarse, (size_px, size_px), interpolation=cv2.INTER_NEAREST), np.uint8)
    landmarks = (TEMPLATE * (size_px / 96) + size_px / 6).astype(np.float32)
    return image, Detection((size_px * 0.25, size_px * 0.25, size_px * 0.5, size_px * 0.6), landmarks, 0.93)


def test_blur_in_one_direction_counts_as_much_as_in_both() -> None:
    image, face = drawn_face()
    sharp = measure(image, face).sharpness
    sideways = measure(np.asarray(cv2.blur(image, (25, 1)), np.uint8), face).sharpness
    upwards = measure(np.asarray(cv2.blur(image, (1, 25)), np.uint8), face).sharpness
    assert max(sideways, upwards) < sharp / 2
    assert sideways == pytest.approx(upwards, rel=0.3)


def test_sharpness_does_not_follow_the_light_or_the_size() -> None:
    image, face = drawn_face()
    darker = (image * 0.6).astype(np.uint8)
    larger, larger_face = drawn_face(480)
    assert measure(darker, face).sharpness == pytest.approx(measure(image, face).sharpness, rel=0.1)
    assert measure(larger, larger_face).sharpness == pytest.approx(measure(image, face).sharpness, rel=0.25)


def test_a_face_cut_by_the_edge_shows_less_of_itself_and_is_not_called_blurred() -> None:
    image, face = drawn_face()
    cut = np.ascontiguousarray(image[:, 120:])
    moved = replace(face, landmarks=face.landmarks - np.array([120, 0], np.float32))
    assert measure(image, face).inside_share == 1.0
    assert measure(cut, moved).inside_share == pytest.approx(0.5, abs=0.15)
    assert "cut_off" in quality_of(cut, moved).reasons
    assert "blurred" not in quality_of(cut, moved).reasons


def test_landmarks_that_fall_together_are_no_look() -> None:
    image, face = drawn_face()
    nothing = replace(face, landmarks=np.full((5, 2), 50, np.float32))
    assert quality_of(image, nothing).score == 0.0
