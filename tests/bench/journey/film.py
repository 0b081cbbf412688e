"""Two films of the café, each with its truth beside it: people who pass the camera, and people who linger."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from compose.onebox.scene import SAMPLE_LINE, Step, Walk, film
from compose.onebox.scene.cafe import Camera, draw_cafe
from compose.onebox.scene.paths import truth_of
from compose.onebox.scene.people import CAST, cut_out_cast
from compose.onebox.scene.sample import FPS, LEAST_FACE_PX
from compose.onebox.scene.ways import HEIGHT, SAMPLES_EVERY_S, WIDTH
from regulars.vision.packs import ModelPack
from tests.bench.past import HOME
from tests.bench.walks import mostly_coming

PASSING_S = 60.0
SEED = 7
LINGERERS, STANDS_S, EVERY_S = 3, 12.0, 9.0
"""So many come one after another, and each stands at the counter for so long."""
TAIL_S = 8.0
"""Nobody comes any more: the last tracks end before the camera does."""


@dataclass(frozen=True, slots=True)
class JourneyFilm:
    """A film of `seconds` in which `people` come or go, one track each."""

    name: str
    path: Path
    people: int
    seconds: float


def journey_films(pack: ModelPack) -> list[JourneyFilm]:
    """Return both films, made the first time."""
    folder = HOME / "films"
    folder.mkdir(parents=True, exist_ok=True)
    names = [role.name for role in CAST]
    films = {"passing": mostly_coming(random.Random(SEED), names, PASSING_S), "lingering": _lingering(names)}
    made: list[JourneyFilm] = []
    for name, walks in films.items():
        path, seconds = folder / f"journey-{name}.mp4", max(walk.end_s for walk in walks) + TAIL_S
        if not path.exists():
            truth = truth_of(walks, SAMPLE_LINE, LEAST_FACE_PX / WIDTH)
            path.with_suffix(".json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
            people = cut_out_cast(HOME.parent / "models" / "samples", pack.detector)
            film(path, draw_cafe(WIDTH, HEIGHT), people, walks, fps=FPS, seconds=seconds)
        made.append(JourneyFilm(name, path, len(walks), seconds))
    return made


def _lingering(names: list[str]) -> list[Walk]:
    """Return walks from the door to a place at the counter and, after a while there, out past the camera."""
    walks: list[Walk] = []
    for number, name in enumerate(names[:LINGERERS]):
        stands = (-0.7 + 0.7 * number, 2.6)
        places = [
            (0.0, 0.0, 6.5),
            (5.0, *stands),
            (5.0 + STANDS_S, *stands),
            (7.0 + STANDS_S, 1.6 * stands[0] - 1, 1.0),
        ]
        walks.append(Walk(name, 0.5 + EVERY_S * number, _on_the_floor(places)))
    return walks


def _on_the_floor(places: Sequence[tuple[float, float, float]]) -> tuple[Step, ...]:
    """Return the way through places (moment, x, z), evenly on the floor: in the picture who comes near moves faster."""
    camera, steps = Camera(WIDTH, HEIGHT), list[Step]()
    for (from_s, x1, z1), (until_s, x2, z2) in pairwise(places):
        count = max(1, round((until_s - from_s) / SAMPLES_EVERY_S))
        for share in (number / count for number in range(count)):
            place = camera.face(x1 + share * (x2 - x1), z1 + share * (z2 - z1))
            steps.append(Step(from_s + share * (until_s - from_s), *place))
    at_s, x, z = places[-1]
    return (*steps, Step(at_s, *camera.face(x, z)))
