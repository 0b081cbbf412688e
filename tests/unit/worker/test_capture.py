"""What the capture hands over: of a recording's pictures those that somebody wants, and each to who shows it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from realtime_workers.capture import LOOKS_PER_S, Capture
from realtime_workers.source import Picture, Rest
from regulars.domain.cameras import LeasedCamera
from regulars.ids import new_id

STARTS_AT = datetime(2025, 3, 4, 9, tzinfo=UTC)
CAMERA = LeasedCamera(
    camera_id=new_id(),
    tenant_id=new_id(),
    site_id=new_id(),
    lease_id=new_id(),
    name="door",
    type="file",
    file_path="clip.mp4",
    file_starts_at=STARTS_AT,
)
STEP = timedelta(seconds=1 / LOOKS_PER_S)


class TenPictures:
    """A recording of ten pictures."""

    def pictures(self, rest: Rest | None = None) -> Iterator[Picture]:
        for number in range(10):
            yield Picture(number * STEP.total_seconds(), lambda: np.zeros((4, 4, 3), np.uint8))

    def close(self) -> None:
        pass


def test_a_picture_that_nobody_wants_is_shown_and_wakes_nobody() -> None:
    shown, wanted_from = list[datetime](), (STARTS_AT + 6 * STEP).timestamp() - 0.01
    capture = Capture(
        CAMERA, lambda _: TenPictures(), lambda frame: shown.append(frame.at), lambda at_s: at_s >= wanted_from
    )
    capture.start()
    handed_over = list[datetime]()
    while not capture.finished:
        if frame := capture.buffer.get(0.1):
            handed_over.append(frame.at)
    assert shown == [STARTS_AT + number * STEP for number in range(10)]
    assert handed_over == shown[6:]
    assert (capture.decoded, capture.buffer.dropped) == (10, 0)
