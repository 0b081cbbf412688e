"""Bringing landmarks to a template: exact where it can be, never a flip, never a guess."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.faces import FloatArray
from regulars.vision.align import aligned_face, similarity

TEMPLATE = np.array([[38.3, 51.7], [73.5, 51.5], [56.0, 71.7], [41.5, 92.4], [70.7, 92.2]], np.float32)


def moved(points: FloatArray, matrix: FloatArray) -> FloatArray:
    return points @ matrix[:, :2].T + matrix[:, 2]


def turned(points: FloatArray, degrees: float, scale: float, shift: tuple[float, float]) -> FloatArray:
    angle = np.radians(degrees)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (points @ turn.T + shift).astype(np.float32)


@given(
    st.floats(-180, 180),
    st.floats(0.1, 20),
    st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)),
)
def test_a_turned_scaled_and_shifted_template_comes_back(
    degrees: float, scale: float, shift: tuple[float, float]
) -> None:
    landmarks = turned(TEMPLATE, degrees, scale, shift)
    assert np.allclose(moved(landmarks, similarity(landmarks, TEMPLATE)), TEMPLATE, atol=0.05)


def test_no_other_similarity_brings_uneven_landmarks_nearer() -> None:
    landmarks = turned(TEMPLATE, 20, 1.7, (40, 10)) + np.random.default_rng(1).normal(0, 4, (5, 2)).astype(np.float32)
    best = similarity(landmarks, TEMPLATE)
    error = np.square(moved(landmarks, best) - TEMPLATE).sum()
    for step in (-0.02, 0.02):
        for row, column, other, sign in ((0, 0, (1, 1), 1), (1, 0, (0, 1), -1)):
            changed = best.copy()
            changed[row, column] += step
            changed[other] += sign * step
            assert np.square(moved(landmarks, changed) - TEMPLATE).sum() > error


def test_a_mirrored_face_is_not_flipped_back() -> None:
    mirrored = TEMPLATE * np.array([-1, 1], np.float32)
    matrix = similarity(mirrored, TEMPLATE)
    assert np.linalg.det(matrix[:, :2]) > 0
    assert np.abs(moved(mirrored, matrix) - TEMPLATE).max() > 5


@pytest.mark.parametrize("value", [3.0, np.nan, np.inf])
def test_landmarks_that_fall_together_or_are_no_numbers_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no face can be aligned"):
        similarity(np.full((5, 2), value, np.float32), TEMPLATE)


@pytest.mark.parametrize(("times", "noise_left"), [(1, 1.0), (4, 0.5), (8, 0.25)])
def test_a_large_face_is_averaged_not_sampled(times: int, noise_left: float) -> None:
    rng = np.random.default_rng(3)
    small = cv2.GaussianBlur(rng.integers(0, 256, (140, 140, 3), np.uint8), (0, 0), 2)
    large = np.repeat(np.repeat(small, times, axis=0), times, axis=1)
    noisy = np.clip(large + rng.normal(0, 40, large.shape), 0, 255).astype(np.uint8)
    landmarks = (TEMPLATE + 0.5) * times - 0.5
    wanted = aligned_face(np.asarray(small, np.uint8), TEMPLATE, TEMPLATE, 112).astype(float)
    found = aligned_face(noisy, landmarks.astype(np.float32), TEMPLATE, 112).astype(float)
    assert np.abs(found - wanted).mean() < 32 * noise_left


def test_what_lies_outside_the_picture_is_black_or_repeated() -> None:
    white = np.full((60, 60, 3), 255, np.uint8)
    corner = TEMPLATE - np.array([60, 60], np.float32)
    assert aligned_face(white, corner, TEMPLATE, 112)[:40, :40].max() == 0
    assert aligned_face(white, corner, TEMPLATE, 112, cv2.BORDER_REPLICATE).min() == 255


def test_a_face_far_outside_the_picture_is_black_and_no_error() -> None:
    white = np.full((60, 60, 3), 255, np.uint8)
    assert aligned_face(white, TEMPLATE * 5 + 9000, TEMPLATE, 112).max() == 0
