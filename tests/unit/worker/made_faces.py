"""Detections as a detector would give them, for the worker's unit tests."""

import numpy as np

from realtime_workers.track import Face
from regulars.domain.faces import Detection, FloatArray

FRONTAL = np.array([[0.3, 0.38], [0.7, 0.38], [0.5, 0.58], [0.34, 0.78], [0.66, 0.78]], np.float32)


def look(person: int) -> FloatArray:
    """A look that shares nothing with another person's."""
    made = np.zeros(112, np.float32)
    made[person % 112] = 1.0
    return made


def detection(x: float, y: float, width: float = 60.0, score: float = 0.9) -> Detection:
    """A frontal face with its centre at (x, y)."""
    height = width * 1.3
    corner = np.array([x - width / 2, y - height / 2], np.float32)
    landmarks = (corner + FRONTAL * np.array([width, height])).astype(np.float32)
    return Detection((float(corner[0]), float(corner[1]), width, height), landmarks, score)


def face(x: float, y: float, width: float = 60.0, score: float = 0.9, person: int = 0) -> Face:
    """A detection with the look of a person."""
    return Face(detection(x, y, width, score), look(person))
