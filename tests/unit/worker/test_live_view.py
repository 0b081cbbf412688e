"""Live view on the worker's side: sends while somebody watches, never more often than wanted, and never waits."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import cv2
import numpy as np
import pytest

from realtime_workers.frame_buffer import Frame
from realtime_workers.live_view import AIM_BYTES, LOOKED_AT_WITHIN_S, LiveView, boxes_of, small_jpeg
from realtime_workers.source import Picture
from regulars.domain.faces import Image
from regulars.domain.watching import (
    PICTURES_PER_S,
    WATCHED_FOR_S,
    WIDEST_PX,
    FaceBox,
    LivePicture,
    pack_picture,
    unpack_picture,
)
from regulars.errors import DependencyAway, InputRefused
from regulars.ids import new_id
from tests.unit.worker.made_faces import detection
from tests.unit.worker.test_camera import camera
from tests.waiting import PATIENCE_S, wait_for

NOISE = np.random.default_rng(7).integers(0, 255, (1080, 1920, 3), np.uint8)


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Gallery:
    """Takes what is shown; `answer` is what it says to each picture."""

    def __init__(self, answer: Callable[[], bool] = lambda: True) -> None:
        self.shown: list[tuple[LivePicture, bytes]] = []
        self.arrived = threading.Semaphore(0)
        self._answer = answer

    def show(self, camera_id: UUID, picture: LivePicture, jpeg: bytes) -> bool:
        self.shown.append((picture, jpeg))
        self.arrived.release()
        return self._answer()


def frame(image: Image | None = None) -> Frame:
    pixels = np.full((360, 640, 3), 90, np.uint8) if image is None else image
    return Frame(datetime.now(UTC), Picture(None, lambda: pixels))


def wait_until_sent(view: LiveView, number: int) -> None:
    wait_for(lambda: view.sent >= number, f"{number} pictures were sent")


def test_nothing_is_sent_while_nobody_watches() -> None:
    gallery = Gallery()
    view = LiveView(camera(), gallery)
    threads = threading.active_count()
    for _ in range(20):
        view.offer(frame(), ())
    assert (view.watched, gallery.shown, threading.active_count()) == (False, [], threads)


def test_a_picture_goes_out_small_with_its_faces_as_parts_of_it() -> None:
    gallery, track_id = Gallery(), new_id()
    leased = camera()
    view = LiveView(leased, gallery)
    view.watch(wanted=True)
    face = detection(960, 540)
    view.offer(frame(np.full((1080, 1920, 3), 90, np.uint8)), [(track_id, face)])
    assert gallery.arrived.acquire(timeout=PATIENCE_S)
    view.watch(wanted=False)
    [(picture, jpeg)] = gallery.shown
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape[:2] == (picture.height, picture.width) == (540, WIDEST_PX)
    assert picture.lease_id == leased.lease_id
    x, y, width, height = face.box
    [box] = picture.boxes
    assert box.track_id == track_id
    told = (box.x * 1920, box.y * 1080, box.width * 1920, box.height * 1080)
    assert told == pytest.approx((x, y, width, height), abs=0.3)


def test_no_more_pictures_than_ten_a_second() -> None:
    clock, gallery = Clock(), Gallery()
    view = LiveView(camera(), gallery, clock)
    view.watch(wanted=True)
    taken, last_s = 0, 0.0
    for _ in range(30):  # two seconds of fifteen pictures each
        view.offer(frame(), ())
        surely = clock.now_s - last_s > 1.1 / PICTURES_PER_S
        if gallery.arrived.acquire(timeout=PATIENCE_S if surely else 0.03):
            taken, last_s = taken + 1, clock.now_s
        clock.now_s += 1 / 15
    view.watch(wanted=False)
    assert 0.7 * 2 * PICTURES_PER_S <= taken <= 2 * PICTURES_PER_S + 1


def test_a_picture_that_is_not_looked_at_in_time_is_shown_with_the_faces_of_the_last_one() -> None:
    clock, gallery = Clock(), Gallery()
    view = LiveView(camera(), gallery, clock)
    view.watch(wanted=True)
    looked, newer, newest = frame(), frame(), frame()
    view.decoded(looked)
    view.offer(looked, [(new_id(), detection(300, 180))])
    wait_until_sent(view, 1)
    clock.now_s += 0.2
    view.decoded(newer)
    view.decoded(newest)
    clock.now_s += LOOKED_AT_WITHIN_S
    wait_until_sent(view, 2)
    view.watch(wanted=False)
    assert [picture.at for picture, _ in gallery.shown] == [looked.at, newest.at]
    assert [len(picture.boxes) for picture, _ in gallery.shown] == [1, 1]


def test_it_ends_at_once_when_the_gateway_says_that_nobody_watches() -> None:
    gallery = Gallery(lambda: False)
    view = LiveView(camera(), gallery)
    view.watch(wanted=True)
    view.offer(frame(), ())
    wait_for(lambda: not view.watched, "it took nobody to be watching any more")
    assert view.sent == 1


def test_without_a_gateway_it_ends_by_itself() -> None:
    def away() -> bool:
        raise DependencyAway("no answer")

    clock, gallery = Clock(), Gallery(away)
    view = LiveView(camera(), gallery, clock)
    view.watch(wanted=True)
    view.offer(frame(), ())
    assert gallery.arrived.acquire(timeout=PATIENCE_S)
    clock.now_s += WATCHED_FOR_S + 0.1
    wait_for(lambda: not view.watched, "it ended")


def test_a_gateway_that_is_slow_gets_the_newest_picture_and_holds_nobody_up() -> None:
    clock, go_on = Clock(), threading.Event()
    gallery = Gallery(lambda: go_on.wait(PATIENCE_S))
    view = LiveView(camera(), gallery, clock)
    view.watch(wanted=True)
    frames = [frame() for _ in range(10)]
    view.offer(frames[0], ())
    assert gallery.arrived.acquire(timeout=PATIENCE_S)
    for later in frames[1:]:
        clock.now_s += 0.2
        view.offer(later, ())
    go_on.set()
    wait_until_sent(view, 2)
    view.watch(wanted=False)
    assert [picture.at for picture, _ in gallery.shown] == [frames[0].at, frames[-1].at]


def test_pictures_that_are_large_lose_quality_until_they_are_small() -> None:
    clock, gallery = Clock(), Gallery()
    view = LiveView(camera(), gallery, clock)
    view.watch(wanted=True)
    for number in range(12):
        view.offer(frame(NOISE), ())
        wait_until_sent(view, number + 1)
        clock.now_s += 0.2
    view.watch(wanted=False)
    sizes = [len(jpeg) for _, jpeg in gallery.shown]
    assert sizes[0] > AIM_BYTES
    assert sizes[-1] < 0.7 * sizes[0]


def test_a_face_that_hangs_out_of_the_picture_is_cut_at_its_edge() -> None:
    boxes = boxes_of(
        [(new_id(), detection(0, 0)), (new_id(), detection(5000, 5000))], np.zeros((360, 640, 3), np.uint8)
    )
    assert all(box.x + box.width <= 1 and box.y + box.height <= 1 for box in boxes)
    assert isinstance(boxes[0], FaceBox)


def test_a_packed_picture_comes_out_as_it_went_in_and_a_torn_one_is_refused() -> None:
    jpeg, width, height = small_jpeg(np.zeros((90, 160, 3), np.uint8))
    picture = LivePicture(lease_id=new_id(), at=datetime.now(UTC), width=width, height=height, recognition=True)
    packed = pack_picture(picture, jpeg)
    told, unpacked = unpack_picture(packed)
    assert (LivePicture.model_validate_json(told), unpacked) == (picture, jpeg)
    for wrong in (b"", packed[:7], packed[:-1], packed + b"x", pack_picture(picture, b"no jpeg")):
        with pytest.raises(InputRefused):
            unpack_picture(wrong)
