"""The onebox keeps its parts alive with this: starts child processes, restarts those that die, stops all in order."""

import fcntl
import logging
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from compose.onebox.leftovers import Recorded, end_recorded, kill_group, write_records
from compose.onebox.long_logs import turn_the_long
from regulars.errors import ConfigurationRefused

_log = logging.getLogger(__name__)
_POLL_S = 0.05
_FIRST_BACKOFF_S = 0.2
_LONGEST_BACKOFF_S = 10.0
_STABLE_AFTER_S = 20.0


@dataclass(frozen=True, slots=True)
class Launch:
    """How one child is started and stopped. `env` is its whole environment, `user` whom a root launcher runs it as.

    Stages stop one after another, the highest first; children of one stage stop together. After `stop_signal` a child
    has `stop_within_s` before it is killed.
    """

    name: str
    command: tuple[str, ...]
    cwd: Path
    log: Path
    env: Mapping[str, str]
    user: str | None = None
    stage: int = 0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within_s: float = 5.0
    restart: bool = True


@dataclass(slots=True)
class _Child:
    launch: Launch
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    quick_deaths: int = 0
    due: float | None = None


class Supervisor:
    """The children of one data directory. One launcher at a time holds it: a second is refused.

    Use as a context manager; leaving it stops everything. `run_dir` holds the lock and the record of what runs.
    """

    def __init__(self, run_dir: Path) -> None:
        run_dir.mkdir(parents=True, exist_ok=True)
        self._records = run_dir / "processes.json"
        self._lock_file = _hold(run_dir / "lock")
        ended = end_recorded(self._records)
        write_records(self._records, [])
        if ended:
            _log.warning("ended %d processes that an earlier launcher left behind", ended)
        self._children: dict[str, _Child] = {}
        self._guard = threading.RLock()
        self._closing = threading.Event()
        self._watchdog = _start_watchdog(self._records)
        self._keeper = threading.Thread(target=self._keep, name="onebox-keeper", daemon=True)
        self._keeper.start()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything."""
        self.close()

    def start(self, launch: Launch) -> None:
        """Start a child; ConfigurationRefused when its name is in use, its program is not there, or all is closing."""
        # Ctrl-C is raised in the main thread: in this one it cannot come between a child and what is known of it.
        with ThreadPoolExecutor(1) as uninterrupted:
            uninterrupted.submit(self._start, launch).result()

    def _start(self, launch: Launch) -> None:
        with self._guard:
            if self._closing.is_set():
                raise ConfigurationRefused(f"{launch.name} is not started: everything is being stopped")
            if launch.name in self._children:
                raise ConfigurationRefused(f"{launch.name} runs already")
            try:
                process = _spawn(launch)
            except OSError as error:
                raise ConfigurationRefused(f"{launch.name} cannot be started: {error}") from error
            self._children[launch.name] = _Child(launch, process, time.monotonic())
            self._write()

    def pid(self, name: str) -> int | None:
        """Return the process id of a child that runs now, None while it is down or when there is no such child."""
        with self._guard:
            child = self._children.get(name)
            return child.process.pid if child and child.process.poll() is None else None

    def deaths(self, name: str) -> int:
        """Return how often a child died without being asked to."""
        with self._guard:
            child = self._children.get(name)
            return child.deaths if child else 0

    def names(self) -> list[str]:
        """Return the names of all children, in the order in which they were started."""
        with self._guard:
            return list(self._children)

    def stop(self, *names: str, within_s: float | None = None) -> None:
        """Stop these children together and forget them: their stop signal first, SIGKILL to what does not go."""
        with self._guard:
            children = [self._children.pop(name) for name in names if name in self._children]
        alive = [child for child in children if child.process.poll() is None]
        for child in alive:
            child.process.send_signal(child.launch.stop_signal)
        begun = time.monotonic()
        for child in alive:
            allowed_s = child.launch.stop_within_s if within_s is None else min(within_s, child.launch.stop_within_s)
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, begun + allowed_s - time.monotonic()))
            kill_group(child.process.pid)
            child.process.wait()
        with self._guard:
            self._write()

    def close(self, within_s: float = 9.0) -> None:
        """Stop every child, stage by stage, within this time in all, and release the data directory."""
        if self._closing.is_set():
            return
        with self._guard:  # what is being started is stopped too
            self._closing.set()
        deadline = time.monotonic() + within_s
        stages = sorted({child.launch.stage for child in self._children.values()}, reverse=True)
        for stage in stages:
            names = [child.launch.name for child in self._children.values() if child.launch.stage == stage]
            self.stop(*names, within_s=max(0.5, deadline - time.monotonic()))
        self._keeper.join(2.0)
        if self._watchdog.stdin:
            self._watchdog.stdin.close()
        self._watchdog.wait(60.0)
        self._lock_file.close()

    def _keep(self) -> None:
        while not self._closing.wait(_POLL_S):
            with self._guard:
                for child in self._children.values():
                    self._keep_one(child)
                logs = {child.launch.log for child in self._children.values()}
            turn_the_long(logs)

    def _keep_one(self, child: _Child) -> None:
        now = time.monotonic()
        if child.due is None:
            if child.process.poll() is None:
                return
            kill_group(child.process.pid)
            child.deaths += 1
            child.quick_deaths = 0 if now - child.started > _STABLE_AFTER_S else child.quick_deaths + 1
            wait_s = min(_FIRST_BACKOFF_S * 2 ** max(0, child.quick_deaths - 1), _LONGEST_BACKOFF_S)
            _log.warning("%s died (%s), restart in %.1f s", child.launch.name, child.process.returncode, wait_s)
            child.due = now + wait_s if child.launch.restart else float("inf")
        elif now >= child.due:
            try:
                child.process = _spawn(child.launch)
            except OSError as error:
                _log.warning("%s cannot be started: %s", child.launch.name, error)
                child.due = now + _LONGEST_BACKOFF_S
                return
            child.started, child.due = now, None
            self._write()

    def _write(self) -> None:
        alive = [child for child in self._children.values() if child.process.poll() is None]
        records = [Recorded.of(child.process.pid, child.launch.stop_signal) for child in alive]
        # On a full disk it stays as it was: a process that has ended is nobody that it names.
        with suppress(OSError):
            write_records(self._records, [record for record in records if record])


def _hold(path: Path) -> IO[str]:
    """Take the data directory's lock; the system releases it when this process ends, however it ends."""
    file = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise ConfigurationRefused(
            f"{path.parent} is in use by process {holder}: stop that one, or give another data directory"
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def child_environment(**more: str) -> dict[str, str]:
    """Return the environment a child needs to run at all, plus `more`: nothing else of ours reaches it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "TZ") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def _start_watchdog(records: Path) -> subprocess.Popen[bytes]:
    checkout = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-m", "compose.onebox.leftovers", str(records)],
        cwd=checkout,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _spawn(launch: Launch) -> subprocess.Popen[bytes]:
    launch.log.parent.mkdir(parents=True, exist_ok=True)
    with launch.log.open("ab") as log:
        return subprocess.Popen(
            launch.command,
            cwd=launch.cwd,
            env=dict(launch.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=launch.user,
            group=pwd.getpwnam(launch.user).pw_gid if launch.user else None,
            extra_groups=[] if launch.user else None,
        )
