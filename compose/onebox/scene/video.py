"""From figures and paths to an H.264 file: composes picture after picture and encodes them."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageChops

from compose.onebox.scene.paths import Step, Walk
from compose.onebox.scene.people import Cutout

SMALLER = (1.0, 0.5, 0.25)
"""Each figure is kept at these sizes, so that shrinking it for a picture is quick and free of shimmer."""
STEPS_PER_S = 1.7
SWAY, BOB = 0.04, 0.06
"""Somebody walking leans to the side and rises with each step, in face widths."""

QUICK = {"preset": "ultrafast", "crf": "21"}
"""Somebody waits for the film, and it is read from this machine only."""
GRAINS, GRAIN_ZERO = 8, 24

Progress = Callable[[float], None]
"""Told the finished share, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What stands still: the picture, and, if it has a wall with an opening, where faces smaller than `wall_face` show.

    `doorway` is an "L" mask of the picture's size; `wall_face` is a face's width at the wall / picture width.
    """

    picture: Image.Image
    doorway: Image.Image | None = None
    wall_face: float = 0.0


def film(
    out_mp4: Path,
    backdrop: Backdrop,
    people: Sequence[Cutout],
    walks: Sequence[Walk],
    *,
    fps: int,
    seconds: float,
    progress: Progress | None = None,
    encoding: Mapping[str, str] = QUICK,
    grain: float = 0.0,
    keys_every_s: float = 2.0,
) -> None:
    """Write `walks` of `people` before `backdrop` as H.264 at `fps`, the backdrop's size (even sides).

    `encoding` are options of x264, `grain` is the standard deviation of a sensor's noise in grey levels; every
    `keys_every_s` a picture builds on no other. The file appears under its name only when it is complete.
    Raises KeyError for a walk of somebody not in `people`.
    """
    figures = {person.name: _Figure(person) for person in people}
    partial = out_mp4.with_name(f".{out_mp4.name}.part")
    frames = round(seconds * fps)
    writing: Any = av  # its stubs leave packets and frames half typed
    with writing.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        # Key pictures let a reader that joins a live stream see one soon; no B-frames, as in cameras.
        options = {**encoding, "bf": "0", "g": str(round(keys_every_s * fps)), "sc_threshold": "0"}
        stream = container.add_stream("libx264", rate=fps, options=options)
        stream.width, stream.height = backdrop.picture.size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, fps)
        grains = _grains(grain, backdrop.picture.size)
        for number, picture in enumerate(_pictures_ahead(backdrop, figures, walks, fps, frames)):
            taken = ImageChops.add(picture, grains[number % GRAINS], offset=-GRAIN_ZERO) if grains else picture
            frame = writing.VideoFrame.from_image(taken)
            frame.pts = number
            container.mux(stream.encode(frame))
            if progress and number % fps == 0:
                progress(number / frames)
        container.mux(stream.encode())
    partial.replace(out_mp4)


def _grains(std: float, size: tuple[int, int]) -> list[Image.Image]:
    """Return a few pictures of noise, lifted by GRAIN_ZERO to fit into bytes; none where there is no noise."""
    if std <= 0:
        return []
    chance, shape = np.random.default_rng(1), (size[1], size[0], 3)
    grains = (np.rint(chance.normal(GRAIN_ZERO, std, shape)) for _ in range(GRAINS))
    return [Image.fromarray(np.clip(grain, 0, 2 * GRAIN_ZERO).astype(np.uint8)) for grain in grains]


def _pictures_ahead(
    backdrop: Backdrop, figures: dict[str, "_Figure"], walks: Sequence[Walk], fps: int, frames: int
) -> Iterator[Image.Image]:
    """Each picture in turn, the next one drawn on another processor while this one is encoded."""
    with ThreadPoolExecutor(1) as painter:
        ahead = painter.submit(picture_at, backdrop, figures, walks, 0.0)
        for number in range(1, frames + 1):
            picture = ahead.result()
            ahead = painter.submit(picture_at, backdrop, figures, walks, number / fps)
            yield picture


def picture_at(backdrop: Backdrop, figures: dict[str, "_Figure"], walks: Sequence[Walk], time_s: float) -> Image.Image:
    """The scene at one moment: those farther away first, so that nearer ones stand before them."""
    picture = backdrop.picture.copy()
    present = [(place, figures[walk.person]) for walk in walks if (place := walk.at(time_s))]
    for place, figure in sorted(present, key=lambda one: one[0].face):
        figure.paste_into(picture, backdrop, place)
    return picture


class _Figure:
    """One person at a few sizes, colours and mask apart: resampled together they would be multiplied back and forth."""

    def __init__(self, person: Cutout) -> None:
        self._person = person
        self._sizes: list[tuple[float, Image.Image, Image.Image]] = []
        for factor in SMALLER:
            size = (math.ceil(person.figure.width * factor), math.ceil(person.figure.height * factor))
            figure = person.figure.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
            self._sizes.append((factor, figure.convert("RGB"), figure.getchannel("A")))

    def paste_into(self, picture: Image.Image, backdrop: Backdrop, place: Step) -> None:
        """Draw the person where the step says, clipped by the doorway when still beyond the wall."""
        width, height = picture.size
        factor = place.face * width / self._person.face_px
        phase = place.at_s * math.pi * STEPS_PER_S
        left = place.x * width - self._person.face_x * factor + SWAY * place.face * width * math.sin(phase)
        top = place.y * height - self._person.face_y * factor - BOB * place.face * width * abs(math.sin(phase))
        x1, y1 = max(0, math.ceil(left)), max(0, math.ceil(top))
        x2 = min(width, math.floor(left + self._person.figure.width * factor))
        y2 = min(height, math.floor(top + self._person.figure.height * factor))
        if x1 >= x2 or y1 >= y2:
            return
        kept, colours, mask = next((one for one in reversed(self._sizes) if one[0] >= factor), self._sizes[0])
        per_px = kept / factor
        box = ((x1 - left) * per_px, (y1 - top) * per_px, (x2 - left) * per_px, (y2 - top) * per_px)
        size = (x2 - x1, y2 - y1)
        shown = mask.resize(size, Image.Resampling.BILINEAR, box)
        if backdrop.doorway is not None and place.face < backdrop.wall_face:
            shown = ImageChops.multiply(shown, backdrop.doorway.crop((x1, y1, x2, y2)))
        figure = colours.resize(size, Image.Resampling.BILINEAR, box)
        picture.paste(figure, (x1, y1), shown)
