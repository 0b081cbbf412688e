"""Who comes to a simulated shop: regulars with a rhythm of their own, strangers once, some whom nobody can tell."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compose.simulation.shops import CLOSES, OPENS, Shop

REGULARS_PER_DAILY_VISIT = 5.0
_REGULAR_SHARE, _UNDETERMINED_SHARE, _ELSEWHERE_SHARE = 0.68, 0.08, 0.05
_OPEN_S = (OPENS.hour * 3600 + OPENS.minute * 60, CLOSES.hour * 3600 + CLOSES.minute * 60)
_PEAKS_H = np.array([8.3, 12.4, 15.5, 19.2])
_PEAK_WEIGHTS = np.array([0.30, 0.27, 0.15, 0.28])
_PEAK_WIDTHS_H = np.array([0.8, 0.7, 1.1, 1.3])
NOBODY = 0
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Regulars:
    """The regulars of a shop.

    Their numbers, how much they like to come on which weekday [n, 7], at what hour, from which simulated day to which.
    """

    person: Array
    liking: Array
    hour: Array
    since: Array
    until: Array


class Crowd:
    """All people of the chain, numbered from 1 in the order in which they were made."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.count = 0

    def add(self, many: int) -> Array:
        """Return the numbers of that many new people."""
        numbers = np.arange(self.count + 1, self.count + many + 1)
        self.count += many
        return numbers

    def regulars_of(self, shop: Shop, per_day: float, days: int) -> Regulars:
        """Make a shop's regulars: a fifth is there from the first day, the others turn up and stay away later."""
        rng, many = self._rng, max(2, int(REGULARS_PER_DAILY_VISIT * per_day * shop.size))
        often = rng.lognormal(-0.6, 0.9, many)
        liking = often[:, None] * rng.dirichlet(np.full(7, 0.8), many)
        since = np.where(rng.random(many) < 0.2, 0, rng.integers(0, days, many))
        until = since + rng.exponential(300, many) + 14
        hour = hours_of_day(rng, many) + shop.shift
        return Regulars(self.add(many), liking, hour, since, until)

    def come(self, regulars: Regulars, elsewhere: Regulars, day: int, weekday: int, visits: int, shift: float) -> Array:
        """Return the people of a day's visits and when they come, [2, n]: number (NOBODY: not told), local second."""
        rng = self._rng
        kinds = rng.choice(4, visits, p=_shares())
        many = np.bincount(kinds, minlength=4)
        own, own_at = self._some(regulars, day, weekday, int(many[0]))
        guests, guests_at = self._some(elsewhere, day, weekday, int(many[1]))
        strangers = self.add(int(many[2]))
        untold = np.full(int(many[3]), NOBODY)
        people = np.concatenate([own, guests, strangers, untold])
        others_at = hours_of_day(rng, strangers.size + untold.size) + shift
        at_s = np.concatenate([own_at, guests_at, others_at]) * 3600
        in_group = rng.random(people.size) < 0.18
        leaders = rng.integers(0, max(1, people.size), people.size)
        at_s = np.where(in_group, at_s[leaders] + rng.uniform(1, 25, people.size), at_s) if people.size else at_s
        return np.stack([people, np.clip(at_s, _OPEN_S[0] + 1, _OPEN_S[1] - 60)])

    def _some(self, regulars: Regulars, day: int, weekday: int, many: int) -> tuple[Array, Array]:
        """Return different regulars of those who are about, and the hour at which each comes."""
        weights: Array = regulars.liking[:, weekday] * ((regulars.since <= day) & (day < regulars.until))
        ladder: Array = np.cumsum(weights)
        if not many or not ladder.size or ladder[-1] <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        draws: Array = self._rng.random(many) * ladder[-1]
        drawn: Array = np.unique(np.searchsorted(ladder, draws, side="right"))
        return regulars.person[drawn], regulars.hour[drawn] + self._rng.normal(0, 0.35, drawn.size)


def _shares() -> list[float]:
    stranger = 1 - _REGULAR_SHARE - _ELSEWHERE_SHARE - _UNDETERMINED_SHARE
    return [_REGULAR_SHARE, _ELSEWHERE_SHARE, stranger, _UNDETERMINED_SHARE]


def hours_of_day(rng: np.random.Generator, many: int) -> Array:
    """Return when in the day so many visits begin, in hours: breakfast, lunch, coffee, dinner."""
    peak = rng.choice(len(_PEAKS_H), many, p=_PEAK_WEIGHTS)
    return rng.normal(_PEAKS_H[peak], _PEAK_WIDTHS_H[peak])
