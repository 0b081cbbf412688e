"""Beside a track: keeps its few best face crops, and encodes them once the track is written."""

from dataclasses import dataclass, field
from datetime import datetime

import cv2
import numpy as np

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.domain.tracks import MAX_SHOTS

SPAN_S = 0.3
"""Shots close in time show the same pose and blur: of each such span of a track only the best is kept."""
CROP_FACTOR = 2.0
LONGEST_SIDE_PX = 512
JPEG_QUALITY = 95


@dataclass(slots=True)
class KeptShot:
    """One face crop: `crop` BGR uint8, `landmarks` float32 [5, 2] in its pixels, `box` in frame pixels, `at` UTC."""

    at: datetime
    quality: float
    score: float
    box: tuple[float, float, float, float]
    landmarks: FloatArray
    crop: Image
    _jpeg: bytes | None = field(default=None, repr=False)

    def jpeg(self) -> bytes:
        """Return the crop as JPEG; encoded once."""
        if self._jpeg is None:
            done, coded = cv2.imencode(".jpg", self.crop, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            if not done:
                raise ValueError("a face crop could not be encoded as JPEG")
            self._jpeg = coded.tobytes()
        return self._jpeg


class BestShots:
    """The best shots of one track so far: at most `most`, at most one of each SPAN_S."""

    def __init__(self, most: int = MAX_SHOTS) -> None:
        self._most = most
        self._begun: datetime | None = None
        self._of_span: dict[int, KeptShot] = {}

    def offer(self, image: Image, detection: Detection, quality: float, at: datetime) -> None:
        """Keep the face if it is better than what it would replace. `image` is the frame the detection is in."""
        self._begun = self._begun or at
        span = int((at - self._begun).total_seconds() / SPAN_S)
        replaced: int | None = span if span in self._of_span else None
        if replaced is None and len(self._of_span) >= self._most:
            replaced = min(self._of_span, key=lambda other: self._of_span[other].quality)
        if replaced is not None:
            if self._of_span[replaced].quality >= quality:
                return
            del self._of_span[replaced]
        crop, landmarks = crop_face(image, detection)
        self._of_span[span] = KeptShot(at, quality, detection.score, detection.box, landmarks, crop)

    def best_first(self) -> list[KeptShot]:
        """Return the kept shots, best quality first."""
        return sorted(self._of_span.values(), key=lambda shot: (-shot.quality, shot.at))


def crop_face(image: Image, detection: Detection) -> tuple[Image, FloatArray]:
    """Return a copy of the frame around a face (about twice its box, inside the frame) and its landmarks therein.

    Native resolution unless the longer side would pass LONGEST_SIDE_PX.
    """
    x, y, width, height = detection.box
    half_w, half_h = width * CROP_FACTOR / 2, height * CROP_FACTOR / 2
    centre_x, centre_y = x + width / 2, y + height / 2
    left, right = _inside(centre_x - half_w, centre_x + half_w, image.shape[1])
    top, bottom = _inside(centre_y - half_h, centre_y + half_h, image.shape[0])
    crop = image[top:bottom, left:right]
    landmarks = detection.landmarks - np.array([left, top], np.float32)
    scale = LONGEST_SIDE_PX / max(crop.shape[:2])
    if scale >= 1:
        return crop.copy(), landmarks.astype(np.float32)
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    ratio = np.array([size[0] / crop.shape[1], size[1] / crop.shape[0]], np.float32)
    smaller = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)
    return smaller, ((landmarks + 0.5) * ratio - 0.5).astype(np.float32)


def _inside(low: float, high: float, size: int) -> tuple[int, int]:
    first = min(max(int(low), 0), size - 1)
    return first, min(max(int(np.ceil(high)), first + 1), size)
