"""The sample camera's film: who walks into the café, when, and the written truth beside it."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from compose.onebox.scene.cafe import draw_cafe
from compose.onebox.scene.paths import Line, Walk, truth_of
from compose.onebox.scene.people import CAST, cut_out_cast
from compose.onebox.scene.video import Progress, film
from compose.onebox.scene.ways import HEIGHT, WIDTH, arrive, leave
from regulars.vision.detector import FaceDetector

FPS = 15
SAMPLE_LINE: Line = (0.0, 0.42, 1.0, 0.42)
"""From left to right across the room: who comes down over it, towards the camera, goes in."""
LEAST_FACE_PX = 24
"""Smaller faces are not claimed by the truth: no detector has to see them."""


def compose_scene(
    samples_dir: Path,
    out_mp4: Path,
    truth_json: Path,
    detector: FaceDetector,
    *,
    seed: int = 1,
    seconds: float = 90.0,
    progress: Progress | None = None,
) -> None:
    """Write the film (H.264, 1280x720, 15 pictures/s, made to be looped) and the truth about it.

    The same arguments give the same film, and the truth is there before the film appears. The truth holds fps, size,
    line and, per walk, the person, when the face is in sight and its crossings, all in seconds from the film's start.
    Raises FileNotFoundError or LookupError when a sample photograph or a face in it is missing.
    """
    people = cut_out_cast(samples_dir, detector)
    walks = plan(random.Random(seed), [role.name for role in CAST], seconds)  # noqa: S311 - repeatable, not secret
    truth = {
        "seed": seed,
        "fps": FPS,
        "seconds": seconds,
        "size": [WIDTH, HEIGHT],
        "line": SAMPLE_LINE,
        "people": sorted({walk.person for walk in walks}),
        "walks": truth_of(walks, SAMPLE_LINE, LEAST_FACE_PX / WIDTH),
    }
    truth_json.write_text(json.dumps(truth, indent=1) + "\n")
    film(out_mp4, draw_cafe(WIDTH, HEIGHT), people, walks, fps=FPS, seconds=seconds, progress=progress)


def plan(chance: random.Random, names: Sequence[str], seconds: float) -> list[Walk]:
    """Who walks when: arrivals alone and in pairs, everyone once before anyone again; who came leaves after the next.

    At the end nobody is inside: a camera that plays it again and again counts as many out as in. Of less than some 20
    seconds there is nobody, for one alone takes as long to come and leave.
    """
    walks, inside, farewell = list[Walk](), list[str](), list[Walk]()
    queue = list(names)
    chance.shuffle(queue)
    start_s, turn = 0.5, 0
    while True:
        arrivals = arrive(queue[: 2 if turn % 3 else 1], start_s, 1 if turn % 2 else -1, chance)
        leaving = leave(inside, _end_s(arrivals) - 1.0, chance)
        walked = [*walks, *arrivals, *leaving]
        inside = [walk.person for walk in arrivals]
        after = leave(inside, _end_s(leaving or arrivals), chance)
        if _end_s(after) > seconds:
            return walks + farewell
        walks, farewell = walked, after
        queue = queue[len(inside) :] + inside
        # The next one comes into the door while this one is near, or when who left is out of it.
        start_s = _end_s(leaving) - 1.0 if leaving else _end_s(arrivals) - chance.uniform(3.5, 4.5)
        turn += 1


def _end_s(walks: Sequence[Walk]) -> float:
    return max(walk.end_s for walk in walks)
