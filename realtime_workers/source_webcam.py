"""A source read with OpenCV: a camera plugged into this machine, by its index."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from realtime_workers.source import Picture, Rest, SourceFailedError
from regulars.domain.faces import Image

MISSED_READS = 30
"""About a second of a webcam's pictures: unplugged."""


class WebcamSource:
    """An open webcam. OpenCV gives no usable time stamps, so pictures carry none."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    def pictures(self, rest: Rest | None = None) -> Iterator[Picture]:  # noqa: ARG002 - all cost the same
        """Yield pictures until the camera is unplugged, then raise SourceFailedError."""
        missed = 0
        while missed < MISSED_READS:
            read, image = self._capture.read()
            if not read:
                missed += 1
                time.sleep(0.03)
                continue
            missed = 0
            pixels: Image = np.asarray(image, np.uint8)
            yield Picture(None, lambda pixels=pixels: pixels)
        raise SourceFailedError("unreachable", "The webcam gives no pictures any more: is it still plugged in?")

    def close(self) -> None:
        """Let the webcam go."""
        self._capture.release()


def open_webcam(index: int) -> WebcamSource:
    """Open the webcam `index` of this machine. Raises SourceFailedError."""
    device = Path(f"/dev/video{index}")
    if sys.platform == "linux":
        if not device.exists():
            raise SourceFailedError("not_found", f"This machine has no webcam number {index}.")
        if not os.access(device, os.R_OK | os.W_OK):
            raise SourceFailedError("no_permission", f"The worker may not use {device}: add its user to group video.")
    capture = cv2.VideoCapture(index)
    if not capture.isOpened():
        capture.release()
        raise SourceFailedError(
            "unreachable", f"Webcam {index} does not open: another program holds it, or the system denies the camera."
        )
    return WebcamSource(capture)
