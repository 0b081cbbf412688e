"""How many people were inside over a day: the same as `regulars.domain.presence`, for millions of movements."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.local_time import Seconds


@dataclass(frozen=True, slots=True)
class Inside:
    """One site's business day, as `presence.Occupancy` means it; None there: not both directions were seen.

    `person_s` over `span_s` is the mean: sums, so that days can be added.
    """

    peak: int
    person_s: float
    span_s: float
    unseen_in: int
    left_over: int


def inside_of(at_s: Seconds, came_in: NDArray[np.bool_]) -> Inside | None:
    """Return how many were inside, from movements at these moments (seconds, any order): in, or else out.

    Inside is who came in minus who went out, never less than nobody: that is how far the running sum stands above its
    lowest so far.
    """
    if came_in.all() or not came_in.any():
        return None
    order = np.lexsort((~came_in, at_s))
    moments, steps = at_s[order], np.where(came_in[order], 1, -1)
    running = np.cumsum(steps)
    lowest = np.minimum(np.minimum.accumulate(running), 0)
    inside = running - lowest
    person_s = float((inside[:-1] * np.diff(moments)).sum())
    span_s = float(moments[-1] - moments[0])
    return Inside(int(inside.max()), person_s, span_s, int(-lowest[-1]), int(inside[-1]))
