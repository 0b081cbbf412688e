"""`./run torture load` holds many times the expected rush and then exceeds it; `soak` plays hours of scenes, faster."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from compose.onebox.words import timed_progress
from regulars.settings import CHECKOUT
from tests.torture.curves import draw, slopes
from tests.torture.outcome import Outcome
from tests.torture.rush import rush_per_hour, usual_per_hour
from tests.torture.sampling import TAKEN, Floats, Sample, Sampler
from tests.torture.set_up import CAMERAS, MOST_CAMERAS, SHOPS, Beset, beset
from tests.torture.settle import settle_and_check

TIMES_THE_RUSH = 10
FILMED_MORE = 1.08
"""Of those who are filmed some are hidden by others all the way, and films pause between two rounds."""
SOAK_HOURS = 8
PICTURES = CHECKOUT / ".regulars" / "torture"
STEP_S, SHEDS_FROM = 60.0, 0.05
"""Beyond: eight more cameras each step, until this share of pictures is dropped unseen."""
RECOVERS_WITHIN_S = 600.0
CALM_S = 5.0
"""It has recovered when the newest sightings are no later than this again and nothing waits."""


def load(outcome: Outcome, minutes: float) -> None:
    """Hold ten times the expected rush for so many minutes, then more and more until pictures are dropped."""
    say = timed_progress()
    rush = rush_per_hour(SHOPS)
    wanted = TIMES_THE_RUSH * rush / 3600
    say(
        f"expected rush: {rush:.0f} tracks an hour in {SHOPS} shops; {TIMES_THE_RUSH} times that: {wanted:.2f} a second"
    )
    marks = dict[str, float]()
    every_s = CAMERAS / (wanted * FILMED_MORE)
    with beset(outcome.seed, every_s, outcome.left_out, for_load=True) as made, Sampler(made) as sampler:
        begun = len(made.followed())
        _pass(minutes * 60, say, made, sampler)
        held_until_s = sampler.now_s()
        came = (len(made.followed()) - begun) / minutes / 60
        say(f"{came:.2f} tracks a second came, {came * 3600 / rush:.1f} times the rush")
        while not _sheds(sampler.samples) and len(made.cameras) < MOST_CAMERAS:
            marks[f"{len(made.cameras) + CAMERAS} cameras"] = sampler.now_s()
            made.add_cameras(CAMERAS, CAMERAS)
            _pass(STEP_S, say, made, sampler)
        shed = f"{len(made.cameras)} cameras: {_dropped(sampler.samples):.0%} of the pictures are dropped unseen"
        say(shed)
        back_s = marks["8 again"] = sampler.now_s()
        made.stop_cameras(made.cameras[CAMERAS:])
        recovered_s = _recover(sampler, back_s)
        say("never calm again" if recovered_s is None else f"calm again {recovered_s:.0f} s after the load went back")
        late, samples = sampler.latencies(), list(sampler.samples)
        settle_and_check(outcome, made, say)
    _tell("load", samples, late, marks, held_until_s)


def soak(outcome: Outcome, minutes: float) -> None:
    """Play the tracks of a usual working day's hours, faster, and tell what grows."""
    say = timed_progress()
    tracks = SOAK_HOURS * usual_per_hour(SHOPS)
    speed = SOAK_HOURS * 60 / minutes
    say(f"{SOAK_HOURS} hours of {SHOPS} shops: {tracks:.0f} tracks; in {minutes:.0f} minutes {speed:.0f} times as fast")
    every_s = CAMERAS * minutes * 60 / tracks
    with beset(outcome.seed, every_s, outcome.left_out, for_load=True) as made, Sampler(made) as sampler:
        made.start_flows()
        while len(made.followed()) < tracks and sampler.now_s() < 2 * minutes * 60:
            _pass(min(60.0, minutes * 6), say, made, sampler)
        until_s = sampler.now_s()
        late, samples = sampler.latencies(), list(sampler.samples)
        settle_and_check(outcome, made, say)
    _tell("soak", samples, late, {}, until_s)


def _pass(seconds: float, say: Callable[[str], None], made: Beset, sampler: Sampler) -> None:
    until_s = sampler.now_s() + seconds
    while (left_s := until_s - sampler.now_s()) > 0:
        time.sleep(min(60.0, left_s))
        say(f"{len(made.followed())} tracks, {_dropped(sampler.samples):.1%} of the pictures dropped")


def _dropped(samples: Sequence[Sample]) -> float:
    """Return the share of the last half minute's pictures that were dropped unseen."""
    if len(samples) < 7:
        return 0.0
    decoded = samples[-1].decoded - samples[-7].decoded
    return (samples[-1].dropped - samples[-7].dropped) / decoded if decoded > 0 else 0.0


def _sheds(samples: Sequence[Sample]) -> bool:
    return _dropped(samples) > SHEDS_FROM


def _recover(sampler: Sampler, since_s: float) -> float | None:
    while sampler.now_s() - since_s < RECOVERS_WITHIN_S:
        time.sleep(2.0)
        late = sampler.latencies()
        newest = late[-20:, 1]
        if newest.size and np.median(newest) < CALM_S and sampler.samples[-1].waiting < CAMERAS:
            return sampler.now_s() - since_s
    return None


def _tell(kind: str, samples: Sequence[Sample], late: Floats, marks: dict[str, float], held_until_s: float) -> None:
    console = Console()
    held = late[late[:, 0] < held_until_s]
    steady = np.percentile(held[len(held) // 5 :, 1], (50, 95, 99)) if len(held) else (0, 0, 0)
    console.print("latency while held: median {:.2f} s, 95 % {:.2f} s, 99 % {:.2f} s".format(*steady), highlight=False)
    table = Table("part", *(f"{what}: mean, growth an hour" for what in TAKEN), title=f"{kind}: after the first third")
    during = [one for one in samples if one.at_s < held_until_s]
    for part, found in slopes(during, held_until_s / 3).items():
        table.add_row(part, *(f"{mean:.1f}, {growth:+.1f}" for mean, growth in found))
    console.print(table)
    PICTURES.mkdir(parents=True, exist_ok=True)
    file: Path = PICTURES / f"{kind}.png"
    draw(file, f"{kind}, seeded films of {CAMERAS} cameras", samples, late, marks)
    console.print(f"curves: {file}", highlight=False)
