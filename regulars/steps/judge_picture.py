"""Tells whoever takes photographs of people whether one is of use, before anything is made of it."""

from dataclasses import dataclass

from regulars.errors import InputRefused
from regulars.steps.look_at_picture import FindsFaces, look_at_picture


@dataclass(frozen=True, slots=True)
class FaceBox:
    """Where a face is, in fractions of the upright picture's width and height; it may reach past the edge."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a picture shows one face well; if not, a stable `reason` and a sentence, and no box."""

    good: bool
    reason: str | None = None
    detail: str | None = None
    box: FaceBox | None = None


def judge_picture(content: bytes, detector: FindsFaces) -> Verdict:
    """Judge one picture; whatever is sent has a verdict. Nothing of it is kept."""
    try:
        look = look_at_picture(content, detector)
    except InputRefused as refusal:
        return Verdict(good=False, reason=refusal.reason, detail=refusal.detail)
    rows, columns = look.image.shape[:2]
    x, y, width, height = look.face.box
    return Verdict(good=True, box=FaceBox(x / columns, y / rows, width / columns, height / rows))
