"""How people walk through the café: in by the door and past the camera, and out again."""

import random
from collections.abc import Sequence
from itertools import pairwise

from compose.onebox.scene.cafe import WALL_Z_M, Camera
from compose.onebox.scene.paths import Step, Walk

WIDTH, HEIGHT = 1280, 720
SAMPLES_EVERY_S = 0.1
OUTSIDE_Z_M = 7.6
TURN_Z_M = 1.55  # here they turn aside, past the camera
SPEED_M_PER_S = (0.85, 1.1)
LEFT_APART_S = 1.5

Floor = tuple[float, float]


def arrive(people: Sequence[str], start_s: float, side: int, chance: random.Random) -> list[Walk]:
    """One or two come through the door, two side by side, and pass the camera on `side` (-1 left, 1 right)."""
    walks = [_arrival(people[0], start_s, side, -0.3 if len(people) > 1 else 0.0, chance)]
    if len(people) > 1:
        walks.append(_arrival(people[1], start_s + 0.3, side, 0.35, chance))
    return walks


def leave(people: Sequence[str], start_s: float, chance: random.Random) -> list[Walk]:
    """They go one after another from the camera's left back to the door, looking at the camera."""
    return [_departure(person, start_s + LEFT_APART_S * number, chance) for number, person in enumerate(people)]


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
