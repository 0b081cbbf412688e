"""Trying a source on the worker's side: a small picture, or the reason in words, and the source let go in any case."""

from typing import get_args

import cv2
import numpy as np

from realtime_workers.open_source import open_source
from realtime_workers.source import SourceFailedError
from realtime_workers.trial import try_source
from regulars.domain.camera_advice import what_to_do
from regulars.domain.cameras import LONGEST_DETAIL, LeasedCamera, StateReason
from regulars.domain.watching import WIDEST_PX, Trial
from regulars.ids import new_id
from tests.unit.worker.made_scenes import scene
from tests.unit.worker.test_camera import ScriptedSource

WEBCAM = Trial(trial_id=new_id(), camera_id=None, type="webcam", webcam_index=3)


class NotedSource(ScriptedSource):
    closed = False

    def close(self) -> None:
        self.closed = True


def test_the_picture_is_small_and_the_source_is_let_go() -> None:
    opened: list[LeasedCamera] = []
    source = NotedSource([scene(number, size=(1080, 1920)) for number in range(9)])

    def open_source(camera: LeasedCamera) -> NotedSource:
        opened.append(camera)
        return source

    answer, jpeg = try_source(WEBCAM, None, open_source)
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert (answer.reason, answer.width, answer.height) == ("none", WIDEST_PX, 540)
    assert image.shape[:2] == (540, WIDEST_PX)
    assert source.closed
    assert (opened[0].type, opened[0].webcam_index) == ("webcam", 3)


def test_a_camera_that_runs_shows_what_it_sees_and_is_not_opened_twice() -> None:
    def open_source(_: LeasedCamera) -> ScriptedSource:
        raise AssertionError("opened a second time")

    answer, jpeg = try_source(WEBCAM, scene(1), open_source)
    assert (answer.reason, answer.width) == ("none", 640)
    assert jpeg.startswith(b"\xff\xd8")


def test_why_there_is_no_picture_is_told() -> None:
    def refuse(_: LeasedCamera) -> ScriptedSource:
        raise SourceFailedError("wrong_password", "The camera refuses this user name and password.")

    def break_down(_: LeasedCamera) -> ScriptedSource:
        raise RuntimeError("rtsp://shop:secret@camera")

    silent = NotedSource([])

    def give_nothing(_: LeasedCamera) -> ScriptedSource:
        return silent

    answers = [try_source(WEBCAM, None, opens)[0] for opens in (refuse, break_down, give_nothing)]
    assert [answer.reason for answer in answers] == ["wrong_password", "internal", "no_picture"]
    assert all(answer.detail and "secret" not in answer.detail for answer in answers)
    assert silent.closed


def test_a_file_whose_name_is_too_long_for_any_disk_is_told_and_no_worker_ends_of_it() -> None:
    film = Trial(trial_id=new_id(), camera_id=None, type="file", file_path=f"/{'a' * 990}.mp4")
    answer, _ = try_source(film, None, open_source)
    assert answer.reason == "unreachable"
    assert len(answer.detail) == LONGEST_DETAIL


def test_there_is_something_to_do_for_every_reason_but_none() -> None:
    for reason in get_args(StateReason):
        told = what_to_do("failed", reason, wanted=True, has_worker=True)
        assert bool(told) == (reason != "none")
    assert "worker" in what_to_do("running", "none", wanted=True, has_worker=False)
