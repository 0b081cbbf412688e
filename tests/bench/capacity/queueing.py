"""How long a track waits at rush hour: a discrete-event simulation with measured times, and a real run beside it."""

import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from regulars.vision.packs import ModelPack
from tests.bench.capacity.demand import RUSH_SHARE, TRACKS_A_VISIT, VISITS_A_SITE_AND_DAY
from tests.bench.capacity.units import Units
from tests.bench.measuring import Row, Spread, percentile
from tests.bench.recognize import evidence, tracks_of

SEED = 11
SIMULATED_S = 3600.0
LOADS = (0.5, 0.7, 0.8, 0.9, 0.95)
PARTY = 3
"""People come in parties of 1 to so many: their tracks end close to one another."""
REAL_TRACKS, REAL_LOAD = 120, 0.7


def rush_hour(units: Units) -> list[Row]:
    """Return how long tracks take from their event to a vector, for several shares of the recognize slots in use."""
    rows: list[Row] = []
    mean_s = sum(units.track_s) / len(units.track_s)
    for slots in (1, 2, 8):
        for load in LOADS:
            arrivals = _arrivals(slots * load / mean_s, SIMULATED_S)
            took_s = simulate(arrivals, units.track_s, slots)
            what = f"rush hour: {slots} slots, {load:.0%} used, p95 of a track"
            rows.append(Row("capacity", what, percentile(took_s, 0.95) * 1000, "ms"))
    site_rush_s = VISITS_A_SITE_AND_DAY * TRACKS_A_VISIT * RUSH_SHARE / 3600
    rows.append(Row("capacity", "rush hour: sites that one slot serves at 70 %", 0.7 / mean_s / site_rush_s, "sites"))
    return rows


def simulate(
    arrivals_s: Sequence[float], service_s: Sequence[float], slots: int, *, in_order: bool = False
) -> list[float]:
    """Return how long each track takes, in seconds, when it finds `slots` slots.

    Times are drawn from `service_s`, or with `in_order` taken from it one after another.
    """
    simpy: Any = import_module("simpy")
    chance, world = random.Random(SEED), simpy.Environment()
    slot, took_s, turns = simpy.Resource(world, slots), list[float](), iter(service_s)

    def track(at_s: float) -> Any:
        yield world.timeout(at_s)
        with slot.request() as turn:
            yield turn
            yield world.timeout(next(turns) if in_order else chance.choice(service_s))
        took_s.append(world.now - at_s)

    for at_s in arrivals_s:
        world.process(track(at_s))
    world.run()
    return took_s


def against_real_run(pack: ModelPack, units: Units, say: Callable[[str], None]) -> list[Row]:
    """Send tracks at the same moments through one real slot and through the simulation; the rows compare their p95.

    On a busy machine slow tracks come in rows: drawn at random, the same times make shorter queues.
    """
    tracks = tracks_of(pack)
    arrivals = _arrivals(REAL_LOAD / units.waited_s, 1e9, most=REAL_TRACKS)
    say(f"a real run of {len(arrivals)} tracks in {arrivals[-1]:.0f} s")
    waiting: queue.SimpleQueue[tuple[int, float] | None] = queue.SimpleQueue()
    took_s: list[float] = []
    served_s: list[float] = []

    def serve() -> None:
        while (one := waiting.get()) is not None:
            begun_s = time.perf_counter()
            evidence(pack, tracks[one[0] % len(tracks)])
            ended_s = time.perf_counter()
            served_s.append(ended_s - begun_s)
            took_s.append(ended_s - one[1])

    slot = threading.Thread(target=serve)
    slot.start()
    zero_s = time.perf_counter()
    for number, at_s in enumerate(arrivals):
        time.sleep(max(0.0, zero_s + at_s - time.perf_counter()))
        waiting.put((number, zero_s + at_s))
    waiting.put(None)
    slot.join()
    real, rows = percentile(took_s, 0.95) * 1000, list[Row]()
    for how, in_order in (("with its times in their order", True), ("with its times drawn at random", False)):
        simulated = percentile(simulate(arrivals, served_s, 1, in_order=in_order), 0.95) * 1000
        ratio = Spread(real / simulated, real / simulated, real / simulated)
        what = f"real run: {len(arrivals)} tracks through one slot, p95 of a track"
        rows.append(Row("capacity", what, real, "ms", f"the simulation, {how}", simulated, None, None, ratio))
    return rows


def _arrivals(tracks_a_second: float, during_s: float, most: int = 10**6) -> list[float]:
    """Return the moments (s) at which tracks end: parties come at random, their people within a second."""
    chance, moments, at_s = random.Random(SEED), list[float](), 0.0
    while at_s < during_s and len(moments) < most:
        people = chance.randint(1, PARTY)
        at_s += chance.expovariate(tracks_a_second / ((1 + PARTY) / 2))
        moments += [at_s + chance.random() for _ in range(people)]
    return sorted(moments)[:most]
