"""How many people were inside over a day: the same as `regulars.domain.presence`, for millions of movements."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regulars.domain.presence import Passed
from regulars.domain.reports.local_time import Ints


@dataclass(frozen=True, slots=True)
class Inside:
    """One site's business day, as `presence.Occupancy` means it; None there: too few were seen both ways.

    `person_s` over `span_s` is the mean: sums, so that days can be added.
    """

    peak: int
    person_s: float
    span_s: float
    unseen_in: int
    left_over: int


def inside_of(at_us: Ints, came_in: NDArray[np.bool_]) -> Inside | None:
    """Return how many were inside, from movements at these moments (microseconds, any order): in, or else out.

    Inside is who came in minus who went out, never less than nobody: that is how far the running sum stands above its
    lowest so far.
    """
    ins = int(came_in.sum())
    if not Passed(ins, came_in.size - ins).seen_both_ways:
        return None
    order = np.lexsort((~came_in, at_us))
    moments, steps = at_us[order], np.where(came_in[order], 1, -1)
    running = np.cumsum(steps)
    lowest = np.minimum(np.minimum.accumulate(running), 0)
    inside = running - lowest
    person_s = int((inside[:-1] * np.diff(moments)).sum()) / 1e6
    span_s = int(moments[-1] - moments[0]) / 1e6
    return Inside(int(inside.max()), person_s, span_s, int(-lowest[-1]), int(inside[-1]))
