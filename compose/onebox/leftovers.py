"""Nothing of a onebox outlives it: what was started is written down, and ended by whoever comes next.

A launcher that is killed with -9 cannot stop its children. So each child is recorded in a file with its start time and
command, a watchdog process (`python -m compose.onebox.leftovers FILE`) ends them when the launcher's pipe closes, and
the next start ends whatever is still recorded. A process is only touched if it is provably the recorded one.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

_SETTLES_WITHIN_S = 1.0
_START_TIME_TOLERANCE_S = 2.0
"""psutil derives start times from the boot time, which a clock correction may shift a little."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A process we started: its id, start time (seconds since the epoch), command line and polite stop signal."""

    pid: int
    started_at_s: float
    command: tuple[str, ...]
    stop_signal: int

    @classmethod
    def of(cls, pid: int, stop_signal: int) -> "Recorded | None":
        """Describe a running process; None when it has ended already."""
        try:
            process = psutil.Process(pid)
            # One that has just been started shows no command line for a moment.
            until = time.monotonic() + _SETTLES_WITHIN_S
            while not (command := process.cmdline()) and time.monotonic() < until:
                time.sleep(0.005)
            return cls(pid, process.create_time(), tuple(command), int(stop_signal))
        except psutil.Error:
            return None

    def process(self) -> psutil.Process | None:
        """Return the process if it still runs and is the one recorded, not another that got its number."""
        try:
            process = psutil.Process(self.pid)
            same_start = abs(process.create_time() - self.started_at_s) < _START_TIME_TOLERANCE_S
            same_command = tuple(process.cmdline()) == self.command
            alive = process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return None
        return process if same_start and same_command and alive else None


def write_records(path: Path, records: Iterable[Recorded]) -> None:
    """Replace the file in one step, so that a reader never sees half of it."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps([asdict(record) for record in records]), encoding="utf-8")
    partial.replace(path)


def read_records(path: Path) -> list[Recorded]:
    """Return what the file records; nothing when it is absent or unreadable."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            Recorded(int(row["pid"]), float(row["started_at_s"]), tuple(row["command"]), int(row["stop_signal"]))
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def end_recorded(path: Path, within_s: float = 8.0) -> int:
    """End every recorded process that still runs, politely first, then its whole group; return how many there were."""
    found = [(record, process) for record in read_records(path) if (process := record.process())]
    for record, process in found:
        with suppress(psutil.Error):
            process.send_signal(signal.Signals(record.stop_signal))
    psutil.wait_procs([process for _, process in found], timeout=within_s)
    for record, _ in found:
        if record.process():
            kill_group(record.pid)
    return len(found)


def kill_group(leader_pid: int) -> None:
    """Kill what is left of the process group that a child of ours leads or led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader_pid, signal.SIGKILL)


def _watch(path: Path) -> None:
    """Wait until the launcher is gone (its end of our standard input closes), then end what it left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    time.sleep(0.2)
    end_recorded(path)


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
