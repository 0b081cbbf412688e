"""`./run demo` as a newcomer meets it: log in, watch visits come, stop it, start it again; and what it refuses."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from compose.onebox.past_login import login
from compose.onebox.place import Place, free_port
from tests.conftest import CHECKOUT
from tests.story.films import cast
from tests.story.stage import data_folder
from tests.waiting import wait_for

READY_WITHIN_S = 180
STOPPED_WITHIN_S = 60
"""What is left of a demo is looked for only after this; how quickly it stops is measured elsewhere."""


class Demo:
    """One running demo; `told` is the line that it printed for scripts."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.log = folder.with_name(f"{folder.name}.log")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "compose.onebox.demo", "--json", "--data", str(folder), *words],
                cwd=CHECKOUT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def told(self) -> dict[str, str]:
        """Return the first line of its output, which comes when everything answers."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        return json.loads(line)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def interrupt(self) -> int:
        """Press Ctrl-C, and return the exit code when nothing that it started runs any more."""
        family = self.family()
        assert family
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(STOPPED_WITHIN_S)
        _, alive = psutil.wait_procs(family, timeout=STOPPED_WITHIN_S)
        assert [process.name() for process in alive] == []
        return code


@contextmanager
def demo(folder: Path, *words: str) -> Generator[Demo]:
    started = Demo(folder, *words)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.interrupt()
        started.log.unlink()
        assert started.process.stdout
        started.process.stdout.close()


@contextmanager
def log_in(told: dict[str, str]) -> Generator[httpx.Client]:
    """A browser that is logged in with what the demo told."""
    with httpx.Client(base_url=told["portal"], trust_env=False) as browser:
        answer = browser.post("/v1/auth/login", json={"email": told["email"], "password": told["password"]})
        assert answer.status_code == 200, answer.text
        yield browser


def visits(browser: httpx.Client) -> list[dict[str, Any]]:
    answer = browser.get("/v1/visits", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def cameras(browser: httpx.Client) -> list[tuple[str, str]]:
    """Return state and type of each."""
    return [(one["state"], one["type"]) for one in browser.get("/v1/cameras").json()["items"]]


def refused(*words: str) -> tuple[int, str]:
    """Return the exit code of a demo that does not start, and its last words."""
    done = subprocess.run(
        [sys.executable, "-m", "compose.onebox.demo", *words],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=READY_WITHIN_S,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.fixture
def data() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


def test_a_newcomer_sees_visits_and_finds_them_again_after_a_restart(data: Path) -> None:
    cast()
    port = free_port()
    with demo(data, "--port", str(port)) as first:
        told = first.told()
        assert list(told) == ["portal", "email", "password"]
        assert told["portal"] == f"http://127.0.0.1:{port}"
        with log_in(told) as browser:
            assert "<html" in browser.get("/").text
            wait_for(lambda: len(visits(browser)) >= 2, "two people of the sample camera were counted")
            wait_for(lambda: cameras(browser) == [("running", "rtsp")], "the sample camera was told to run")
            code, words = refused("--data", str(data), "--no-camera")
            assert code == 1
            assert f"in use by process {first.process.pid}" in words
            before = {visit["visit_id"] for visit in visits(browser)}
        assert first.interrupt() == 0
    with demo(data, "--port", str(port), "--no-camera") as second:
        assert second.told() == told
        with log_in(told) as browser:
            assert before <= {visit["visit_id"] for visit in visits(browser)}
            (camera,) = browser.get("/v1/cameras").json()["items"]
            assert camera["wanted_state"] == "stopped"
        account = login(Place(data))
        made = "the chain with a past was made, begun before or not"
        wait_for(lambda: account.email in second.log.read_text(), made, READY_WITHIN_S)
        with log_in(told | {"email": account.email, "password": account.password}) as browser:
            today = datetime.now(UTC)
            year = {"from": f"{today - timedelta(days=365):%Y-%m-%d}", "to": f"{today:%Y-%m-%d}", "bucket": "month"}
            assert browser.get("/v1/reports", params=year).json()["now"]["total"]["visits"] > 10_000
        assert second.interrupt() == 0


def test_ctrl_c_while_it_starts_leaves_nothing_behind(data: Path) -> None:
    cast()
    with demo(data, "--port", str(free_port())) as starting:
        wait_for(lambda: "camera's film, this once: 0 %" in starting.log.read_text(), "the film was begun")
        assert starting.interrupt() == 0
        assert "Traceback" not in starting.log.read_text()
    assert not (data / "sample-camera" / "cafe.mp4").exists()


@pytest.mark.parametrize(
    ("camera", "told"),
    [
        ("file:nowhere.mp4", "There is no file"),
        ("webcam:front", "A camera is rtsp://…, webcam:0 or file:clip.mp4, not 'webcam:front'"),
        ("http://127.0.0.1/stream", "A camera is rtsp://…"),
    ],
)
def test_a_camera_that_cannot_be_is_refused_before_anything_starts(data: Path, camera: str, told: str) -> None:
    code, words = refused("--data", str(data), "--camera", camera)
    assert code == 2
    assert told in words
    assert list(data.iterdir()) == []


def test_a_taken_port_is_told(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, words = refused("--data", str(data), "--no-camera", "--port", str(port))
    assert code == 1
    assert f"Port {port} is in use by another program" in words


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_what_is_no_port_is_told(data: Path, port: str) -> None:
    code, words = refused("--data", str(data), "--port", port)
    assert code == 2
    assert f"from 0 (any that is free) to 65535, not '{port}'" in words


def test_no_camera_and_a_camera_contradict_each_other(data: Path) -> None:
    code, words = refused("--data", str(data), "--no-camera", "--camera", "webcam:0")
    assert code == 2
    assert "not allowed with" in words


def test_for_good_what_the_owner_has_changed_outlives_a_restart(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    portal, pictures = "https://regulars.example", "https://pictures.example"
    monkeypatch.setenv("REGULARS_PUBLIC_URL", portal)
    monkeypatch.setenv("REGULARS_OBJECTS_PUBLIC_URL", pictures)
    port = str(free_port())
    with demo(data, "--for-good", "--port", port) as first:
        told = first.told()
        assert (told["portal"], "password" in told) == (portal, False)
        password = Path(told["password_file"]).read_text()[:16]
        here = {"portal": f"http://127.0.0.1:{port}", "email": told["email"], "password": password}
        with log_in(here) as browser:
            assert pictures in browser.get("/").headers["Content-Security-Policy"]
            (shop,) = browser.get("/v1/sites").json()["items"]
            assert browser.get("/v1/cameras").json()["items"] == []
            changed = {"name": "Hồ Gươm", "time_zone": "Asia/Bangkok", "visit_gap_minutes": 45}
            answer = browser.patch(f"/v1/sites/{shop['site_id']}", json=changed)
            assert answer.status_code == 200, answer.text
            own = {"present": password, "new": "một mật khẩu khác hẳn"}
            answer = browser.put("/v1/auth/password", json=own)
            assert answer.status_code == 200, answer.text
        assert first.interrupt() == 0
    with demo(data, "--for-good", "--port", port) as second:
        second.told()
        with log_in(here | {"password": own["new"]}) as browser:
            (shop,) = browser.get("/v1/sites").json()["items"]
            assert {name: shop[name] for name in changed} == changed
