"""For the composed scenes: what people do at a counting line, as paths with the crossings that they truly make.

Walks are first drawn across an upright line from `before` (negative distance) to `behind`; a scene turns them into its
own picture. Distances are in picture heights, so that a path means the same whichever way the line lies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

Direction = Literal["in", "out"]
Chance = np.random.Generator
SWAY_S, SWAY_FACES = 0.3, 0.1
"""Somebody who stands still sways so far, in face widths, and turns so often."""
MEET_WITHIN_S = 0.25
"""Two who meet are at the line at most so long after each other."""


@dataclass(frozen=True, slots=True)
class Point:
    """At `at_s` from the act's start: `far` beyond the line (negative: before) and `along` it, in heights."""

    at_s: float
    far: float
    along: float


@dataclass(frozen=True, slots=True)
class Passage:
    """The face's centre truly passes the line at `at_s` from the act's start, give or take `slack_s`."""

    at_s: float
    forwards: bool
    slack_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Hidden:
    """From `from_s` to `until_s` the face cannot be seen: `share` of the pictures between show nothing of it."""

    from_s: float
    until_s: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """One person's way: `face` is its width in picture heights; points in time order, first and last out of sight."""

    points: tuple[Point, ...]
    face: float
    passages: tuple[Passage, ...]
    hidden: tuple[Hidden, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """What one or two people do together."""

    name: str
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """How far the picture reaches from the line, in picture heights: `before`, `behind`, and `half` to each side."""

    before: float
    behind: float
    half: float


def walk_through(stage: Stage, chance: Chance) -> Act:
    """One person passes."""
    return Act("alone", (_through(stage, _face(chance), float(chance.uniform(-0.6, 0.6)) * stage.half, chance),))


def pair(stage: Stage, chance: Chance) -> Act:
    """Two pass side by side."""
    face = _face(chance)
    apart = face * float(chance.uniform(1.5, 2.2))
    middle = float(chance.uniform(-0.4, 0.4)) * stage.half
    first = _through(stage, face, middle - apart / 2, chance)
    late_s = float(chance.uniform(0, 0.25))
    second = _moved(first, late_s, apart, face * float(chance.uniform(0.88, 1.12)))
    return Act("pair", (first, second))


def meeting(stage: Stage, chance: Chance) -> Act:
    """Two pass each other at the line, one each way."""
    face = _face(chance)
    apart = face * float(chance.uniform(1.4, 2.4))
    side = float(chance.choice([-1, 1]))
    coming = _through(stage, face, -side * apart / 2, chance)
    going = _straight(stage, face, side * apart / 2, chance)
    if coming.passages[0].forwards:
        going = _reversed(going)
    here, there = _at_the_line(coming), _at_the_line(going)
    # They walk and drift at their own speeds: the line is where they are side by side.
    wait_s = here.at_s - there.at_s + float(chance.uniform(-MEET_WITHIN_S, MEET_WITHIN_S))
    aside = here.along + side * apart - there.along
    return Act("meeting", (_moved(coming, max(0, -wait_s), 0, face), _moved(going, max(0, wait_s), aside, face)))


def turn_back(stage: Stage, chance: Chance) -> Act:
    """One passes, looks round and goes back."""
    face = _face(chance)
    along = float(chance.uniform(-0.5, 0.5)) * stage.half
    beyond = face * float(chance.uniform(0.8, 1.8))
    out_s = (stage.before + face + beyond) / _speed(face, chance)
    pause_s = float(chance.uniform(0.2, 1.0))
    points = (
        Point(0, -stage.before - face, along),
        Point(out_s, beyond, along),
        Point(out_s + pause_s, beyond, along + 0.3 * face),
        Point(2 * out_s + pause_s, -stage.before - face, along + 0.5 * face),
    )
    return Act("U-turn", (_course(points, face),))


def touch(stage: Stage, chance: Chance) -> Act:
    """One comes so near that the face's box is over the line, and goes back: nobody has passed."""
    face = _face(chance)
    along = float(chance.uniform(-0.5, 0.5)) * stage.half
    short = -face * float(chance.uniform(0.22, 0.45))
    out_s = (stage.before + face + short) / _speed(face, chance)
    points = (
        Point(0, -stage.before - face, along),
        Point(out_s, short, along),
        Point(out_s + 1.0, short, along + 0.2 * face),
        Point(2 * out_s + 1.0, -stage.before - face, along),
    )
    return Act("touch", (_course(points, face),))


def stop_on_line(stage: Stage, chance: Chance) -> Act:
    """One stands swaying on the line for seconds, then goes on, or back."""
    face = _face(chance)
    along = float(chance.uniform(-0.5, 0.5)) * stage.half
    out_s = (stage.before + face) / _speed(face, chance)
    stands_s = float(chance.uniform(1.5, 3.5))
    swaying = [
        Point(out_s + number * SWAY_S, float(chance.uniform(-1, 1)) * SWAY_FACES * face, along)
        for number in range(int(stands_s / SWAY_S))
    ]
    goes_on = bool(chance.random() < 0.5)
    reach = stage.behind if goes_on else -stage.before
    end = Point(out_s + stands_s + (abs(reach) + face) / _speed(face, chance), reach + np.sign(reach) * face, along)
    course = _course((Point(0, -stage.before - face, along), *swaying, end), face)
    # Swaying over the line is no passage; where one comes to be in the end decides.
    passages = (Passage(out_s + stands_s / 2, forwards=True, slack_s=stands_s / 2),) if goes_on else ()
    return Act("stop, then on" if goes_on else "stop, then back", (Course(course.points, face, passages),))


def occluded(stage: Stage, chance: Chance) -> Act:
    """One passes while hidden for up to a second."""
    course = walk_through(stage, chance).courses[0]
    passed_s = course.passages[0].at_s
    lasts_s = float(chance.uniform(0.4, 1.0))
    from_s = passed_s - lasts_s * float(chance.uniform(0.2, 0.8))
    return Act("occluded", (Course(course.points, course.face, course.passages, (Hidden(from_s, from_s + lasts_s),)),))


def flicker(stage: Stage, chance: Chance) -> Act:
    """One passes while every third picture or so, at random, shows nothing of the face."""
    course = walk_through(stage, chance).courses[0]
    hidden = (Hidden(0.0, course.points[-1].at_s, 0.35),)
    return Act("flicker", (Course(course.points, course.face, course.passages, hidden),))


ACTS: Sequence[tuple[Callable[[Stage, Chance], Act], int]] = (
    (walk_through, 5),
    (pair, 3),
    (meeting, 2),
    (turn_back, 2),
    (touch, 1),
    (stop_on_line, 2),
    (occluded, 2),
    (flicker, 2),
)
"""What happens in a scene, and how often in each."""


def place_at(course: Course, at_s: float) -> Point | None:
    """Return where the face is at `at_s`; None before the first of the course's points and after the last."""
    if not course.points[0].at_s <= at_s <= course.points[-1].at_s:
        return None
    return _between(course, at_s)


def _between(course: Course, at_s: float) -> Point:
    times = [point.at_s for point in course.points]
    far = float(np.interp(at_s, times, [point.far for point in course.points]))
    return Point(at_s, far, float(np.interp(at_s, times, [point.along for point in course.points])))


def _at_the_line(course: Course) -> Point:
    return _between(course, course.passages[0].at_s)


def _through(stage: Stage, face: float, along: float, chance: Chance) -> Course:
    """A straight walk, either way."""
    course = _straight(stage, face, along, chance)
    return _reversed(course) if chance.random() < 0.5 else course


def _straight(stage: Stage, face: float, along: float, chance: Chance) -> Course:
    """A straight walk forwards."""
    length = stage.before + stage.behind + 2 * face
    lasts_s = length / _speed(face, chance)
    drift = float(chance.uniform(-0.15, 0.15)) * stage.half
    points = (Point(0, -stage.before - face, along), Point(lasts_s, stage.behind + face, along + drift))
    return _course(points, face)


def _course(points: tuple[Point, ...], face: float) -> Course:
    passages: list[Passage] = []
    for one, other in pairwise(points):
        if (one.far > 0) != (other.far > 0):
            share = one.far / (one.far - other.far)
            passages.append(Passage(one.at_s + share * (other.at_s - one.at_s), forwards=other.far > 0))
    return Course(points, face, tuple(passages))


def _reversed(course: Course) -> Course:
    end_s = course.points[-1].at_s
    points = tuple(Point(end_s - point.at_s, point.far, point.along) for point in reversed(course.points))
    passages = tuple(Passage(end_s - one.at_s, not one.forwards) for one in reversed(course.passages))
    return Course(points, course.face, passages)


def _moved(course: Course, late_s: float, aside: float, face: float) -> Course:
    points = tuple(Point(point.at_s + late_s, point.far, point.along + aside) for point in course.points)
    return Course(points, face, tuple(Passage(one.at_s + late_s, one.forwards) for one in course.passages))


def _face(chance: Chance) -> float:
    """A face's width in picture heights: 34 to 68 px of 360."""
    return float(chance.uniform(0.095, 0.19))


def _speed(face: float, chance: Chance) -> float:
    """Picture heights per second: 1.8 to 4 face widths, a stroll to a walk more or less towards the camera."""
    return face * float(chance.uniform(1.8, 4.0))
