"""Recorded clips through a whole worker process: the tracks, their shots, their crossings, and what a kill does."""

from io import BytesIO
from pathlib import Path

import httpx
from PIL import Image

from compose.onebox.place import free_port
from regulars.domain.cameras import Line
from regulars.domain.tracks import manifest_prefix
from tests.figures_told import FIGURES, families, value_of
from tests.integration.worker.conftest import FPS, STARTS_AT, WorkerProcess, leased
from tests.integration.worker.fake_gateway import FakeGateway
from tests.waiting import wait_for

MIDDLE = Line(x1=0.5, y1=0.0, x2=0.5, y2=1.0)


def test_each_person_is_one_track_with_direction_times_and_shots(
    gateway: FakeGateway, worker: WorkerProcess, media: Path
) -> None:
    camera = leased(type="file", file_path=str(media / "two.mp4"), file_starts_at=STARTS_AT, line=MIDDLE)
    gateway.lease(camera)
    worker.start()
    wait_for(lambda: camera.camera_id not in gateway.cameras, "the file was finished")
    comes, goes = gateway.manifests()
    assert [comes.direction, goes.direction] == ["in", "out"]
    assert abs((comes.crossings[0].at - STARTS_AT).total_seconds() - 1.6) < 0.2
    assert abs((goes.crossings[0].at - STARTS_AT).total_seconds() - 4.6) < 0.2
    assert abs((comes.started_at - STARTS_AT).total_seconds() - 0.4) < 0.3
    assert abs((comes.ended_at - STARTS_AT).total_seconds() - 2.8) < 0.3
    for manifest in (comes, goes):
        assert len(manifest.shots) == 5
        assert manifest.lease_id == camera.lease_id
        for shot in manifest.shots:
            picture = Image.open(BytesIO(gateway.heard.objects[shot.key]))
            assert all(0 < x < picture.width and 0 < y < picture.height for x, y in shot.landmarks)
            assert 1.7 < picture.width / shot.box[2] < 2.3


def test_the_manifest_is_written_last_and_nothing_is_left_behind(
    gateway: FakeGateway, worker: WorkerProcess, media: Path
) -> None:
    camera = gateway.lease(leased(type="file", file_path=str(media / "two.mp4"), file_starts_at=STARTS_AT))
    listens = f"127.0.0.1:{free_port()}"
    worker.start(REGULARS_FIGURES_LISTEN=listens, REGULARS_METRICS_TOKEN="of-prometheus")
    wait_for(lambda: camera.camera_id not in gateway.cameras, "the file was finished")
    state = gateway.last_state(camera.camera_id)
    assert state is not None
    counters = state.counters
    assert (counters.tracks, counters.tracks_sent, counters.tracks_spooled, counters.tracks_lost) == (2, 2, 0, 0)
    assert (counters.frames_decoded, counters.frames_dropped) == (6 * FPS, 0)
    for manifest in gateway.manifests():
        own = [key for key in gateway.heard.order if key.startswith(manifest_prefix(manifest))]
        assert sorted(own[:-1]) == [shot.key for shot in manifest.shots]
        assert own[-1] == f"{manifest_prefix(manifest)}track.json"
    _tells_what_it_did(f"http://{listens}")
    assert worker.terminate() == 0
    assert gateway.heard.beats[-1].capacity == 0
    assert worker.in_spool("ready") == worker.in_spool("open") == worker.in_spool("refused") == []


def _tells_what_it_did(url: str) -> None:
    """The camera is gone by now, and what it did is still counted."""
    assert httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
    assert httpx.get(f"{url}/metrics", trust_env=False).status_code == 404
    text = httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer of-prometheus"}, trust_env=False).text
    assert families(text) == FIGURES["worker"]
    assert value_of(text, "regulars_worker_tracks_total", what="sent") == 2
    assert value_of(text, "regulars_worker_frames_total", what="decoded") == 6 * FPS
    assert value_of(text, "regulars_worker_spool_tracks") == 0


def test_a_recording_read_again_after_a_kill_gives_the_same_tracks(
    gateway: FakeGateway, worker: WorkerProcess, media: Path
) -> None:
    camera = leased(type="file", file_path=str(media / "two.mp4"), file_starts_at=STARTS_AT, line=MIDDLE)
    gateway.lease(camera)
    worker.start()
    wait_for(gateway.manifests, "the first track was sent")
    worker.kill()
    gateway.lease(camera)
    worker.start()
    wait_for(lambda: camera.camera_id not in gateway.cameras, "the file was finished")
    assert len(gateway.manifests()) == 2
    assert [len(manifest.crossings) for manifest in gateway.manifests()] == [1, 1]


def test_a_finished_file_is_not_read_again_while_it_stays_on_lease(
    gateway: FakeGateway, worker: WorkerProcess, media: Path
) -> None:
    camera = gateway.lease(leased(type="file", file_path=str(media / "two.mp4"), file_starts_at=STARTS_AT))
    gateway.frees_finished = False
    worker.start()
    wait_for(lambda: gateway.says(camera, "stopped", "finished"), "the file was finished")
    decoded, beats = gateway.decoded(camera), len(gateway.heard.beats)
    wait_for(lambda: len(gateway.heard.beats) > beats + 3, "some more heartbeats came")
    assert gateway.says(camera, "stopped", "finished")
    assert gateway.decoded(camera) == decoded
