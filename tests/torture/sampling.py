"""While a load runs: what every process takes, what the workers drop, and how late sightings are, every few seconds."""

import re
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
import numpy as np
import psutil
from numpy.typing import NDArray

from regulars.store.session import transaction
from regulars.store.sightings import sightings_between
from tests.torture.beset_box import FIGURES_TOKEN, WORKERS
from tests.torture.checks import FAR_AHEAD, LONG_AGO
from tests.torture.set_up import Beset

EVERY_S = 5.0
TAKEN = ("megabytes", "handles", "threads", "connections")
_FRAMES = re.compile(r'^regulars_worker_frames_total\{what="(\w+)"\} (\S+)', re.MULTILINE)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One look: `taken` by part in the order of TAKEN; pictures since the workers began; tracks that wait."""

    at_s: float
    taken: dict[str, tuple[float, ...]]
    decoded: float
    dropped: float
    waiting: int


class Sampler:
    """Looks in a thread of its own while the context is open; `at_s` counts from its beginning."""

    def __init__(self, beset: Beset) -> None:
        self._beset = beset
        self._ended = threading.Event()
        self._begun_s, self.begun_at = time.monotonic(), time.time()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)
        self.samples: list[Sample] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def now_s(self) -> float:
        """Return the time of this moment."""
        return time.monotonic() - self._begun_s

    def latencies(self) -> Floats:
        """Return [n, 2] of all sightings: when recognized, and how many seconds after the track had ended."""
        stage = self._beset.stage
        with transaction(stage.engine, stage.tenancy) as connection:
            seen = sightings_between(connection, stage.tenant_id, LONG_AGO, FAR_AHEAD)
        rows = [
            (one.recognized_at.timestamp() - self.begun_at, (one.recognized_at - one.ended_at).total_seconds())
            for one in seen
        ]
        return np.array(sorted(rows), np.float64).reshape(-1, 2)

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            self.samples.append(self._look())

    def _look(self) -> Sample:
        box = self._beset.box
        taken = {name: found for name in box.supervisor.names() if (found := _taken(box.supervisor.pid(name)))}
        frames = [self._frames(worker) for worker in WORKERS]
        decoded, dropped = (sum(one.get(what, 0.0) for one in frames) for what in ("decoded", "dropped"))
        waiting = sum(len(spool.now("ready")) for spool in self._beset.spools)
        return Sample(self.now_s(), taken, decoded, dropped, waiting)

    def _frames(self, worker: str) -> dict[str, float]:
        url = f"http://127.0.0.1:{self._beset.box.figures_ports[worker]}/metrics"
        headers = {"Authorization": f"Bearer {FIGURES_TOKEN}"}
        try:
            text = httpx.get(url, headers=headers, timeout=4.0, trust_env=False).text
        except httpx.HTTPError:
            return {}
        return {what: float(many) for what, many in _FRAMES.findall(text)}


def _taken(pid: int | None) -> tuple[float, ...] | None:
    """Return what a process and its children take, None when it is gone."""
    try:
        first = psutil.Process(pid) if pid else None
        family = [first, *first.children(recursive=True)] if first else []
        sums = np.zeros(len(TAKEN))
        for one in family:
            sums += (_own_bytes(one) / 1e6, one.num_fds(), one.num_threads(), len(one.net_connections("tcp")))
        return tuple(sums.tolist()) if family else None
    except psutil.Error:
        return None


def _own_bytes(process: psutil.Process) -> int:
    """Return the memory that nobody shares with it and no file backs: what leaks, whoever else maps the same pages."""
    taken: Any = process.memory_info()
    return taken.rss - taken.shared if hasattr(taken, "shared") else process.memory_full_info().uss
