"""Every fault there is: what it does to which part, and how it ends."""

import os
import random
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from tests.torture.beset_box import WAYS, BesetBox
from tests.torture.disks import SmallDisk
from tests.torture.links import Link
from tests.torture.relay import Mood

JUMPS_S = (-86_400.0, -3_600.0, -400.0, -20.0, 20.0, 400.0, 3_600.0, 86_400.0)
KILL = "kill -9"
MOODS: tuple[Mood, ...] = ("twice", "lost", "reordered", "delayed by a day")


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Fault:
    """One thing that may happen. `watched` is the part that has to work again afterwards; `weight` how often."""

    kind: str
    part: str
    watched: str
    begin: Callable[[], None]
    end: Callable[[], None] = _nothing
    lasts_s: tuple[float, float] = (0.0, 0.0)
    weight: float = 1.0


def all_faults(
    box: BesetBox, spools: Sequence[SmallDisk], store: SmallDisk | None, chance: random.Random, *, prefect: bool
) -> list[Fault]:
    """Return what can be done to this box."""
    parts = ["worker", "worker-2", "recognize", "recognize-2", "gateway", "postgres", "objects", "vectors", "rtsp"]
    rare = ["prefect"] if prefect else []
    found = [_kill(box, part, 0.25 if part in rare else 1.0) for part in (*parts, *rare)]
    found += [_freeze(box, part, 0.25 if part in rare else 1.0) for part in (*parts, *rare)]
    for name in WAYS:
        found += _on_the_way(box, box.way(name))
    found += [_mood(box, mood) for mood in MOODS]
    found += [_jump(box, part, chance) for part in box.clocks]
    watched = ("worker", "worker-2")
    for part, disk in zip(watched, spools, strict=False):
        found.append(Fault("disk full", f"spool of {part}", part, disk.fill, disk.free, (2.0, 10.0), 1.5))
    if store:
        found.append(Fault("disk full", "store", "objects", store.fill, store.free, (2.0, 10.0), 1.5))
    return found


def _kill(box: BesetBox, part: str, weight: float) -> Fault:
    return Fault(KILL, part, part, partial(_signal, box, part, signal.SIGKILL), weight=weight)


def _freeze(box: BesetBox, part: str, weight: float) -> Fault:
    begin, end = (partial(_signal, box, part, number) for number in (signal.SIGSTOP, signal.SIGCONT))
    return Fault("frozen", part, part, begin, end, (1.0, 18.0 if part.startswith("worker") else 9.0), weight)


def _signal(box: BesetBox, part: str, number: signal.Signals) -> None:
    """Send it to the part with all its children."""
    if pid := box.supervisor.pid(part):
        with suppress(ProcessLookupError):
            os.killpg(pid, number)


def _on_the_way(box: BesetBox, link: Link) -> list[Fault]:
    user = link.name.partition("-")[0]

    def slow() -> None:
        link.delay_s = 0.15

    def lossy() -> None:
        link.loss = 0.2

    def parted() -> None:
        link.partitioned = True

    def cut() -> None:
        box.network.cut(link)

    return [
        Fault("delay", link.name, user, slow, link.heal, (2.0, 8.0), 0.5),
        Fault("loss", link.name, user, lossy, link.heal, (2.0, 8.0), 0.5),
        Fault("partition", link.name, user, parted, link.heal, (2.0, 12.0), 0.5),
        Fault("reset", link.name, user, cut, weight=0.5),
    ]


def _mood(box: BesetBox, mood: Mood) -> Fault:
    def begin() -> None:
        box.relay.mood = mood

    return Fault(f"events {mood}", "events", "recognize", begin, box.relay.calm, (4.0, 12.0), 2.0)


def _jump(box: BesetBox, part: str, chance: random.Random) -> Fault:
    clock = box.clocks[part]

    def begin() -> None:
        clock.jump(chance.choice(JUMPS_S))

    return Fault("clock jump", part, part, begin, partial(clock.jump, 0.0), (3.0, 12.0), 1.5)
