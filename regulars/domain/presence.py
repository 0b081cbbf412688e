"""After counting: how many people were inside and for how long, where they were seen to come and to go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from regulars.domain.tracks import Direction

LEAST_SEEN_BOTH_WAYS = 0.9
"""Of those counted one way so many must be counted the other way too before anything is said of who is inside.

Whoever is missed at the door stays in the figure until the shop closes. People stay for about a tenth of the time that
a shop is open, so at a time about a tenth of the day's customers are there: were more than that missed, the figure
would tell more of the missed than of the people there.
"""
FEWEST_COUNTED = 20
"""Of fewer people one or two decide whether nine of ten were seen both ways."""
COUNTED_TO_JUDGE_ANEW = 100
"""The newest days with so many counted show alone that the doors are seen well again, after a camera that was broken.

Of a hundred that a camera sees of which it misses one in five, it misses no more than one in ten in 6 of 1,000 cases by
chance; of twenty in 206.
"""
DAYS_LOOKED_BACK = 7
"""Each day of the week once: the door is not seen alike on a quiet and on a crowded day."""
InsideUnknown = Literal["not_yet", "few_leaving", "few_coming"]
"""Why it is not said how many are inside: nothing shows yet how the doors are seen, or too few leave, or come."""


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


@dataclass(frozen=True, slots=True)
class Passed:
    """How many were counted coming in and going out."""

    came_in: int = 0
    went_out: int = 0

    @property
    def most(self) -> int:
        """How many were counted one way at least."""
        return max(self.came_in, self.went_out)

    @property
    def seen_both_ways(self) -> bool:
        """Whether those counted are enough of the same people to say how many were inside between."""
        return self.most > 0 and min(self.came_in, self.went_out) / self.most >= LEAST_SEEN_BOTH_WAYS


def why_inside_is_unknown(before: Sequence[Passed], today: Passed) -> InsideUnknown | None:
    """Return why it cannot be said how many are inside now; None where it can.

    `before` are the last `DAYS_LOOKED_BACK` days that are over, the newest first: by then all have left, so who was not
    counted going out was not seen. All of them together decide, or the newest alone: what a broken camera missed
    before it was mended tells nothing of the present day. Where they are too few, today is counted too: who is still
    there has not been counted going out either, so it may show that the doors are seen well, and never that they are
    not.
    """
    all_days, newest = _together(before), _newest(before)
    if all_days.most >= FEWEST_COUNTED:
        if all_days.seen_both_ways or newest.seen_both_ways:
            return None
        return "few_leaving" if newest.went_out < newest.came_in else "few_coming"
    both = _together([all_days, today])
    return None if both.most >= FEWEST_COUNTED and both.seen_both_ways else "not_yet"


def _newest(before: Sequence[Passed]) -> Passed:
    """Return the newest days together, no more than `COUNTED_TO_JUDGE_ANEW` takes; all where even those are fewer."""
    for days in range(1, len(before) + 1):
        newest = _together(before[:days])
        if newest.most >= COUNTED_TO_JUDGE_ANEW:
            return newest
    return _together(before)


def inside_now(movements: Sequence[Movement]) -> int:
    """Return how many are inside after these movements of a business day, in any order; 0 where there were none."""
    inside = 0
    for movement in _in_order(movements):
        inside = inside + 1 if movement.direction == "in" else max(inside - 1, 0)
    return inside


def occupancy(movements: Sequence[Movement]) -> Occupancy | None:
    """Return how many people were inside, or None unless most were seen both ways (`LEAST_SEEN_BOTH_WAYS`).

    Inside is who came in minus who went out since the shop was empty, before the first movement, and never less than
    nobody: whoever goes out of an empty shop had come in unseen, and changes nothing.
    """
    if not passed_of(movements).seen_both_ways:
        return None
    in_order = _in_order(movements)
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


def passed_of(movements: Iterable[Movement]) -> Passed:
    """Return how many these are each way."""
    ways = [one.direction for one in movements]
    return Passed(ways.count("in"), ways.count("out"))


def _in_order(movements: Iterable[Movement]) -> list[Movement]:
    return sorted(movements, key=lambda one: (one.at, one.direction))


def _together(days: Iterable[Passed]) -> Passed:
    counted = list(days)
    return Passed(sum(one.came_in for one in counted), sum(one.went_out for one in counted))


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
