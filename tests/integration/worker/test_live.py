"""A real RTSP camera: outages of the camera, kills and stops of the worker, leases that come and go."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil

from compose.onebox.servers.rtsp import RtspServer
from regulars.domain.cameras import LeasedCamera
from tests.integration.worker.conftest import WorkerProcess, leased
from tests.integration.worker.fake_gateway import FakeGateway
from tests.waiting import wait_for

StartRtsp = Callable[[Path], RtspServer]


def live_camera(gateway: FakeGateway, server: RtspServer, clip: str) -> LeasedCamera:
    return gateway.lease(leased(type="rtsp", rtsp_url=server.url(clip)))


def runs(gateway: FakeGateway, camera: LeasedCamera) -> Callable[[], bool]:
    return lambda: gateway.says(camera, "running", "none")


def ended(gateway: FakeGateway) -> list[bool]:
    """Say of each track that was sent whether it is known to have ended."""
    return [not one.ongoing for one in gateway.manifests()]


def test_people_before_a_camera_that_plays_over_and_over_become_tracks(
    gateway: FakeGateway, worker: WorkerProcess, media: Path, rtsp_server: StartRtsp
) -> None:
    begun = datetime.now(UTC)
    camera = live_camera(gateway, rtsp_server(media), "two.mp4")
    worker.start()
    wait_for(lambda: len(gateway.manifests()) >= 2, "two people walked by")
    first, second = gateway.manifests()[:2]
    assert begun < first.started_at < first.ended_at < second.started_at < second.ended_at < datetime.now(UTC)
    assert all(2 <= len(manifest.shots) <= 5 for manifest in (first, second))
    wait_for(runs(gateway, camera), "the camera was told to run")


def test_a_stopped_worker_finishes_and_sends_its_open_tracks_and_gives_the_camera_back(
    gateway: FakeGateway, worker: WorkerProcess, media: Path, rtsp_server: StartRtsp
) -> None:
    live_camera(gateway, rtsp_server(media), "stays.mp4")
    worker.start()
    wait_for(lambda: worker.in_spool("open"), "somebody was followed")
    assert all(manifest.ongoing for manifest in gateway.manifests())
    assert worker.terminate() == 0
    assert [manifest.ongoing for manifest in gateway.manifests()] == [False]
    assert gateway.heard.beats[-1].capacity == 0
    assert worker.in_spool("open") == []


def test_a_killed_worker_loses_no_open_track_and_sends_it_once(
    gateway: FakeGateway, worker: WorkerProcess, media: Path, rtsp_server: StartRtsp
) -> None:
    camera = live_camera(gateway, rtsp_server(media), "stays.mp4")
    worker.start()
    wait_for(lambda: worker.in_spool("open"), "somebody was followed")
    worker.kill()
    open_tracks = worker.in_spool("open")
    del gateway.cameras[camera.camera_id]
    worker.start()
    wait_for(lambda: [one.ongoing for one in gateway.manifests()] == [False] * len(open_tracks), "its end was sent")
    assert [f"{manifest.track_id}.zip" for manifest in gateway.manifests()] == open_tracks
    assert set(gateway.heard.link_requests) == {manifest.track_id for manifest in gateway.manifests()}


def test_a_camera_that_dies_and_comes_back_goes_on(
    gateway: FakeGateway, worker: WorkerProcess, media: Path, rtsp_server: StartRtsp
) -> None:
    server = rtsp_server(media)
    camera = live_camera(gateway, server, "stays.mp4")
    worker.start()
    wait_for(lambda: worker.in_spool("open"), "somebody was followed")
    server.stop()
    wait_for(lambda: gateway.says(camera, "reconnecting", "unreachable"), "the outage was reported")
    wait_for(lambda: ended(gateway) == [True], "the track before the outage was sent to its end")
    server.start()
    changed = camera.model_copy(update={"rtsp_url": leased(type="rtsp", rtsp_url=server.url("stays.mp4")).rtsp_url})
    gateway.lease(changed)
    wait_for(runs(gateway, camera), "the camera ran again")
    wait_for(lambda: worker.in_spool("open"), "somebody was followed again")
    assert worker.terminate() == 0
    assert len(gateway.manifests()) == 2


def test_a_camera_missing_from_the_answer_is_stopped_at_once(
    gateway: FakeGateway, worker: WorkerProcess, media: Path, rtsp_server: StartRtsp
) -> None:
    camera = live_camera(gateway, rtsp_server(media), "stays.mp4")
    worker.start()
    wait_for(lambda: worker.in_spool("open"), "somebody was followed")
    del gateway.cameras[camera.camera_id]
    wait_for(lambda: ended(gateway) == [True], "what was seen until then was sent")
    wait_for(lambda: not gateway.heard.beats[-1].states, "the camera was let go")
    assert gateway.manifests()[0].lease_id == camera.lease_id


def test_the_worker_goes_on_without_the_gateway_and_nothing_is_sent_twice(
    gateway: FakeGateway, worker: WorkerProcess, media: Path, rtsp_server: StartRtsp
) -> None:
    camera = live_camera(gateway, rtsp_server(media), "two.mp4")
    gateway.refuse_links = (503, "dependency_away")
    worker.start()
    wait_for(runs(gateway, camera), "the camera ran")
    gateway.heartbeat_status = 503
    wait_for(lambda: len(worker.in_spool("ready")) >= 2, "tracks waited in the spool")
    assert gateway.manifests() == []
    waiting = worker.in_spool("ready")
    gateway.heartbeat_status, gateway.refuse_links = 200, None

    def sent() -> list[str]:
        return [key.split("/")[-2] for key in tuple(gateway.heard.order) if key.endswith("track.json")]

    wait_for(lambda: {one.removesuffix(".zip") for one in waiting} <= set(sent()), "they were sent when it came back")
    assert all(sent().count(one.removesuffix(".zip")) == 1 for one in waiting)


def test_the_password_of_a_camera_is_nowhere_in_log_or_state(
    gateway: FakeGateway, worker: WorkerProcess, media: Path, rtsp_server: StartRtsp
) -> None:
    server = rtsp_server(media)
    urls = [
        server.url("two.mp4").replace("rtsp://", "rtsp://shop:s3cr3t-word@"),
        server.url("missing.mp4").replace("rtsp://", "rtsp://shop:s3cr3t-word@"),
        "rtsp://shop:s3cr3t-word@127.0.0.1:9/none",
    ]
    cameras = [gateway.lease(leased(type="rtsp", rtsp_url=url)) for url in urls]
    worker.start()
    wait_for(runs(gateway, cameras[0]), "the first camera ran")
    wait_for(lambda: gateway.says(cameras[1], "failed", "not_found"), "the missing path was told apart")
    wait_for(lambda: gateway.says(cameras[2], "reconnecting", "unreachable"), "the closed port was told apart")
    assert worker.terminate() == 0
    told = "".join(beat.model_dump_json() for beat in gateway.heard.beats) + worker.log.read_text()
    assert "s3cr3t" not in told
    assert "shop:" not in told


def test_threads_do_not_grow_with_restarts_of_a_camera(
    gateway: FakeGateway, worker: WorkerProcess, media: Path, rtsp_server: StartRtsp
) -> None:
    camera = live_camera(gateway, rtsp_server(media), "missing.mp4")
    worker.start()
    wait_for(lambda: gateway.says(camera, "failed", "not_found"), "it failed")
    process = psutil.Process(worker.pid)
    before = process.num_threads()
    for number in range(5):
        gateway.lease(camera.model_copy(update={"name": f"door {number}"}))
        beats = len(gateway.heard.beats)
        wait_for(lambda beats=beats: len(gateway.heard.beats) > beats + 2, "it was restarted")
    wait_for(lambda: process.num_threads() <= before, "the threads of the former runs have ended")
