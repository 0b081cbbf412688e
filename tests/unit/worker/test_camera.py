"""One camera's pipeline from pictures to manifests, with scripted pictures and detections."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import numpy as np
import pytest

from realtime_workers.camera import CameraRunner
from realtime_workers.detect import FaceFinder
from realtime_workers.emit import Emitter, SentCounts
from realtime_workers.source import Picture, Rest, SourceFailedError
from realtime_workers.track_record import FinishedTrack
from regulars.domain.cameras import LeasedCamera, Line
from regulars.domain.faces import Detection, Image
from regulars.domain.watching import LivePicture
from regulars.ids import new_id
from regulars.vision.detector import Area
from tests.unit.worker.made_faces import detection
from tests.unit.worker.made_scenes import scene, sharp, with_person
from tests.waiting import PATIENCE_S, wait_for

STARTS_AT = datetime(2025, 3, 4, 9, tzinfo=UTC)
FPS = 10


class ScriptedSource:
    """Plays pictures at FPS; `hold` keeps the stream open afterwards."""

    def __init__(self, pictures: Sequence[Image], hold: threading.Event | None = None) -> None:
        self._pictures, self._hold = pictures, hold

    def pictures(self, rest: Rest | None = None) -> Iterator[Picture]:
        for number, picture in enumerate(self._pictures):
            yield Picture(number / FPS, lambda picture=picture: picture)
        if self._hold:
            self._hold.wait(PATIENCE_S)

    def close(self) -> None:
        pass


class ScriptedDetector:
    """Finds what the script says for each picture number."""

    digest = "scripted"

    def __init__(self, script: Callable[[int], list[Detection]]) -> None:
        self._script = script

    def detect(
        self, image: Image, min_score: float = 0.0, max_side: int | None = None, within: Area | None = None
    ) -> list[Detection]:
        return self._script(int(image[0, 0, 0]) + 256 * int(image[0, 0, 1]))


class KeepingEmitter:
    """Keeps what is emitted."""

    def __init__(self) -> None:
        self.finished: list[FinishedTrack] = []
        self.handed_over: list[FinishedTrack] = []
        self.checkpoints = 0
        self.waiting = 0

    def finish(self, track: FinishedTrack) -> None:
        self.finished.append(track)

    def hand_over(self, track: FinishedTrack) -> None:
        assert self.finished == []
        self.handed_over.append(track)

    def checkpoint(self, _track: FinishedTrack) -> None:
        self.checkpoints += 1

    def counts(self, _lease_id: object) -> SentCounts:
        return SentCounts(len(self.finished) - self.waiting, self.waiting, 0)


class Nobody:
    """Watches no camera."""

    def show(self, camera_id: UUID, picture: LivePicture, jpeg: bytes) -> bool:
        return False


def camera(**fields: Any) -> LeasedCamera:
    ids: dict[str, Any] = {name: new_id() for name in ("camera_id", "tenant_id", "site_id", "lease_id")}
    return LeasedCamera(name="door", type="file", file_path="x", file_starts_at=STARTS_AT, **ids, **fields)


def runner(
    pictures: Sequence[Image],
    script: Callable[[int], list[Detection]],
    hold: threading.Event | None = None,
    leased: LeasedCamera | None = None,
) -> tuple[CameraRunner, KeepingEmitter]:
    emitter = KeepingEmitter()
    made = CameraRunner(
        leased or camera(),
        "worker",
        FaceFinder(ScriptedDetector(script)),
        cast("Emitter", emitter),
        lambda _: ScriptedSource(pictures, hold),
        Nobody(),
    )
    made.start()
    return made, emitter


def played(
    pictures: Sequence[Image], script: Callable[[int], list[Detection]], leased: LeasedCamera | None = None
) -> tuple[CameraRunner, KeepingEmitter]:
    made, emitter = runner(pictures, script, leased=leased)
    made.join(PATIENCE_S)
    return made, emitter


def test_a_face_in_every_picture_is_one_track_counted_and_finished() -> None:
    line = Line(x1=0.5, y1=0.0, x2=0.5, y2=1.0)
    made, emitter = played(
        [with_person(scene(number), 500 - 10 * number, 180) for number in range(40)],
        lambda n: [detection(500 - 10 * n, 180)],
        camera(line=line),
    )
    state = made.state()
    assert (state.state, state.reason) == ("stopped", "finished")
    assert (state.counters.frames_decoded, state.counters.frames_detected, state.counters.tracks) == (40, 40, 1)
    assert (state.counters.crossings_in, state.counters.crossings_out) == (1, 0)
    manifest = emitter.finished[0].manifest
    assert (manifest.detections, manifest.direction, manifest.detector_digest) == (40, "in", "scripted")
    assert len(emitter.finished[0].shots) == 5
    assert emitter.checkpoints == 0
    assert emitter.handed_over == [], "a recording is sent when it has ended"


def test_who_stays_before_a_live_camera_is_handed_over_once_and_followed_to_the_end() -> None:
    made, emitter = played(
        [sharp(scene(number)) for number in range(25)],
        lambda _: [detection(300, 180)],
        camera().model_copy(update={"file_starts_at": None}),
    )
    [early], [end] = emitter.handed_over, emitter.finished
    assert (early.manifest.ongoing, end.manifest.ongoing) == (True, False)
    assert (early.manifest.track_id, early.manifest.shots) == (end.manifest.track_id, end.manifest.shots)
    assert early.manifest.ended_at < end.manifest.ended_at
    assert made.state().counters.tracks == 1


def test_a_file_is_finished_only_when_its_tracks_are_delivered() -> None:
    made, emitter = played([scene(number) for number in range(20)], lambda _: [detection(300, 180)])
    emitter.waiting = 1
    assert made.state().state == "running"
    emitter.waiting = 0
    assert made.state().reason == "finished"


def test_noise_is_no_track() -> None:
    made, emitter = played(
        [scene(number) for number in range(40)], lambda n: [detection(300, 180, score=0.7)] if n % 3 else []
    )
    assert emitter.finished == []
    assert made.state().counters.tracks == 0


def test_a_cut_scene_and_a_new_picture_size_end_all_tracks() -> None:
    pictures = [scene(number, shade=0 if number < 20 else 320) for number in range(40)]
    assert len(played(pictures, lambda _: [detection(300, 180)])[1].finished) == 2
    sizes = [scene(number, size=(360, 640) if number < 20 else (270, 480)) for number in range(40)]
    tracks = [track.manifest for track in played(sizes, lambda _: [detection(240, 135)])[1].finished]
    assert [(track.frame_width, track.frame_height) for track in tracks] == [(640, 360), (480, 270)]


def test_where_nothing_moves_only_one_picture_in_five_seconds_is_looked_at() -> None:
    made, _ = played([scene(number) for number in range(60)], lambda _: [])
    assert made.state().counters.frames_detected == 2


def test_a_black_picture_is_a_warning_on_a_running_camera() -> None:
    hold = threading.Event()
    made, _ = runner([np.zeros((360, 640, 3), np.uint8)] * 70, lambda _: [], hold)
    wait_for(lambda: made.state().reason == "black_picture", "the picture was found to be black")
    assert made.state().state == "running"
    assert made.state().detail
    hold.set()
    made.join(PATIENCE_S)


def test_an_error_in_the_pipeline_is_told_and_the_camera_can_be_started_anew() -> None:
    def script(number: int) -> list[Detection]:
        raise RuntimeError(f"broken at {number}")

    made, _ = played([scene(number) for number in range(5)], script)
    assert made.broken
    assert (made.state().state, made.state().reason) == ("failed", "internal")


@pytest.mark.parametrize(("reason", "state"), [("wrong_password", "failed"), ("unreachable", "reconnecting")])
def test_why_there_is_no_picture_is_told(reason: Any, state: str) -> None:
    def refuse(_camera: LeasedCamera) -> ScriptedSource:
        raise SourceFailedError(reason, "a sentence")

    finder = FaceFinder(ScriptedDetector(lambda _: []))
    made = CameraRunner(camera(), "worker", finder, cast("Emitter", KeepingEmitter()), refuse, Nobody())
    made.start()
    wait_for(lambda: made.state().reason == reason, "the reason was told")
    assert (made.state().state, made.state().detail) == (state, "a sentence")
    made.stop()
    made.join(PATIENCE_S)


def test_a_stopped_camera_hands_over_its_open_tracks() -> None:
    hold = threading.Event()
    made, emitter = runner([scene(number) for number in range(20)], lambda _: [detection(300, 180)], hold)
    wait_for(lambda: made.state().counters.frames_detected == 20, "every picture was looked at")
    made.stop()
    made.join(PATIENCE_S)
    hold.set()
    assert len(emitter.finished) == 1
