"""`./run demo` itself, as somebody starts it in a terminal, for the benchmarks of start and memory."""

import os
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from compose.onebox.place import free_port
from regulars.errors import DependencyAway
from regulars.settings import CHECKOUT


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """A demo that told that all of it runs, `started_s` seconds after its command.

    `worked_s` is the processor time that it took until then, in all its processes.
    """

    process: psutil.Process
    started_s: float
    worked_s: float


@contextmanager
def running_demo(data: Path, *words: str) -> Generator[RunningDemo]:
    """Start it on this data folder and stop it at the end. Raises DependencyAway when it does not come up."""
    log = data.with_name(f"{data.name}.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(CHECKOUT / "run"), "demo", "--json", "--data", str(data), "--port", str(free_port()), *words]
    # The benchmarks' own limit to one thread is not the demo's.
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    with log.open("ab") as written:
        begun_s = time.perf_counter()
        demo = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=written)
    try:
        assert demo.stdout
        told = demo.stdout.readline()
        started_s = time.perf_counter() - begun_s
        if not told:
            raise DependencyAway(f"./run demo did not come up: see {log}")
        process = psutil.Process(demo.pid)
        yield RunningDemo(process, started_s, _worked_s(process))
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate()


def _worked_s(process: psutil.Process) -> float:
    """Return the processor time of a process, its children and theirs, in seconds, those that have ended included."""
    worked_s = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            worked_s += sum(one.cpu_times()[:4])
    return worked_s
