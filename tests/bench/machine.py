"""Which machine measured, and what else it did meanwhile: a figure without them says little."""

import os
import platform
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine, and a moment from which `taken_by_others` counts."""

    name: str
    begun_s: float
    busy_s: float
    own_s: float

    def told(self) -> str:
        """Return a sentence for below the table."""
        others = self.taken_by_others()
        load = ", ".join(f"{one:.1f}" for one in psutil.getloadavg())
        return (
            f"{self.name}. Since the start {others:.0%} of its processors went to what is not this benchmark or its"
            f" servers; load {load}."
        )

    def taken_by_others(self) -> float:
        """Return the share of all processor time since the start that neither we nor our ended children took."""
        span_s = (time.monotonic() - self.begun_s) * (os.cpu_count() or 1)
        return min(1.0, max(0.0, (_busy_s() - self.busy_s) - (_own_s() - self.own_s)) / span_s)


@contextmanager
def held_to(cores: set[int]) -> Generator[None]:
    """Let what is started here run on these processors alone: a child inherits where its parent may run. Linux only.

    Holding it later does not do: OpenVINO gives a thread back, after each run, where it might run when it was loaded.
    """
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def hold(process: psutil.Process, cores: set[int]) -> None:
    """Let every thread of a running process, and of those that it started unless it is this one, run there alone."""
    for one in [process, *process.children(recursive=True)] if process.pid != os.getpid() else [process]:
        for thread in one.threads():
            with suppress(ProcessLookupError):
                os.sched_setaffinity(thread.id, cores)


def this_machine() -> Machine:
    """Return it, counting from now."""
    memory_gb = psutil.virtual_memory().total / 1e9
    name = f"{_processor()}, {os.cpu_count()} cores, {memory_gb:.0f} GB, {platform.system()} {platform.release()}"
    return Machine(f"{name}, Python {platform.python_version()}", time.monotonic(), _busy_s(), _own_s())


def _busy_s() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - float(getattr(times, "iowait", 0.0)) - float(getattr(times, "guest", 0.0))


def _own_s() -> float:
    """Return the processor time of this process, of its running descendants and of those that have ended."""
    own = psutil.Process()
    running = 0.0
    for child in own.children(recursive=True):
        try:
            running += sum(child.cpu_times()[:2])
        except psutil.Error:
            continue
    return sum(own.cpu_times()[:4]) + running


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
