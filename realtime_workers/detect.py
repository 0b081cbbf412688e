"""Between motion and tracking: the faces of one picture, found at the size that the smallest wanted face needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from realtime_workers.face_filter import sort_out
from realtime_workers.looks import look_of
from realtime_workers.track import Face
from regulars.domain.faces import Detection, Image
from regulars.vision.detector import Area

WEAK_SCORE = 0.3
"""BYTE's lower stage: enough to prolong a track through blur, never to begin one."""
SMALLEST_FACE_PX = 24.0
"""Face width in frame pixels that must be found: below, recognition falls off steeply (MobileFaceNets at 24 px)."""
DETECTABLE_PX = 16.0
"""Face width YuNet still finds in 93 of 100 pictures: over the pictures of a track that is always."""
COUNTED_PX = 12.0
"""Who is never seen this wide by the detector is followed, but is nobody to be counted, and has no pictures kept."""
SMALL_FRAME_PX = 640
"""Frames up to this side are never shrunk: it would save little, and smaller faces come for nothing."""


CUT_SHARE = 0.05
"""A face that reaches past an area's edge by more than this of its width or height was cut, and is half a face."""


@dataclass(frozen=True, slots=True)
class Look:
    """A part of the picture to be looked at, in its pixels; `shrink` below 1 where only large faces are expected."""

    area: Area
    shrink: float = 1.0

    def cost(self, width: int, height: int) -> float:
        """Return how many pixels of a picture `width` by `height` the detector is given."""
        area, scale = self.area, self.shrink * scale_of(width, height)
        return (area.right - area.left) * (area.bottom - area.top) * scale**2


def scale_of(width: int, height: int) -> float:
    """Return by how much a picture is shrunk so that the smallest wanted face can just be found."""
    longest = max(width, height)
    return min(1.0, max(SMALL_FRAME_PX, round(longest * DETECTABLE_PX / SMALLEST_FACE_PX)) / longest)


class FaceDetector(Protocol):
    """What a model pack's detector gives; safe from several threads."""

    digest: str

    def detect(
        self, image: Image, min_score: float = ..., max_side: int | None = None, within: Area | None = None
    ) -> list[Detection]:
        """Return the faces of a BGR uint8 picture, or of an area of it, in the picture's own pixels."""
        ...


class FaceFinder:
    """One detector for all cameras of this worker."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self.digest = detector.digest

    def find(self, image: Image, looks: Sequence[Look] | None = None) -> list[Face]:
        """Return the faces worth tracking in a BGR uint8 picture, at most one per person, in its pixels.

        `looks` are the parts to look at, all of it if left out.
        """
        height, width = image.shape[:2]
        whole = scale_of(width, height)
        found: list[Detection] = []
        for look in [Look(Area(0, 0, width, height))] if looks is None else looks:
            max_side = max(1, round(look.area.longest * whole * look.shrink))
            here = self._detector.detect(image, min_score=WEAK_SCORE, max_side=max_side, within=look.area)
            found += [face for face in here if not _cut(face, look.area, width, height)]
        return [Face(face, look_of(image, face), small=face.box[2] * whole < COUNTED_PX) for face in sort_out(found)]


def _cut(face: Detection, area: Area, width: int, height: int) -> bool:
    """Say whether the area, not the picture, ends within the face."""
    x, y, face_width, face_height = face.box
    aside, above = CUT_SHARE * face_width, CUT_SHARE * face_height
    return (
        (area.left > 0 and x < area.left - aside)
        or (area.top > 0 and y < area.top - above)
        or (area.right < width and x + face_width > area.right + aside)
        or (area.bottom < height and y + face_height > area.bottom + above)
    )
