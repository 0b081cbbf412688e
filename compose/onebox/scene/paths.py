"""Where people of a composed scene are at each moment, and with it the truth that tests compare against.

Picture coordinates are normalised (0..1 from the upper left corner, y pointing down); times are seconds from the
scene's start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Line = tuple[float, float, float, float]
"""A directed line A to B, (x1, y1, x2, y2) normalised."""
TRUTH_STEP_S = 0.01
FloatArray = NDArray[np.float64]


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
        x, y, face = self.places(np.array([time_s]))[0].tolist()
        return Step(time_s - self.start_s, x, y, face)

    def places(self, times_s: FloatArray) -> FloatArray:
        """Float64 [n, 3]: x, y and face at n moments within the walk."""
        steps = np.array([(step.at_s, step.x, step.y, step.face * self.scale) for step in self.path])
        since = times_s - self.start_s
        return np.column_stack([np.interp(since, steps[:, 0], steps[:, column]) for column in (1, 2, 3)])

    def moments(self) -> FloatArray:
        """Times from start to end, close enough together for the truth."""
        return np.arange(self.start_s, self.end_s, TRUTH_STEP_S)


@dataclass(frozen=True, slots=True)
class TrueCrossing:
    """The face's centre passed the line at `at_s`."""

    at_s: float
    direction: Literal["in", "out"]


def true_crossings(walk: Walk, line: Line) -> list[TrueCrossing]:
    """Every change of side: (B-A)x(P-A) passing from below 0 to above it is `in`, as in `./run count --line`."""
    x1, y1, x2, y2 = line
    times = walk.moments()
    places = walk.places(times)
    sides = np.sign((x2 - x1) * (places[:, 1] - y1) - (y2 - y1) * (places[:, 0] - x1))
    times, sides = times[sides != 0], sides[sides != 0]
    return [
        TrueCrossing(round(float(times[after]), 2), "in" if sides[after] > 0 else "out")
        for after in np.flatnonzero(np.diff(sides)) + 1
    ]


def in_sight(walk: Walk, least_face: float) -> tuple[float, float] | None:
    """First and last second with the face's centre in the picture, at least `least_face` of its width wide."""
    times = walk.moments()
    x, y, face = walk.places(times).T
    seen = times[(face >= least_face) & (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)]
    return (round(float(seen[0]), 2), round(float(seen[-1]), 2)) if len(seen) else None


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
