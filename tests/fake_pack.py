"""A model pack for tests of everything but the models: each picture's colour says whose face it is, and how alike.

FAKE: no network runs. What it makes of a picture is exact and the same in every process.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import Detection, FloatArray, Image
from regulars.steps.weigh_evidence import FacePack

DIMENSION = 256
SIDE_PX = 96
LANDMARKS = ((36.0, 40.0), (60.0, 40.0), (48.0, 52.0), (38.0, 64.0), (58.0, 64.0))
PHOTOGRAPH_PX = 240
_STEP = 16
THRESHOLDS = ThresholdTable(points=((-1.0, 0.1), (-7.0, 0.7)))
"""Cosine 0.1 at FAR 0.1 and 0.1 more per decade: 0.43 for FPIR 0.5 % among a hundred people, grey from 0.33."""


def face_of(person: int, likeness_percent: int = 100) -> bytes:
    """Return a JPEG of `person` (0..255) whose vector has this cosine, in percent, to that person's own."""
    image = np.empty((SIDE_PX, SIDE_PX, 3), np.uint8)
    low, high = person % _STEP, person // _STEP
    image[:] = (low * _STEP + _STEP // 2, high * _STEP + _STEP // 2, likeness_percent * 2)
    done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 100])
    assert done
    return coded.tobytes()


def vector_of(person: int, likeness_percent: int = 100) -> FloatArray:
    """Return the unit vector of a picture made by `face_of`: people are nearly at right angles to each other."""
    own = _direction(person)
    if likeness_percent >= 100:
        return own
    cosine = likeness_percent / 100
    aside = _direction(1000 + person * 101 + likeness_percent)
    aside = aside - own * float(aside @ own)
    aside /= np.linalg.norm(aside)
    return (own * cosine + aside * np.sqrt(1 - cosine * cosine)).astype(np.float32)


def photograph_of(person: int, likeness_percent: int = 100, *, people: int = 1) -> bytes:
    """Return a larger JPEG of `person`, grained as a sharp face is; `people` of them stand side by side."""
    colour = cv2.imdecode(np.frombuffer(face_of(person, likeness_percent), np.uint8), cv2.IMREAD_COLOR)
    assert colour is not None
    grain = np.random.default_rng(person).integers(-24, 25, (PHOTOGRAPH_PX, PHOTOGRAPH_PX * people, 1))
    grained = np.clip(np.asarray(colour[0, 0], np.int64) + grain, 0, 255).astype(np.uint8)
    done, coded = cv2.imencode(".png", grained)
    assert done
    return coded.tobytes()


class FakeDetector:
    """Sees a face in the middle of each square of a grained picture, and none in a smooth one."""

    def detect(self, image: Image, min_score: float = 0.8, max_side: int | None = None) -> list[Detection]:
        height, width = image.shape[:2]
        if float(image[:, :, 0].std()) < 2:
            return []
        side = min(height, width)
        return [self._face(left, side) for left in range(0, width - side + 1, side)]

    @staticmethod
    def _face(left: int, side: int) -> Detection:
        marks = np.array(LANDMARKS, np.float32) * np.float32(side / SIDE_PX) + np.array([left, 0], np.float32)
        return Detection((left + side * 0.3, side * 0.3, side * 0.4, side * 0.4), marks, 0.99)


class FakeEmbedder:
    """Reads the person and the likeness from a picture's colour."""

    def embed(self, crops: Sequence[tuple[Image, FloatArray]]) -> FloatArray:
        colours = [image.reshape(-1, 3).mean(axis=0) for image, _ in crops]
        return np.stack(
            [
                vector_of(int(blue // _STEP) + _STEP * int(green // _STEP), min(100, round(red / 2)))
                for blue, green, red in colours
            ]
        )


class FakeGenderReader:
    """People with even numbers are men."""

    def read(self, crops: Sequence[tuple[Image, FloatArray]]) -> FloatArray:
        colours = [image.reshape(-1, 3).mean(axis=0) for image, _ in crops]
        return np.array([0.02 if int(blue // _STEP) % 2 else 0.98 for blue, _, _ in colours], np.float32)


def fake_pack(digest: str = "fake0000fake0000") -> FacePack:
    return FacePack(digest, DIMENSION, THRESHOLDS, FakeEmbedder(), FakeGenderReader())


def _direction(seed: int) -> FloatArray:
    made = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return (made / np.linalg.norm(made)).astype(np.float32)
