"""The short part of `./run torture`'s bad input: some hundred cases of each kind, the same ones each time."""

import random

import pytest

from realtime_workers import source_av
from tests.torture.bad_input.feeding import KINDS, feed
from tests.torture.bad_input.running import Child, merged
from tests.torture.bad_input.tally import Tally

SEED, CASES = 20261128, 1500
FEWER = {"cameras": 18, "reports": 10, "manifests": 700, "photographs": 700, "shots": 700}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_breaks_and_everything_has_a_reason(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("OPEN_TIMEOUT_S", "READ_TIMEOUT_S"):
        monkeypatch.setattr(source_av, limit, getattr(source_av, limit))  # the lying cameras shorten them
    [tally] = merged(feed(kind, SEED, most=FEWER.get(kind, CASES)))
    assert tally.traces == []
    assert (tally.crashes, tally.hangs) == (0, 0)
    assert tally.reasons.total() == tally.cases == FEWER.get(kind, CASES)


def test_what_breaks_is_counted_with_the_seed_that_makes_it_again() -> None:
    def breaks(dice: random.Random) -> str:
        return str(1 / (dice.random() > 1))

    tally = Tally("broken")
    tally.feed(breaks, 7)
    assert (tally.cases, tally.crashes) == (1, 1)
    assert "seed 7" in tally.traces[0]
    died, lived = Child(["no such kind"], SEED, 0.0), Child(["cursors"], SEED, 0.0)
    assert [(one.cases, one.crashes) for one in died.tallies()] == [(1, 1)]
    assert [(one.cases, one.crashes, one.reasons.total()) for one in lived.tallies()] == [(1, 0, 1)]
