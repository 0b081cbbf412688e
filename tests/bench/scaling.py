"""Two workers, each on a core of its own, beside one on one core: recordings as cameras, read as fast as they can.

The gateway and the stores are real and share the machine: they take a part of its two cores from two workers, and of
its one core from one worker, or of the core that this one leaves idle. Recognize is stopped: its work at such a pace,
some seventeen times a camera's, is another benchmark's (replicas). Where processes cannot be held to a core (macOS) the
system places them, and one worker may use more than one.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median

import psutil

from regulars.settings import Settings
from regulars.wiring import model_pack
from tests.bench.films import Film, films
from tests.bench.machine import held_to, hold
from tests.bench.measuring import OURS, Row, in_turns, rows_of
from tests.story.stage import Stage, data_folder, story_box
from tests.waiting import wait_for

RECORDINGS = 12
"""Of the busy film in 640x480; each worker may hold its share of them."""
ONE, APART = "one worker, one core for all", "one worker on a core, servers on both"
ENDS_WITHIN_S = 600.0
_ASK_EVERY_S = 0.1


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return two rows, by the clock and by processor time, and what the others took."""
    film = next(film for film in films(model_pack(Settings())) if film.name == "640x480, busy")
    by_clock: dict[str, list[float]]
    by_core, others = defaultdict[str, list[float]](list), list[float]()
    with data_folder() as folder, Stage(story_box(folder), visit_gap_minutes=1.0) as stage:
        stage.box.supervisor.stop("worker", "recognize")

        def through(name: str, workers: int, for_servers: int) -> float:
            say(f"{RECORDINGS} recordings; workers: {workers}, cores of the servers: {for_servers}")
            _hold_servers(stage, for_servers)
            done = _Pass(stage, film, workers)
            by_core[name].append(done.frames / done.workers_cpu_s)
            if name == OURS:
                others.append(done.others_cpu_s / (2 * done.took_s))
            return done.frames / done.took_s

        contestants = {OURS: partial(through, OURS, 2, 2), ONE: partial(through, ONE, 1, 1)}
        contestants[APART] = partial(through, APART, 1, 2)
        by_clock = in_turns(contestants, rounds or 3, warm_up=False)
    told = f"{RECORDINGS} recordings, two workers"
    return [
        *rows_of("scaling", f"{told}, by the clock", "frames/s", by_clock, [ONE, APART], None),
        *rows_of("scaling", f"{told}, a second of their processor time", "frames/s", by_core, [ONE], None),
        Row("scaling", "gateway and stores meanwhile, of both cores", 100 * median(others), "%"),
    ]


class _Pass:
    """The recordings read once by so many workers: pictures, seconds from the first to the last, processor times."""

    def __init__(self, stage: Stage, film: Film, workers: int) -> None:
        names = [f"worker-{number + 1}" for number in range(workers)]
        begun = [_started(stage, name) for name in names]
        for core, name in enumerate(names):
            _launch(stage, name, core, RECORDINGS // workers)
        wait_for(lambda: all(_started(stage, one) > was for one, was in zip(names, begun, strict=True)), "workers run")
        cameras = _add_recordings(stage, film)
        with self._counting(stage, names):
            wait_for(lambda: self._done(stage, cameras), "the recordings were read", ENDS_WITHIN_S)
        told = [stage.portal.camera(camera_id) for camera_id in cameras]
        self.frames = sum(int(camera["counters"]["frames_decoded"]) for camera in told)
        stage.box.supervisor.stop(*names)
        for camera_id in cameras:
            stage.portal.change_camera(camera_id, {"wanted_state": "stopped"})

    @contextmanager
    def _counting(self, stage: Stage, names: Sequence[str]) -> Generator[None]:
        begun_s, workers_s, all_s = time.monotonic(), _cpu_s(stage, names), _cpu_s(stage, _all(stage))
        yield
        self.took_s = time.monotonic() - begun_s
        self.workers_cpu_s = _cpu_s(stage, names) - workers_s
        self.others_cpu_s = _cpu_s(stage, _all(stage)) - all_s - self.workers_cpu_s

    def _done(self, stage: Stage, cameras: Sequence[str]) -> bool:
        told = [stage.portal.camera(camera_id) for camera_id in cameras]
        assert not any(camera["state"] == "failed" for camera in told), told
        return all(camera["reason"] == "finished" for camera in told)


def _launch(stage: Stage, name: str, core: int, capacity: int) -> None:
    """Start a worker that may hold so many cameras, on this core alone: a child inherits where its parent may run."""
    box = stage.box
    box.environment |= {
        "REGULARS_WORKER_ID": name,
        "REGULARS_WORKER_CAPACITY": str(capacity),
        "REGULARS_SPOOL_DIR": str(box.place.folder(f"spool-{name}")),
    }
    if not hasattr(os, "sched_setaffinity"):
        box.launch_worker(name)
        return
    allowed = sorted(os.sched_getaffinity(0))
    with held_to({allowed[core % len(allowed)]}):
        box.launch_worker(name)


def _hold_servers(stage: Stage, cores: int) -> None:
    """Let the servers run on so many of the processors, the first first, where processes can be held."""
    if hasattr(os, "sched_setaffinity"):
        for pid in filter(None, map(stage.box.supervisor.pid, _all(stage))):
            hold(psutil.Process(pid), set(sorted(os.sched_getaffinity(0))[:cores]))


def _started(stage: Stage, name: str) -> int:
    log = stage.box.place.log(name)
    return log.read_text(encoding="utf-8").count("worker_started") if log.exists() else 0


def _add_recordings(stage: Stage, film: Film) -> list[str]:
    now, added = datetime.now(UTC), list[str]()
    for number in range(RECORDINGS):
        setup = {
            "site_id": str(stage.chain.site.site_id),
            "name": f"recording {number + 1}",
            "type": "file",
            "file_path": str(film.path),
            "file_starts_at": (now - timedelta(minutes=5 * (number + 1))).isoformat(),
        }
        added.append(str(stage.portal.add_camera(setup)["camera_id"]))
    return added


def _all(stage: Stage) -> list[str]:
    return stage.box.supervisor.names()


def _cpu_s(stage: Stage, names: Sequence[str]) -> float:
    """Return the processor time of these parts and of whom they have started."""
    total_s = 0.0
    for name in names:
        pid = stage.box.supervisor.pid(name)
        for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)] if pid else []:
            total_s += sum(process.cpu_times()[:2])
    return total_s
