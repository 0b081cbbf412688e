"""The sample camera's film: who walks into the café, when, and the written truth beside it."""

import json
import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from compose.onebox.scene.cafe import WALL_Z_M, Camera, draw_cafe
from compose.onebox.scene.paths import Line, Step, Walk, truth_of
from compose.onebox.scene.people import CAST, cut_out_cast
from compose.onebox.scene.video import Progress, film
from regulars.vision.detector import FaceDetector

WIDTH, HEIGHT, FPS = 1280, 720, 15
SAMPLE_LINE: Line = (0.0, 0.42, 1.0, 0.42)
"""From left to right across the room: who comes down over it, towards the camera, goes in."""
LEAST_FACE_PX = 24
"""Smaller faces are not claimed by the truth: no detector has to see them."""
SAMPLES_EVERY_S = 0.1
OUTSIDE_Z_M = 7.6
TURN_Z_M = 1.55  # here they turn aside, past the camera
SPEED_M_PER_S = (0.85, 1.1)

Floor = tuple[float, float]


def compose_scene(
    samples_dir: Path,
    out_mp4: Path,
    truth_json: Path,
    detector: FaceDetector,
    *,
    seed: int = 1,
    seconds: float = 75.0,
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
    """Who walks when: arrivals alone and in pairs, everyone once before anyone again, now and then somebody leaving."""
    walks: list[Walk] = []
    queue = list(names)
    chance.shuffle(queue)
    start_s, turn = 0.5, 0
    while True:
        side = 1 if turn % 2 else -1
        together = turn % 3 == 1
        arrivals = [_arrival(queue[0], start_s, side, -0.3 if together else 0.0, chance)]
        if together:
            arrivals.append(_arrival(queue[1], start_s + 0.3, side, 0.35, chance))
        end_s = max(walk.end_s for walk in arrivals)
        if end_s > seconds:
            return walks
        walks += arrivals
        seen = [walk.person for walk in arrivals]
        queue = queue[len(seen) :] + seen
        if turn % 4 == 2:
            guest = next(walk.person for walk in reversed(walks) if walk.person not in seen)
            leaving = _departure(guest, end_s - 1.0, chance)
            if leaving.end_s < seconds:
                walks.append(leaving)
                end_s = leaving.end_s
        start_s = end_s - chance.uniform(3.5, 4.5)  # the next one comes into the door while this one is near
        turn += 1


def _arrival(person: str, start_s: float, side: int, beside_m: float, chance: random.Random) -> Walk:
    """From behind the wall through the door, towards the camera, then past it on `side` (-1 left, 1 right)."""
    x = beside_m + chance.uniform(-0.12, 0.12)
    behind = (2.0 * -side, OUTSIDE_Z_M)
    places = [behind, (x, OUTSIDE_Z_M - 0.6), (x, WALL_Z_M - 1), (x * 0.9, TURN_Z_M + 0.6), (x + 0.15 * side, TURN_Z_M)]
    return _walk(person, start_s, [*places, (1.4 * side + x, 1.0)], chance)


def _departure(person: str, start_s: float, chance: random.Random) -> Walk:
    """In from the camera's left, back to the door and out, looking at the camera."""
    return _walk(person, start_s, [(-1.5, 1.0), (-0.4, 1.55), (0.0, 3.0), (0.1, 6.2), (1.9, OUTSIDE_Z_M)], chance)


def _walk(person: str, start_s: float, places: Sequence[Floor], chance: random.Random) -> Walk:
    """Walk from place to place at one speed, sampled often enough that perspective stays true between the steps."""
    speed = chance.uniform(*SPEED_M_PER_S)
    camera = Camera(WIDTH, HEIGHT)
    steps: list[Step] = []
    at_s = 0.0
    for (x1, z1), (x2, z2) in pairwise(places):
        lasts_s = ((x2 - x1) ** 2 + (z2 - z1) ** 2) ** 0.5 / speed
        count = max(1, round(lasts_s / SAMPLES_EVERY_S))
        for index in range(count):
            share = index / count
            x, y, face = camera.face(x1 + (x2 - x1) * share, z1 + (z2 - z1) * share)
            steps.append(Step(at_s + lasts_s * share, x, y, face))
        at_s += lasts_s
    x, y, face = camera.face(*places[-1])
    return Walk(person, start_s, (*steps, Step(at_s, x, y, face)))
