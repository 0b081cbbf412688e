"""Between detector and embedder: bring a face to the template that a network was trained on."""

import cv2
import numpy as np

from regulars.domain.faces import FloatArray, Image

SHRUNK_TO = 0.75
"""A large face is first halved, as long as it stays at least half of this many times the template's size.

The warp samples between two pixels and would skip those of a large face. Of 0.75, 0.9 and 1 the gender network, whose
32 px ask for most shrinking, does best on this (`python -m regulars.vision.measure_models gender`).
"""
SMALLEST_SCALE = 1e-4
"""Landmarks farther apart than this are of no picture; they cost no more time."""


def similarity(points: FloatArray, template: FloatArray) -> FloatArray:
    """Return the float32 [2, 3] matrix that best moves `points` onto `template`, both [n, 2], by least squares.

    Rotation, one scale and a shift, never a flip: Umeyama (1991) without reflection. In the plane it has a closed form:
    with points as complex numbers z and template w, both centred, the factor is sum(conj(z) w) / sum(|z|^2).
    Raises ValueError when all points fall together or one is no finite number.
    """
    source, target = (np.ascontiguousarray(some, np.float64) for some in (points, template))
    if not np.isfinite(source).all():
        raise ValueError("the landmarks are not all numbers, no face can be aligned on them")
    z, w = (each.view(np.complex128)[:, 0] for each in (source, target))
    z_centre, w_centre = z.mean(), w.mean()
    z, w = z - z_centre, w - w_centre
    spread = float(np.sum(np.abs(z) ** 2))
    if spread < 1e-9:
        raise ValueError("the landmarks fall together, no face can be aligned on them")
    factor = complex(np.sum(np.conj(z) * w)) / spread
    shift = complex(w_centre - factor * z_centre)
    return np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]], np.float32)


def aligned_face(
    image: Image, landmarks: FloatArray, template: FloatArray, size: int, border: int = cv2.BORDER_CONSTANT
) -> Image:
    """Return uint8 [size, size, 3] (the channels of `image`) with the five landmarks moved onto `template` (pixels).

    What lies outside the picture is black, or as OpenCV's `border` says. Raises ValueError when the landmarks fall
    together.
    """
    matrix = similarity(landmarks, template)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    halvings = int(np.log2(SHRUNK_TO / max(scale, SMALLEST_SCALE)))
    if halvings > 0:
        image, landmarks = _halved(image, landmarks, matrix, size, halvings)
        matrix = similarity(landmarks, template)
    return np.asarray(cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=border), np.uint8)


def _halved(
    image: Image, landmarks: FloatArray, matrix: FloatArray, size: int, halvings: int
) -> tuple[Image, FloatArray]:
    """Return the part of the picture that the template shows, halved so many times, and the landmarks in it.

    Halving is what OpenCV averages fastest.
    """
    times = 2**halvings
    corners = np.array([[0, 0], [size, 0], [0, size], [size, size]], np.float32)
    seen = (corners - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    height, width = image.shape[:2]
    left, top = (int(max(0, np.floor(low) - times)) for low in seen.min(axis=0))
    right, bottom = (int(min(end, high + times)) for end, high in zip((width, height), seen.max(axis=0), strict=True))
    columns, rows = (right - left) // times, (bottom - top) // times
    if columns < 1 or rows < 1:
        return image, landmarks
    part = image[top : top + rows * times, left : left + columns * times]
    for halving in range(halvings - 1, -1, -1):
        smaller = cv2.resize(part, (columns << halving, rows << halving), interpolation=cv2.INTER_AREA)
        part = np.asarray(smaller, np.uint8)
    return part, ((landmarks - np.array([left, top], np.float32) + 0.5) / times - 0.5).astype(np.float32)
