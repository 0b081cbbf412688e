"""What the cameras show: the sample people, one after another through the picture, in each film in another order."""

import random
from pathlib import Path

from compose.onebox.scene import Step, Walk, film
from compose.onebox.scene.cafe import draw_cafe
from tests.story.films import cast

WIDTH, HEIGHT, FPS = 640, 360, 8
"""Small and slow, so that two cores can decode and search eight of them beside everything else."""
FACE_PX = 52
WALK_S = 2.4


def people() -> int:
    """Return how many different people there are."""
    return len(cast())


def make_scene(path: Path, seed: str, every_s: float, seconds: float) -> None:
    """Write a film, made to be looped, in which somebody crosses the picture every `every_s` on average."""
    chance = random.Random(seed)
    names, walks = list[str](), list[Walk]()
    start_s = 0.2
    while start_s + WALK_S < seconds:
        if not names:
            names = sorted(cast())
            chance.shuffle(names)
        walks.append(_across(names.pop(), start_s, inward=chance.random() < 0.5))
        # Who comes in goes higher through the picture than who leaves, so that they do not hide each other.
        start_s += max(1.0, every_s * chance.uniform(0.7, 1.3))
    wanted = {walk.person for walk in walks}
    film(path, draw_cafe(WIDTH, HEIGHT), [cast()[name] for name in wanted], walks, fps=FPS, seconds=seconds)


def _across(person: str, start_s: float, *, inward: bool) -> Walk:
    begin, end = (0.85, 0.15) if inward else (0.15, 0.85)
    height = 0.33 if inward else 0.5
    face = FACE_PX / WIDTH
    return Walk(person, start_s, (Step(0.0, begin, height, face), Step(WALK_S, end, height, face)))
