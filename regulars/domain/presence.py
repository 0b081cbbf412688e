"""After counting: how many people were inside and for how long, where they were seen to come and to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from regulars.domain.tracks import Direction


@dataclass(frozen=True, slots=True)
class Movement:
    """Somebody went in or out at `at` (UTC)."""

    at: datetime
    direction: Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How many people were inside, from the first movement to the last of a business day.

    `peak` is the most at once, first at `peak_at` (UTC); `mean` the average over that time; `unseen_in` how many must
    have come in unseen, since more went out than were inside; `left_over` how many were inside after the last movement:
    still there, or gone out unseen. Both tell how far the counting is off; neither is put right.
    """

    peak: int
    peak_at: datetime
    mean: float
    unseen_in: int
    left_over: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One sighting of a visit: seen from `started_at` to `ended_at` (UTC), going `direction`."""

    started_at: datetime
    ended_at: datetime
    direction: Direction


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long people stayed: over the `visits` of which both the coming and the going were seen, in seconds."""

    visits: int
    median_s: float
    mean_s: float


def occupancy(movements: Sequence[Movement]) -> Occupancy | None:
    """Return how many people were inside, or None unless both directions were seen: one alone says nothing.

    Inside is who came in minus who went out since the shop was empty, before the first movement, and never less than
    nobody: whoever goes out of an empty shop had come in unseen, and changes nothing.
    """
    if len({one.direction for one in movements}) < 2:
        return None
    in_order = sorted(movements, key=lambda one: (one.at, one.direction))
    inside = peak = unseen_in = 0
    peak_at = last_at = in_order[0].at
    person_s = 0.0
    for movement in in_order:
        person_s += inside * (movement.at - last_at).total_seconds()
        last_at = movement.at
        if movement.direction == "in":
            inside += 1
        elif inside:
            inside -= 1
        else:
            unseen_in += 1
        if inside > peak:
            peak, peak_at = inside, movement.at
    whole_s = (last_at - in_order[0].at).total_seconds()
    return Occupancy(peak, peak_at, person_s / whole_s if whole_s else float(peak), unseen_in, inside)


def dwell_of(visit: Sequence[Passage]) -> timedelta | None:
    """Return how long a visit lasted: from the first coming in to the last going out after it; None unless both seen.

    A visit without both is not shorter, only not known, and a sum of the others must not count it as zero.
    """
    ins = [one.started_at for one in visit if one.direction == "in"]
    outs = [one.ended_at for one in visit if one.direction == "out"]
    if not ins or not outs or max(outs) <= min(ins):
        return None
    return max(outs) - min(ins)


def dwell(visits: Sequence[Sequence[Passage]]) -> Dwell | None:
    """Return how long people stayed, of the visits where it is known; None when it is known of none."""
    known_s = [stay.total_seconds() for visit in visits if (stay := dwell_of(visit)) is not None]
    if not known_s:
        return None
    return Dwell(len(known_s), median(known_s), sum(known_s) / len(known_s))
