"""First step of every question about a picture: from a file to the one face on it, or why it is of no use."""

from dataclasses import dataclass
from typing import Protocol

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.domain.quality import Reason, may_match
from regulars.errors import InputRefused
from regulars.vision.decode import decode_photograph
from regulars.vision.quality import quality_of

MAX_PHOTOGRAPH_BYTES = 10_000_000
MAX_PHOTOGRAPH_SIDE_PX = 12_000
MAX_PHOTOGRAPH_PIXELS = 52_000_000
"""A telephone's 50 megapixels, 156 MB unpacked."""
LOOKED_AT_SIDE_PX = 1600
"""Photographs are looked at in this size: a portrait's face is found in it, and a telephone's 48 megapixels are not."""
_SPOKEN: dict[Reason, str] = {
    "turned_away": "it is turned away from the camera",
    "blurred": "it is blurred",
    "too_small": "it is too small",
    "cut_off": "it is cut off by the picture's edge",
    "too_dark": "it is too dark",
    "too_bright": "it is too bright",
    "unsure_detection": "it is covered or hard to make out",
}


class FindsFaces(Protocol):
    """The pack's detector."""

    def detect(self, image: Image, min_score: float = ..., max_side: int | None = None) -> list[Detection]:
        """Return the faces of a BGR picture; `max_side` is the size in which it is looked at."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """One face seen well: `image` is the upright picture, BGR uint8; `quality` 0 to 1."""

    image: Image
    face: Detection
    quality: float

    @property
    def crop(self) -> tuple[Image, FloatArray]:
        """What an embedder takes."""
        return self.image, self.face.landmarks


def look_at_picture(content: bytes, detector: FindsFaces) -> Look:
    """Return the one face that is seen well; small or blurred ones in the background do not matter.

    Raises InputRefused with a sentence for the person who sent it: `file_too_large`, `not_a_picture`,
    `picture_too_large`, `unusual_colours`, `corrupt_picture`, `no_face`, `several_faces`, or, for one face that is not
    seen well enough, what is wrong with it most (`regulars.domain.quality.Reason`).
    """
    if len(content) > MAX_PHOTOGRAPH_BYTES:
        raise InputRefused("file_too_large", f"The file has more than {MAX_PHOTOGRAPH_BYTES // 1_000_000} MB.")
    image = decode_photograph(content, MAX_PHOTOGRAPH_SIDE_PX, MAX_PHOTOGRAPH_PIXELS)
    faces = [(face, quality_of(image, face)) for face in detector.detect(image, max_side=LOOKED_AT_SIDE_PX)]
    good = [(face, quality) for face, quality in faces if may_match(quality.score)]
    if len(good) > 1:
        raise InputRefused("several_faces", f"It shows {len(good)} people; crop it to one.")
    if not good and faces:
        _, best = max(faces, key=lambda seen: seen[1].score)
        wrong: tuple[Reason, ...] = best.reasons or ("unsure_detection",)
        raise InputRefused(wrong[0], f"The face is not seen well enough: {', '.join(_SPOKEN[one] for one in wrong)}.")
    if not good:
        raise InputRefused("no_face", "No face was found in it.")
    face, quality = good[0]
    return Look(image, face, quality.score)
