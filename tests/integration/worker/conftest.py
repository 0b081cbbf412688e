"""A real worker process, real clips composed of the sample faces, and FakeGateway for it to talk to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from compose.onebox.scene import Cutout, Step, Walk, film
from compose.onebox.scene.cafe import draw_cafe
from compose.onebox.scene.people import cut_out_cast
from realtime_workers.detect import FaceFinder
from regulars.domain.cameras import LeasedCamera
from regulars.ids import new_id
from tests.conftest import CHECKOUT
from tests.integration.worker.fake_gateway import WORKER_KEY, FakeGateway
from tests.real_models import default_pack, sample_photographs
from tests.waiting import PATIENCE_S

WIDTH, HEIGHT, FPS = 640, 360, 12
STARTS_AT = datetime(2025, 3, 4, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def finder() -> FaceFinder:
    """The default pack's detector."""
    return FaceFinder(default_pack().detector)


@pytest.fixture(scope="session")
def cast() -> list[Cutout]:
    """The people of the composed clips."""
    return cut_out_cast(sample_photographs(), default_pack().detector)


def across(person: str, start_s: float, x: tuple[float, float] = (0.85, 0.15), lasts_s: float = 2.4) -> Walk:
    """Walk evenly from one side of the picture to the other, the face 40 px wide."""
    return Walk(person, start_s, (Step(0.0, x[0], 0.35, 40 / WIDTH), Step(lasts_s, x[1], 0.35, 40 / WIDTH)))


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory, cast: list[Cutout]) -> Path:
    """Clips: `two.mp4` (one comes in from the right, then one goes out) and `stays.mp4` (somebody stands for 20 s)."""
    folder, backdrop = tmp_path_factory.mktemp("media"), draw_cafe(WIDTH, HEIGHT)
    walks = [across(cast[0].name, 0.4), across(cast[1].name, 3.4, (0.15, 0.85))]
    film(folder / "two.mp4", backdrop, cast, walks, fps=FPS, seconds=6.0)
    stays = [across(cast[2].name, 0.0, (0.5, 0.52), lasts_s=20.0)]
    film(folder / "stays.mp4", backdrop, cast, stays, fps=FPS, seconds=20.0)
    return folder


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with FakeGateway() as started:
        yield started


def leased(**fields: Any) -> LeasedCamera:
    """A camera on lease; give its type and address."""
    ids: dict[str, Any] = {name: new_id() for name in ("camera_id", "tenant_id", "site_id", "lease_id")}
    return LeasedCamera(name="door", **ids, **fields)


class WorkerProcess:
    """One worker after another on the same spool."""

    def __init__(self, folder: Path, gateway_url: str) -> None:
        self.spool, self.log = folder / "spool", folder / "worker.log"
        self._gateway_url = gateway_url
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        settings = {"REGULARS_GATEWAY_URL": self._gateway_url, "REGULARS_WORKER_KEY": WORKER_KEY} | settings
        settings |= {"REGULARS_SPOOL_DIR": str(self.spool), "REGULARS_HEARTBEAT_EVERY_S": "0.3"}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "realtime_workers.main"], cwd=CHECKOUT, env=os.environ | settings, stderr=log
            )

    def terminate(self) -> int:
        """Stop it as a service manager does; return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(PATIENCE_S)

    def kill(self) -> None:
        """Kill -9."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE_S)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def in_spool(self, part: str) -> list[str]:
        return sorted(file.name for file in (self.spool / part).glob("*.zip"))


@pytest.fixture
def worker(tmp_path: Path, gateway: FakeGateway, finder: FaceFinder) -> Iterator[WorkerProcess]:
    process = WorkerProcess(tmp_path, gateway.url)
    yield process
    process.kill()
