"""A recording before the worker's own pipeline: whole, or refused."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import numpy as np
import pytest

from compose.evaluation.camera_run import look_at_recording
from realtime_workers.detect import FaceFinder
from realtime_workers.source import Picture, Rest
from regulars.domain.cameras import LeasedCamera
from regulars.domain.faces import Detection, Image
from regulars.ids import new_id
from regulars.vision.detector import FaceDetector
from tests.waiting import PATIENCE_S

PICTURES = 8
CAMERA = LeasedCamera(
    camera_id=new_id(),
    tenant_id=new_id(),
    site_id=new_id(),
    lease_id=new_id(),
    name="recording",
    type="file",
    file_path="recording",
    file_starts_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
)


class NobodySeen:
    """Finds no face."""

    digest = "fake"

    def detect(self, *_: object, **__: object) -> list[Detection]:
        return []


class Recording:
    """Some grey pictures; `hold` keeps it open afterwards, `broken` pictures cannot be decoded."""

    def __init__(self, *, hold: threading.Event | None = None, broken: bool = False, pictures: int = PICTURES) -> None:
        self._hold, self._broken, self._pictures = hold, broken, pictures

    def pictures(self, rest: Rest | None = None) -> Iterator[Picture]:
        for number in range(self._pictures):
            yield Picture(number / 10, self._image)
        if self._hold:
            self._hold.wait(PATIENCE_S)

    def close(self) -> None:
        pass

    def _image(self) -> Image:
        if self._broken:
            raise ValueError
        return np.full((90, 160, 3), 90, np.uint8)


FINDER = FaceFinder(cast("FaceDetector", NobodySeen()))


def test_a_recording_is_seen_to_its_end() -> None:
    looked = look_at_recording(CAMERA, FINDER, lambda _: Recording(), PATIENCE_S)
    assert (looked.tracks, looked.decoded) == ([], PICTURES)


def test_what_is_not_at_its_end_in_time_is_no_whole_recording() -> None:
    hold = threading.Event()
    with pytest.raises(RuntimeError, match=r"not at the end after 0\.3 s"):
        look_at_recording(CAMERA, FINDER, lambda _: Recording(hold=hold), 0.3)
    hold.set()


@pytest.mark.parametrize("recording", [Recording(broken=True), Recording(pictures=0)], ids=["broken", "empty"])
def test_a_pipeline_that_broke_or_saw_nothing_has_not_seen_the_recording(recording: Recording) -> None:
    with pytest.raises(RuntimeError, match="did not see the whole recording"):
        look_at_recording(CAMERA, FINDER, lambda _: recording, PATIENCE_S)
