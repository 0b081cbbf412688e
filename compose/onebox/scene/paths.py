"""Where people of a composed scene are at each moment, and with it the truth that tests compare against.

Picture coordinates are normalised (0..1 from the upper left corner, y pointing down); times are seconds from the
scene's start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

Line = tuple[float, float, float, float]
"""A directed line A to B, (x1, y1, x2, y2) normalised."""
TRUTH_STEP_S = 0.01


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a path: `at_s` from the walk's start, (x, y) the face's centre, `face` its width / picture width."""

    at_s: float
    x: float
    y: float
    face: float


@dataclass(frozen=True, slots=True)
class Walk:
    """One person's way; between steps position and size change evenly. `scale` multiplies the size."""

    person: str
    start_s: float
    path: tuple[Step, ...]
    scale: float = 1.0

    @property
    def end_s(self) -> float:
        """When the last step is reached."""
        return self.start_s + self.path[-1].at_s

    def at(self, time_s: float) -> Step | None:
        """Where the person is; None before the walk and after it."""
        if not self.start_s <= time_s <= self.end_s:
            return None
        since = time_s - self.start_s
        times = [step.at_s for step in self.path]
        x, y, face = (
            float(np.interp(since, times, values))
            for values in zip(*((step.x, step.y, step.face * self.scale) for step in self.path), strict=True)
        )
        return Step(since, x, y, face)


@dataclass(frozen=True, slots=True)
class TrueCrossing:
    """The face's centre passed the line at `at_s`."""

    at_s: float
    direction: Literal["in", "out"]


def true_crossings(walk: Walk, line: Line) -> list[TrueCrossing]:
    """Every change of side: (B-A)x(P-A) passing from below 0 to above it is `in`, as in `./run count --line`."""
    times = np.arange(walk.start_s, walk.end_s, TRUTH_STEP_S)
    sides: list[tuple[float, float]] = []
    for time_s in times:
        place = walk.at(float(time_s))
        if place is not None and (side := _side(place, line)) != 0:
            sides.append((float(time_s), side))
    return [
        TrueCrossing(round(later, 2), "in" if now > 0 else "out")
        for (_, before), (later, now) in pairwise(sides)
        if (before > 0) != (now > 0)
    ]


def _side(place: Step, line: Line) -> float:
    x1, y1, x2, y2 = line
    return (x2 - x1) * (place.y - y1) - (y2 - y1) * (place.x - x1)


def in_sight(walk: Walk, least_face: float) -> tuple[float, float] | None:
    """First and last second with the face's centre in the picture, at least `least_face` of its width wide."""
    seen = [
        float(time_s)
        for time_s in np.arange(walk.start_s, walk.end_s, TRUTH_STEP_S)
        if (place := walk.at(float(time_s))) and place.face >= least_face and 0 <= place.x <= 1 and 0 <= place.y <= 1
    ]
    return (round(seen[0], 2), round(seen[-1], 2)) if seen else None


def truth_of(walks: Sequence[Walk], line: Line, least_face: float) -> list[dict[str, object]]:
    """One record per walk, in order of time: who, when in sight, which crossings."""
    records: list[dict[str, object]] = []
    for walk in sorted(walks, key=lambda walk: walk.start_s):
        sight = in_sight(walk, least_face)
        crossings = [
            {"at_s": crossing.at_s, "direction": crossing.direction} for crossing in true_crossings(walk, line)
        ]
        records.append(
            {
                "person": walk.person,
                "in_sight_from_s": sight[0] if sight else None,
                "in_sight_until_s": sight[1] if sight else None,
                "crossings": crossings,
            }
        )
    return records
