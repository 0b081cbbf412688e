"""Third in the evaluation: photographs of one person become the evidence of a track, by the product's own step.

`weigh` gates, fuses and votes here exactly as in recognize; only the networks have answered before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import numpy as np

from compose.evaluation.seen_faces import SeenFace
from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import FloatArray, Image
from regulars.domain.tracks import Point, Shot
from regulars.steps.read_track import ShotPicture
from regulars.steps.weigh_evidence import Evidence, FacePack, weigh

AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recalled:
    """Stands in for the networks: a crop's landmarks are the very array of a face that was seen, and tell which."""

    faces: dict[int, SeenFace]

    def embed(self, crops: Sequence[tuple[Image, FloatArray]]) -> FloatArray:
        """Return the vectors, float32 [n, d]."""
        return np.stack([self.faces[id(landmarks)].vector for _, landmarks in crops])

    def read(self, crops: Sequence[tuple[Image, FloatArray]]) -> FloatArray:
        """Return the probabilities of male, float32 [n]."""
        return np.array([self.faces[id(landmarks)].male for _, landmarks in crops], np.float32)


class TrackMaker:
    """Makes tracks of faces that were seen. The faces must be the very objects it was made with."""

    def __init__(self, faces: Sequence[SeenFace], digest: str, dimension: int, thresholds: ThresholdTable) -> None:
        """`digest`, `dimension` and `thresholds` are the pack's that saw the faces."""
        recalled = Recalled({id(face.detection.landmarks): face for face in faces})
        gender = None if any(np.isnan(face.male) for face in faces) else recalled
        self.pack = FacePack(digest, dimension, thresholds, recalled, gender)

    def evidence(self, shots: Sequence[SeenFace]) -> Evidence:
        """Return what a track of these shots says."""
        return weigh([_picture(shot) for shot in shots], self.pack, recognition=True)


def _picture(face: SeenFace) -> ShotPicture:
    landmarks = face.detection.landmarks
    shot = Shot(
        key=face.still.file[-512:],
        at=AT,
        box=face.detection.box,
        landmarks=cast("tuple[Point, Point, Point, Point, Point]", tuple((float(x), float(y)) for x, y in landmarks)),
        detection_score=min(1.0, max(0.0, face.detection.score)),
        quality=face.quality,
    )
    return ShotPicture(shot, np.zeros((1, 1, 3), np.uint8), landmarks)
