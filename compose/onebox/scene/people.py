"""The people of a composed scene: a head cut out of a photograph, set upright on a drawn body like a paper figure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from regulars.domain.faces import Detection
from regulars.vision.detector import FaceDetector

FACE_PX = 150
"""Width of a face box in a finished figure.

No face of the demo's cast is narrower in its photograph; the evaluation takes faces from 60 px on, which are blown up.
"""
SHARPER = 2  # drawn at twice the size and reduced, for smooth edges
FIGURE = (5.0, 11.4)  # width and height of a whole figure in face widths: about 0.15 m each
FACE_AT = (2.5, 1.6)  # the face box's centre in it
HEAD = (0.76, 1.0)  # half-axes of the oval that is cut out: face, hair and ears
HEAD_ABOVE = 0.16  # the oval's centre lies this much above the face's

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Cutout:
    """A figure to be moved about: RGBA, with the face's centre and the face box's width in its own pixels."""

    name: str
    figure: Image.Image
    face_x: float
    face_y: float
    face_px: float


@dataclass(frozen=True, slots=True)
class Role:
    """One of the cast: the `nth` face from the left in a sample photograph, and the colour of the coat."""

    name: str
    photograph: str
    nth: int
    coat: Colour


# Chosen with the detector's landmarks and the embedder: faces that look at the camera (nose within 0.2 eye distances of
# the middle), at least 150 px wide, and no two alike enough to be taken for one person (a test measures it).
CAST = (
    Role("ash", "sample6.jpg", 2, (46, 92, 110)),
    Role("birch", "sample6.jpg", 3, (196, 92, 66)),
    Role("cedar", "sample6.jpg", 0, (94, 122, 72)),
    Role("elm", "sample3.jpg", 2, (72, 64, 112)),
    Role("fir", "sample6.jpg", 1, (214, 162, 74)),
    Role("hazel", "sample3.jpg", 0, (150, 70, 96)),
    Role("juniper", "sample5.jpg", 0, (66, 72, 80)),
    Role("larch", "sample4.jpg", 3, (120, 150, 168)),
)


def cut_out_cast(samples_dir: Path, detector: FaceDetector, cast: Sequence[Role] = CAST) -> list[Cutout]:
    """Cut the cast out of the photographs in `samples_dir`.

    Raises FileNotFoundError for a missing photograph, LookupError for a face that is not found in it.
    """
    photographs = {name: Image.open(samples_dir / name).convert("RGB") for name in {role.photograph for role in cast}}
    faces = {name: _from_the_left(detector, photograph) for name, photograph in photographs.items()}
    cutouts: list[Cutout] = []
    for role in cast:
        if role.nth >= len(faces[role.photograph]):
            raise LookupError(f"{role.photograph}: face {role.nth + 1} from the left was not found")
        cutouts.append(cut_out(role.name, photographs[role.photograph], faces[role.photograph][role.nth], role.coat))
    return cutouts


def _from_the_left(detector: FaceDetector, photograph: Image.Image) -> list[Detection]:
    picture = np.ascontiguousarray(np.asarray(photograph)[:, :, ::-1])
    return sorted(detector.detect(picture), key=lambda face: face.box[0])


def cut_out(name: str, photograph: Image.Image, face: Detection, coat: Colour) -> Cutout:
    """Set one face of an RGB photograph upright on a drawn body with a coat of that colour."""
    head = _upright_head(photograph, face)
    figure = _body(coat, _skin(head))
    centre = (FACE_AT[0] * FACE_PX, FACE_AT[1] * FACE_PX)
    figure.alpha_composite(head, (round(centre[0] - head.width / 2), round(centre[1] - head.height / 2)))
    return Cutout(name, figure, centre[0], centre[1], FACE_PX)


def _upright_head(photograph: Image.Image, face: Detection) -> Image.Image:
    """The head with its eyes level, the face box's centre in the middle, outside the oval transparent."""
    x, y, width, height = face.box
    left_eye, right_eye = face.landmarks[0], face.landmarks[1]
    roll = math.degrees(math.atan2(float(right_eye[1] - left_eye[1]), float(right_eye[0] - left_eye[0])))
    centre = (x + width / 2, y + height / 2)
    reach = 1.5 * width
    corners = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
    around = photograph.crop(corners)
    side = round(3 * FACE_PX)
    around = around.rotate(roll, Image.Resampling.BICUBIC).resize((side, side), Image.Resampling.LANCZOS)
    around.putalpha(_oval(side))
    return around


def _oval(side: int) -> Image.Image:
    mask = Image.new("L", (side, side), 0)
    middle, above = side / 2, HEAD_ABOVE * FACE_PX
    half_width, half_height = HEAD[0] * FACE_PX, HEAD[1] * FACE_PX
    ImageDraw.Draw(mask).ellipse(
        (middle - half_width, middle - above - half_height, middle + half_width, middle - above + half_height), fill=255
    )
    return mask.filter(ImageFilter.GaussianBlur(FACE_PX * 0.035))


def _skin(head: Image.Image) -> Colour:
    """The cheeks' colour, for neck and hands."""
    side = head.width
    cheeks = head.convert("RGB").crop((round(side * 0.4), round(side * 0.5), round(side * 0.6), round(side * 0.59)))
    red, green, blue = np.median(np.asarray(cheeks).reshape(-1, 3), axis=0)
    return int(red), int(green), int(blue)


def _body(coat: Colour, skin: Colour) -> Image.Image:
    """Neck, coat, trousers and shoes."""
    figure = Drawing(coat)
    dark, light = _shade(coat, 0.72), _shade(coat, 1.18)
    figure.ellipse(0.5, 11.12, 0.42, 0.2, (34, 30, 30))
    figure.halves([(0.9, 6.9), (0.86, 9.0), (0.82, 11.1), (0.2, 11.1), (0.04, 7.4)], (52, 50, 58))
    figure.ellipse(1.6, 6.6, 0.2, 0.32, skin)
    figure.halves([(1.0, 2.6), (1.42, 2.85), (1.6, 3.4), (1.84, 6.35), (1.42, 6.42), (1.2, 4.2)], dark)
    figure.halves([(0.0, 1.7), (0.4, 1.7), (0.42, 2.9), (0.0, 3.4)], _shade(skin, 0.86))
    figure.halves(
        [(0.0, 2.3), (0.4, 2.3), (0.9, 2.45), (1.22, 2.62), (1.4, 2.95), (1.2, 4.6), (1.34, 7.6), (0.0, 7.6)], coat
    )
    figure.halves([(0.0, 2.62), (0.4, 2.3), (0.1, 3.4), (0.0, 3.5)], (238, 232, 220))
    figure.halves([(0.4, 2.22), (0.74, 2.75), (0.06, 3.75), (0.0, 3.5)], light)
    figure.halves([(0.0, 3.6), (0.03, 3.6), (0.03, 7.6), (0.0, 7.6)], dark)
    for button in (4.3, 5.1, 5.9):
        figure.ellipse(0.21, button, 0.07, 0.07, light)
    return figure.smooth()


class Drawing:
    """A figure being drawn symmetrically; lengths in face widths, x from its middle, y from its top."""

    def __init__(self, ground: Colour) -> None:
        self._unit = FACE_PX * SHARPER
        size = (round(FIGURE[0] * self._unit), round(FIGURE[1] * self._unit))
        self._image = Image.new("RGBA", size, (*ground, 0))
        self._draw = ImageDraw.Draw(self._image)

    def halves(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill the outline of the right half and its mirror image."""
        for side in (-1, 1):
            outline = [((FACE_AT[0] + side * x) * self._unit, y * self._unit) for x, y in points]
            self._draw.polygon(outline, fill=(*colour, 255))

    def ellipse(self, x: float, y: float, half_width: float, half_height: float, colour: Colour) -> None:
        """Fill an ellipse and its mirror image."""
        for middle in (FACE_AT[0] - x, FACE_AT[0] + x):
            corners = (middle - half_width, y - half_height, middle + half_width, y + half_height)
            self._draw.ellipse([corner * self._unit for corner in corners], fill=(*colour, 255))

    def smooth(self) -> Image.Image:
        """The drawing at its final size."""
        size = (self._image.width // SHARPER, self._image.height // SHARPER)
        return self._image.resize(size, Image.Resampling.LANCZOS)


def _shade(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(255, round(part * factor)) for part in colour)
    return red, green, blue
