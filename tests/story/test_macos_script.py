"""compose/macos.zsh as its user meets it: start, look, stop. It runs here under zsh as it would on a Mac."""

import os
import shutil
import subprocess
from pathlib import Path

import httpx

from compose.onebox.leftovers import read_records
from compose.onebox.place import free_port
from tests.conftest import CHECKOUT, require
from tests.story.stage import data_folder
from tests.waiting import wait_for

FOR_S = 600


def script(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("zsh") or "zsh", str(CHECKOUT / "compose" / "macos.zsh"), *words],
        env={**os.environ, "REGULARS_DATA_DIR": str(data), "REGULARS_READY_WITHIN_S": str(FOR_S)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=FOR_S + 30,
    )


def test_it_is_started_looked_at_and_stopped() -> None:
    require(None if shutil.which("zsh") else "zsh is not installed")
    with data_folder() as data:
        try:
            started = script(data, "start", "--port", str(free_port()))
            assert started.returncode == 0, started.stderr
            told = dict(line.split(maxsplit=1) for line in started.stdout.splitlines() if " " in line)
            assert httpx.get(told["portal"], trust_env=False).is_success
            assert script(data, "status").returncode == 0
            again = script(data, "start")
            assert (again.returncode, "it runs already" in again.stderr) == (1, True)
            family = read_records(data / "run" / "processes.json")
        finally:
            stopped = script(data, "stop")
        assert stopped.stdout.startswith("stopped"), stopped.stderr
        assert len(family) >= 6
        wait_for(lambda: not any(one.process() for one in family), "nothing of it runs any more")
        assert script(data, "status").returncode == 3
