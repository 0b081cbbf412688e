"""The first half of `./run torture`: a recorded load flows through every part while faults happen to them at random."""

import random
import time
from collections.abc import Callable
from functools import partial

from compose.onebox.words import timed_progress
from tests.torture.failover import back_up, fail_over
from tests.torture.faults import all_faults
from tests.torture.outcome import Outcome
from tests.torture.readiness import Readiness
from tests.torture.set_up import Beset, beset
from tests.torture.settle import settle_and_check
from tests.torture.storm import Storm

EVERY_S = 4.0
"""Somebody passes each camera so often: eight of them give two tracks a second, as many as the faults let through."""
MOST_TIMES_LONGER = 2.0
"""The load goes on for at most so many times the wanted time, until there are enough tracks."""


def endure(outcome: Outcome, seconds: float, faults: int, tracks: int, *, flows: bool) -> None:
    """Run faults for so many seconds, until there were as many as wanted, and as many tracks; note what was found."""
    say = timed_progress()
    chance = random.Random(outcome.seed)
    with beset(outcome.seed, EVERY_S, outcome.left_out) as made:
        say("everything runs")
        if flows:
            made.start_flows()
        readiness = Readiness(made.stage, made.box, made.server)
        kinds = all_faults(made.box, made.spool_disks, made.store_disk, chance, prefect=flows)
        storm = Storm(kinds, readiness, chance, seconds / faults, say)
        try:
            _blow(made, storm, seconds, faults, tracks, say, flows=flows)
        finally:
            storm.close()
        outcome.suffered = storm.suffered
        settle_and_check(outcome, made, say)


def _blow(
    made: Beset, storm: Storm, seconds: float, faults: int, tracks: int, say: Callable[[str], None], *, flows: bool
) -> None:
    """Two storms with a failover between them."""
    begun_s = time.monotonic()

    def goes_on(share: float) -> bool:
        passed_s = time.monotonic() - begun_s
        enough = len(storm.suffered) >= share * faults and len(made.followed()) >= share * tracks
        begins = storm.opening or passed_s < share * seconds
        return begins or (not enough and passed_s < share * seconds * MOST_TIMES_LONGER)

    storm.blow(partial(goes_on, 0.5))
    say(f"half: {len(storm.suffered)} faults, {len(made.followed())} tracks")
    back_up(made.box)
    storm.blow(partial(goes_on, 0.6))
    if flows:
        made.stop_flows()
    storm.note("failover to a restored copy", "postgres", partial(fail_over, made.stage, made.box), "recognize")
    say("PostgreSQL was restored elsewhere")
    if flows:
        made.start_flows()
    storm.blow(partial(goes_on, 1.0))
    say(f"{len(storm.suffered)} faults, {len(made.followed())} tracks")
