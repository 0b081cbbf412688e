"""Between motion and tracking: the faces of one picture, found at the size that the smallest wanted face needs."""

from typing import Protocol

from realtime_workers.face_filter import sort_out
from realtime_workers.looks import look_of
from realtime_workers.track import Face
from regulars.domain.faces import Detection, Image

WEAK_SCORE = 0.3
"""BYTE's lower stage: enough to prolong a track through blur, never to begin one."""
SMALLEST_FACE_PX = 24.0
"""Face width in frame pixels that must be found: below, recognition falls off steeply (MobileFaceNets at 24 px)."""
DETECTABLE_PX = 16.0
"""Face width YuNet still finds in 93 of 100 pictures: over the pictures of a track that is always."""
SMALL_FRAME_PX = 640
"""Frames up to this side are never shrunk: it would save little, and smaller faces come for nothing."""


class FaceDetector(Protocol):
    """What a model pack's detector gives; safe from several threads."""

    digest: str

    def detect(self, image: Image, min_score: float = ..., max_side: int | None = None) -> list[Detection]:
        """Return the faces of a BGR uint8 picture in its own pixels."""
        ...


class FaceFinder:
    """One detector for all cameras of this worker."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self.digest = detector.digest

    def find(self, image: Image) -> list[Face]:
        """Return the faces worth tracking in a BGR uint8 picture, at most one per person, in its pixels."""
        longest = max(image.shape[:2])
        max_side = max(SMALL_FRAME_PX, round(longest * DETECTABLE_PX / SMALLEST_FACE_PX))
        found = self._detector.detect(image, min_score=WEAK_SCORE, max_side=max_side)
        least_width = DETECTABLE_PX * 0.75 * max(1.0, longest / max_side)
        return [Face(face, look_of(image, face)) for face in sort_out(found, least_width)]
