"""The onebox's children live as long as they are wanted, whatever dies, and no longer."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from compose.onebox import long_logs, processes
from compose.onebox.leftovers import Recorded, end_recorded, read_records, write_records
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import wait_until_ready
from regulars.errors import ConfigurationRefused, DependencyAway
from tests.waiting import PATIENCE_S, wait_for

CHECKOUT = Path(__file__).resolve().parents[3]
SLEEP = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).wait()"


def launch(tmp_path: Path, program: str, name: str = "part", **more: object) -> Launch:
    settings: dict[str, object] = {"cwd": tmp_path, "log": tmp_path / f"{name}.log", "env": child_environment(), **more}
    return Launch(name, (sys.executable, "-c", program), **settings)  # pyright: ignore[reportArgumentType]


def is_up(log: Path, times: int = 1) -> Callable[[], bool]:
    return lambda: log.exists() and log.read_text().count("up\n") >= times


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "run") as supervisor:
        yield supervisor


def test_a_part_that_is_killed_comes_back(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(launch(tmp_path, SLEEP))
    first = supervisor.pid("part")
    assert first
    wait_for(is_up(tmp_path / "part.log"), "it was up")
    os.kill(first, signal.SIGKILL)
    wait_for(is_up(tmp_path / "part.log", times=2), "it was up again")
    assert supervisor.pid("part") not in {None, first}
    assert supervisor.deaths("part") == 1


def test_a_part_that_may_end_is_left_ended(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(launch(tmp_path, "print('up')", restart=False))
    supervisor.start(launch(tmp_path, "print('up')", name="again"))
    wait_for(is_up(tmp_path / "again.log", times=3), "the other one was up three times")
    wait_for(is_up(tmp_path / "part.log"), "it was up")
    assert (tmp_path / "part.log").read_text() == "up\n"


def test_a_part_that_runs_for_long_leaves_no_endless_log(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_logs, "LIMIT_BYTES", 1000)
    program = "import itertools, time\nfor n in itertools.count(): print(f'line {n}', flush=True); time.sleep(0.002)"
    supervisor.start(launch(tmp_path, program))
    before = tmp_path / "part.1.log"
    wait_for(lambda: before.exists() and before.read_text()[:7] not in ("", "line 0\n"), "it was turned twice")
    wait_for(lambda: "line " in (tmp_path / "part.log").read_text(), "it goes on to write where it wrote")
    assert supervisor.deaths("part") == 0


def test_what_a_dead_part_had_started_dies_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(launch(tmp_path, PARENT))
    parent = psutil.Process(supervisor.pid("part"))
    wait_for(is_up(tmp_path / "part.log"), "it was up")
    [child] = parent.children()
    parent.kill()
    wait_for(lambda: not child.is_running(), "what it had started was gone")


def test_stopping_ends_a_part_and_forgets_it(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(launch(tmp_path, SLEEP))
    supervisor.start(launch(tmp_path, STUBBORN, name="stubborn", stop_within_s=0.2))
    wait_for(is_up(tmp_path / "stubborn.log"), "it was up")
    processes = [psutil.Process(supervisor.pid(name)) for name in supervisor.names()]
    supervisor.stop("part", "stubborn", "never started")
    assert not any(process.is_running() for process in processes)
    assert supervisor.names() == []
    supervisor.start(launch(tmp_path, SLEEP))
    assert supervisor.pid("part")


def test_a_name_is_used_once(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(launch(tmp_path, SLEEP))
    with pytest.raises(ConfigurationRefused, match="part runs already"):
        supervisor.start(launch(tmp_path, SLEEP))


def test_closing_stops_the_later_stages_first(tmp_path: Path) -> None:
    program = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    print(sys.argv[1], flush=True)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True)\n"
        "time.sleep(600)\n"
    )
    log = tmp_path / "all.log"
    with Supervisor(tmp_path / "run") as supervisor:
        for name, stage in (("server", 0), ("function", 1), ("worker", 2)):
            command = (sys.executable, "-c", program, name)
            supervisor.start(Launch(name, command, cwd=tmp_path, log=log, env=child_environment(), stage=stage))
        wait_for(is_up(log, times=3), "all were up")
    assert log.read_text().split("\n")[3:6] == ["worker", "function", "server"]


def test_a_data_directory_has_one_launcher(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused, match=str(os.getpid())):
        Supervisor(tmp_path / "run")


LAUNCHER = """
import sys, time
from pathlib import Path
from compose.onebox.processes import Launch, Supervisor, child_environment
folder = Path(sys.argv[1])
supervisor = Supervisor(folder / "run")
supervisor.start(Launch("part", (sys.executable, "-c", sys.argv[2]), cwd=folder, log=folder / "part.log",
                        env=child_environment()))
time.sleep(600)
"""


def test_nothing_outlives_a_killed_launcher(tmp_path: Path) -> None:
    launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER, str(tmp_path), SLEEP], cwd=CHECKOUT)
    try:
        wait_for(is_up(tmp_path / "part.log"), "it was up")
        family = psutil.Process(launcher.pid).children(recursive=True)
    finally:
        launcher.kill()
        launcher.wait()
    assert len(family) == 2, "the part and the watchdog"
    wait_for(lambda: not any(process.is_running() for process in family), "nothing of it was left")
    with Supervisor(tmp_path / "run") as supervisor:
        supervisor.start(launch(tmp_path, SLEEP))
        assert supervisor.pid("part")


def test_the_next_launcher_ends_what_even_the_watchdog_left(tmp_path: Path) -> None:
    launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER, str(tmp_path), SLEEP], cwd=CHECKOUT)
    wait_for(is_up(tmp_path / "part.log"), "it was up")
    wait_for(lambda: read_records(tmp_path / "run" / "processes.json"), "it was recorded")
    family = psutil.Process(launcher.pid).children()
    watchdog = next(process for process in family if "compose.onebox.leftovers" in process.cmdline())
    watchdog.kill()
    launcher.kill()
    launcher.wait()
    [part] = [process for process in family if process != watchdog]
    assert part.is_running()
    with Supervisor(tmp_path / "run"):
        # Whoever adopted it may take a moment to notice its end.
        wait_for(lambda: not part.is_running(), "the part was ended")


def test_ctrl_c_while_a_part_is_started_leaves_none_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    spawn = processes._spawn  # pyright: ignore[reportPrivateUsage]

    def interrupted(launch: Launch) -> subprocess.Popen[bytes]:
        begun.append(spawn(launch))
        signal.raise_signal(signal.SIGINT)
        return begun[0]

    monkeypatch.setattr(processes, "_spawn", interrupted)
    # Who was started in the background of a shell ignores it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), Supervisor(tmp_path / "run") as supervisor:
            supervisor.start(launch(tmp_path, SLEEP))
    finally:
        signal.signal(signal.SIGINT, before)
    assert begun[0].poll() is not None


def test_what_closes_starts_nothing_more(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "run") as supervisor:
        supervisor.start(launch(tmp_path, SLEEP))
    with pytest.raises(ConfigurationRefused, match="everything is being stopped"):
        supervisor.start(launch(tmp_path, SLEEP, name="late"))


def test_on_a_full_disk_parts_come_back_and_stop_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    supervisor = Supervisor(tmp_path / "run")
    supervisor.start(launch(tmp_path, SLEEP))
    supervisor.start(launch(tmp_path, SLEEP, name="another", stage=1))
    wait_for(is_up(tmp_path / "part.log"), "it was up")
    monkeypatch.setattr(processes, "write_records", full)
    for times in (2, 3):
        os.kill(supervisor.pid("part") or 0, signal.SIGKILL)
        wait_for(is_up(tmp_path / "part.log", times), "it was up again")
    family = [psutil.Process(supervisor.pid(name)) for name in supervisor.names()]
    supervisor.close()
    assert not any(process.is_running() for process in family)


def test_only_the_recorded_process_is_ended(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP], stdout=subprocess.DEVNULL, start_new_session=True) as stranger:
        true = Recorded.of(stranger.pid, signal.SIGTERM)
        assert true
        earlier = Recorded(true.pid, true.started_at_s - 60, true.command, true.stop_signal)
        other = Recorded(true.pid, true.started_at_s, ("postgres",), true.stop_signal)
        write_records(tmp_path / "processes.json", [earlier, other])
        assert end_recorded(tmp_path / "processes.json") == 0
        assert stranger.poll() is None
        write_records(tmp_path / "processes.json", [true])
        assert end_recorded(tmp_path / "processes.json") == 1
        stranger.wait(PATIENCE_S)
    assert not psutil.pid_exists(true.pid)


@pytest.mark.parametrize("content", ["", "{", "[{}]", '[{"pid": "x"}]', "7"])
def test_a_damaged_record_ends_nothing_and_stops_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "processes.json").write_text(content)
    with Supervisor(tmp_path / "run") as supervisor:
        supervisor.start(launch(tmp_path, SLEEP))
        assert supervisor.pid("part")


def test_a_part_that_cannot_start_says_why(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(launch(tmp_path, "raise SystemExit('the disk is on fire')"))
    with pytest.raises(DependencyAway, match=r"died 3 times: nobody answers(.|\n)*the disk is on fire"):
        wait_until_ready(supervisor, "part", tmp_path / "part.log", lambda: "nobody answers")


def test_a_part_that_never_answers_is_given_up(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(launch(tmp_path, SLEEP))
    with pytest.raises(DependencyAway, match="not ready after"):
        wait_until_ready(supervisor, "part", tmp_path / "part.log", lambda: "silence", within_s=0.2)
