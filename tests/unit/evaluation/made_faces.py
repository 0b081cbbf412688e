"""Faces for the questions: each person a random direction, each photograph a step away from it; no network runs."""

from collections.abc import Sequence

import numpy as np

from compose.evaluation.dataset import Still
from compose.evaluation.people import Faces, faces_of
from compose.evaluation.seen_faces import SeenFace
from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import Detection

DIMENSION = 256
TRUE_TABLE = ThresholdTable(
    points=((-1.0, 0.080), (-2.0, 0.145), (-3.0, 0.192), (-4.0, 0.231), (-5.0, 0.264), (-6.0, 0.293))
)
"""What random directions in 256 dimensions reach: normal quantiles over the root of 256."""
THRESHOLDS = ThresholdTable(points=((-1.0, 0.16), (-3.0, 0.38), (-5.0, 0.52), (-7.0, 0.63)))
"""Twice of that: no two made people pass for each other."""
LANDMARKS = np.array([[40, 40], [60, 40], [50, 52], [42, 62], [58, 62]], np.float32)


def made_faces(
    photographs: list[int],
    *,
    spread: float,
    qualities: Sequence[float] = (0.95,),
    table: ThresholdTable = THRESHOLDS,
    wanted_fpir: float = 0.005,
) -> Faces:
    """Return as many people as the list is long, each with that many photographs, `spread` from their own direction.

    `spread` 0 makes a person's photographs the same, 1 as far from each other as noise as long as the face itself.
    `qualities` are those of a person's photographs by turns. People with even numbers are men, and are read as men with
    probability 0.98, women with 0.02.
    """
    chance = np.random.default_rng(1)
    seen: list[SeenFace] = []
    for number, count in enumerate(photographs):
        own = _unit(chance.normal(size=DIMENSION))
        gender = "male" if number % 2 == 0 else "female"
        for photograph in range(count):
            vector = _unit(own + spread * _unit(chance.normal(size=DIMENSION))).astype(np.float32)
            still = Still(f"stills/{number:04}/{photograph}.jpg", f"{number:04}", gender)
            face = Detection((30.0, 20.0, 40.0, 50.0), LANDMARKS.copy(), 0.9)
            quality = qualities[photograph % len(qualities)]
            seen.append(SeenFace(still, face, quality, (), vector, 0.98 if gender == "male" else 0.02))
    return faces_of(seen, "made", DIMENSION, table, wanted_fpir)


def _unit(
    vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return vector / np.linalg.norm(vector)
