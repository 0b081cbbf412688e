"""What live view costs the worker's pipeline, and the thread beside it: measured and printed, nothing is asserted."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

import cv2
import numpy as np
import pytest

from realtime_workers.frame_buffer import Frame
from realtime_workers.live_view import LiveView, small_jpeg
from realtime_workers.source import Picture
from regulars.domain.faces import Image
from regulars.domain.watching import LivePicture
from regulars.ids import new_id
from tests.unit.worker.made_faces import detection
from tests.unit.worker.test_camera import camera


class Taker:
    """Takes every picture."""

    def show(self, camera_id: UUID, picture: LivePicture, jpeg: bytes) -> bool:
        return True


def a_picture(width: int, height: int) -> Image:
    """Soft shapes with some noise, about as hard to encode as a shop."""
    random = np.random.default_rng(1)
    coarse = random.integers(40, 200, (height // 60 + 1, width // 60 + 1, 3))
    soft = np.kron(coarse, np.ones((60, 60, 1), np.int64))[:height, :width]
    return np.clip(soft + random.normal(0, 4, soft.shape), 0, 255).astype(np.uint8)


def took_ms(act: Callable[[], object], times: int, wait_s: float = 0.0) -> float:
    taken: list[float] = []
    for _ in range(times):
        time.sleep(wait_s)
        begun_s = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun_s)
    return median(taken) * 1000


def test_what_live_view_costs(capsys: pytest.CaptureFixture[str]) -> None:
    frame, seen = (
        Frame(datetime.now(UTC), Picture(None, lambda: a_picture(1920, 1080))),
        [(new_id(), detection(900, 500))] * 5,
    )
    view = LiveView(camera(), Taker())
    unwatched = took_ms(lambda: view.offer(frame, seen), 1000)
    view.watch(wanted=True)
    watched = took_ms(lambda: view.offer(frame, seen), 20, 0.11)
    view.watch(wanted=False)
    encoding: dict[tuple[int, int], float] = {}
    for size in ((640, 360), (1920, 1080), (3840, 2160)):
        image = np.asarray(cv2.resize(frame.image, size), np.uint8)
        encoding[size] = took_ms(lambda image=image: small_jpeg(image), 20)
    beside = ", ".join(f"{width} x {height}: {ms:.1f} ms" for (width, height), ms in encoding.items())
    within = f"{unwatched * 1000:.1f} us a picture unwatched, {watched * 1000:.0f} us watched"
    with capsys.disabled():
        sys.stdout.write(f"\nlive view in the pipeline: {within}\nlive view beside it, a picture: {beside}\n")
