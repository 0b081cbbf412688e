"""A real worker, a real RTSP camera, a real gateway: somebody watches, and sees faces as they walk by."""

import base64
import io
import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from compose.onebox.servers.rtsp import RtspServer
from realtime_workers.detect import FaceFinder
from regulars.domain.watching import PICTURES_PER_S, WIDEST_PX
from tests.integration.gateway.conftest import Chain, World
from tests.integration.watching.test_live_view import kept_pictures
from tests.integration.watching.viewer import Message, Viewer
from tests.integration.worker.conftest import HEIGHT, WIDTH, WorkerProcess
from tests.waiting import wait_for

StartRtsp = Callable[[Path], RtspServer]
MEASURED = 40


@pytest.fixture
def worker(tmp_path: Path, world: World, chain: Chain, finder: FaceFinder) -> Iterator[WorkerProcess]:
    process = WorkerProcess(tmp_path, world.url)
    process.start(REGULARS_WORKER_KEY=chain.worker_key)
    yield process
    process.kill()


def behind_ms(message: Message) -> float:
    """Return how long ago the picture was taken when it arrived; both clocks are this machine's."""
    return (message.arrived_at.timestamp() - _taken_s(message)) * 1000


def _taken_s(message: Message) -> float:
    return datetime.fromisoformat(message.facts["at"]).timestamp()


def test_faces_are_seen_as_they_walk_by_and_nothing_is_sent_when_nobody_looks(
    world: World,
    chain: Chain,
    worker: WorkerProcess,
    media: Path,
    rtsp_server: StartRtsp,
    capsys: pytest.CaptureFixture[str],
) -> None:
    owner = world.logged_in(chain.emails["owner"])
    camera = {
        "site_id": str(chain.site_id),
        "name": "door",
        "type": "rtsp",
        "rtsp_url": rtsp_server(media).url("two.mp4"),
    }
    camera_id = owner.post("/v1/cameras", json=camera).json()["camera_id"]
    with Viewer(owner, [camera_id]) as viewer:
        first = viewer.next("picture")
        with_faces = viewer.next("picture", lambda message: len(message.facts["boxes"]) > 0)
        measured = [viewer.next("picture") for _ in range(MEASURED)]
    picture = Image.open(io.BytesIO(first.jpeg))
    assert picture.size == (first.facts["width"], first.facts["height"]) == (WIDTH, HEIGHT)
    assert WIDTH <= WIDEST_PX
    [box, *_] = with_faces.facts["boxes"]
    assert 0 <= box["x"] < box["x"] + box["width"] <= 1
    rate = (MEASURED - 1) / (_taken_s(measured[-1]) - _taken_s(measured[0]))
    assert rate <= PICTURES_PER_S * 1.2
    lags = sorted(map(behind_ms, measured))
    told = f"{rate:.1f} pictures/s, {statistics.median(lags):.0f} ms behind (median), {lags[-3]:.0f} ms (95 %)"
    with capsys.disabled():
        sys.stdout.write(f"\nlive view from the decoder to a viewer: {told}\n")
    wait_for(lambda: kept_pictures(world, chain) == 0, "no picture was kept")
    answer = owner.post("/v1/cameras/test-connection", json={"camera_id": camera_id}).json()
    assert answer["reason"] == "none", answer
    assert Image.open(io.BytesIO(base64.b64decode(answer["picture"]))).size == (WIDTH, HEIGHT)
    missing = {"type": "rtsp", "rtsp_url": camera["rtsp_url"].replace("two.mp4", "none.mp4")}
    assert owner.post("/v1/cameras/test-connection", json=missing).json()["reason"] == "not_found"
    assert worker.terminate() == 0
