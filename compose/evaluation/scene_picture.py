"""For the composed scenes: a camera that never was. People cut out of photographs walk before a drawn wall."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageChops

from compose.evaluation.scene_walks import Act, Course, Hidden, Point, Stage, place_at
from compose.onebox.scene.people import Cutout
from realtime_workers.source import Picture, Rest
from regulars.domain.cameras import Line
from regulars.domain.faces import Image

WIDTH, HEIGHT = 640, 360
NOISES, NOISE_STD, NOISE_ZERO = 6, 2.5, 12
OVERLAP_S = 1.2
"""The next act begins so long before the last one has left the picture."""
OCCLUDER_FACES = 1.7
"""What passes before a hidden face is this many face widths wide."""
KEPT_SIZES = (1.0, 0.5, 0.25)
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Appearance:
    """Somebody's course through a scene: who, when it begins (seconds of the scene), and in which act."""

    figure: Cutout
    course: Course
    starts_s: float
    act: str

    @property
    def ends_s(self) -> float:
        """When the person is out of sight again."""
        return self.starts_s + self.course.points[-1].at_s


@dataclass(frozen=True, slots=True)
class View:
    """How a scene lies in the picture.

    `upright`: the line stands in the middle and people pass it sideways; else it lies across and they pass it
    downwards. `turned` exchanges before and behind.
    """

    upright: bool
    turned: bool

    @property
    def line(self) -> Line:
        """The counting line, so directed that passing it forwards is `in`."""
        if self.upright:
            up = Line(x1=0.5, y1=0.0, x2=0.5, y2=1.0)
            return up if self.turned else Line(x1=0.5, y1=1.0, x2=0.5, y2=0.0)
        across = Line(x1=0.0, y1=0.5, x2=1.0, y2=0.5)
        return Line(x1=1.0, y1=0.5, x2=0.0, y2=0.5) if self.turned else across

    @property
    def stage(self) -> Stage:
        """How much room there is on each side of the line."""
        wide = WIDTH / HEIGHT / 2
        return Stage(wide, wide, 0.3) if self.upright else Stage(0.5, 0.5, wide * 0.8)

    def pixel(self, point: Point) -> tuple[float, float]:
        """Return where a point lies in the picture."""
        far = -point.far if self.turned else point.far
        along = point.along - 0.1 if self.upright else point.along
        x, y = (far, along) if self.upright else (along, far)
        return WIDTH / 2 + x * HEIGHT, HEIGHT / 2 + y * HEIGHT


class ComposedSource:
    """A camera's stream of a scene: `fps` pictures a second, of which a share `dropped` never arrives.

    The same arguments give the same pictures, in whatever order they are looked at.
    """

    def __init__(self, view: View, appearances: Sequence[Appearance], fps: float, dropped: float, seed: int) -> None:
        self._view, self._fps, self._dropped, self._seed = view, fps, dropped, seed
        self._appearances = appearances
        self._sizes = {one.figure.name: _sizes_of(one.figure) for one in appearances}
        chance = np.random.default_rng([seed, 1])
        self._wall = _wall(chance)
        self._noises = [_noise(chance) for _ in range(NOISES)]
        self.seconds = max(one.ends_s for one in appearances) + 1.0

    def pictures(self, rest: Rest | None = None) -> Iterator[Picture]:  # noqa: ARG002 - a recording is seen whole
        """Yield what arrives; drops come alone and in short runs."""
        chance = np.random.default_rng([self._seed, 2])
        lost = 0
        for number in range(int(self.seconds * self._fps)):
            if lost == 0 and chance.random() < self._dropped / 2:
                lost = int(chance.integers(1, 4))
            if lost > 0:
                lost -= 1
                continue
            at_s = number / self._fps
            yield Picture(at_s, lambda number=number, at_s=at_s: self._picture(number, at_s))

    def close(self) -> None:
        """Nothing is held open."""

    def _picture(self, number: int, at_s: float) -> Image:
        chance = np.random.default_rng([self._seed, 3, number])
        canvas = Pictures.fromarray(self._wall)
        present = [(one, place) for one in self._appearances if (place := place_at(one.course, at_s - one.starts_s))]
        # Whoever stands lower in the picture is nearer.
        for one, place in sorted(present, key=lambda shown: self._view.pixel(shown[1])[1]):
            self._paste(canvas, one, place)
            if any(_is_hidden(hidden, place.at_s, chance) for hidden in one.course.hidden):
                self._hide(canvas, one, place)
        noisy = ImageChops.add(canvas, self._noises[number % NOISES], offset=-NOISE_ZERO)
        return np.ascontiguousarray(np.asarray(noisy, np.uint8)[:, :, ::-1])

    def _paste(self, canvas: Pictures.Image, one: Appearance, place: Point) -> None:
        x, y = self._view.pixel(place)
        wanted = one.course.face * HEIGHT / one.figure.face_px
        kept, figure = next(
            size for size in reversed(self._sizes[one.figure.name]) if size[0] >= wanted or size[0] == 1
        )
        factor = wanted / kept
        left, top = x - one.figure.face_x * wanted, y - one.figure.face_y * wanted
        x1, y1 = max(0, math.floor(left)), max(0, math.floor(top))
        x2 = min(WIDTH, math.ceil(left + figure.width * factor))
        y2 = min(HEIGHT, math.ceil(top + figure.height * factor))
        if x1 >= x2 or y1 >= y2:
            return
        data = (1 / factor, 0, (x1 - left) / factor, 0, 1 / factor, (y1 - top) / factor)
        size = (x2 - x1, y2 - y1)
        shown = figure.transform(size, Pictures.Transform.AFFINE, data, Pictures.Resampling.BILINEAR)
        canvas.paste(shown, (x1, y1), shown.getchannel("A"))

    def _hide(self, canvas: Pictures.Image, one: Appearance, place: Point) -> None:
        x, y = self._view.pixel(place)
        half = one.course.face * HEIGHT * OCCLUDER_FACES / 2
        box = (round(x - half), round(y - 1.2 * half), round(x + half), round(y + 1.2 * half))
        canvas.paste((88, 84, 80), box)


def appearances_of(acts: Sequence[Act], figures: Sequence[Cutout], chance: np.random.Generator) -> list[Appearance]:
    """Return the acts, each beginning about when the last one ends, played by `figures` by turns."""
    starts_s, turn = 0.5, 0
    played: list[Appearance] = []
    for act in acts:
        for course in act.courses:
            played.append(Appearance(figures[turn % len(figures)], course, starts_s, act.name))
            turn += 1
        starts_s = max(one.ends_s for one in played) - float(chance.uniform(0.0, OVERLAP_S))
    return played


def _is_hidden(hidden: Hidden, at_s: float, chance: np.random.Generator) -> bool:
    return hidden.from_s <= at_s <= hidden.until_s and (hidden.share >= 1 or float(chance.random()) < hidden.share)


def _noise(chance: np.random.Generator) -> Pictures.Image:
    """A sensor's noise, lifted by NOISE_ZERO so that it fits into bytes."""
    grain = np.rint(chance.normal(NOISE_ZERO, NOISE_STD, (HEIGHT, WIDTH, 3)))
    return Pictures.fromarray(np.clip(grain, 0, 2 * NOISE_ZERO).astype(np.uint8))


def _sizes_of(person: Cutout) -> list[tuple[float, Pictures.Image]]:
    sizes: list[tuple[float, Pictures.Image]] = []
    for factor in KEPT_SIZES:
        size = (round(person.figure.width * factor), round(person.figure.height * factor))
        sizes.append((factor, person.figure.resize(size, Pictures.Resampling.BOX)))
    return sizes


def _wall(chance: np.random.Generator) -> Image:
    """A wall with panels above a floor: edges everywhere, so that a face never stands before nothing."""
    rows = np.linspace(0, 1, HEIGHT)[:, None, None]
    columns = np.linspace(0, 1, WIDTH)[None, :, None]
    colour = chance.uniform(110, 190, 3)[None, None, :]
    panels = 14 * np.sign(np.sin(columns * 38)) + 10 * np.sign(np.sin(rows * 17 + 1))
    floor = np.where(rows > 0.72, -45.0, 0.0)
    grain = np.repeat(np.repeat(chance.normal(0, 5, (HEIGHT // 4, WIDTH // 4, 1)), 4, axis=0), 4, axis=1)
    return np.clip(colour + panels + floor + 25 * (columns - 0.5) + grain, 0, 255).astype(np.uint8)
