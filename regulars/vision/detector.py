"""First look at a picture: find the faces in it and their five landmarks (YuNet)."""

import threading
from dataclasses import dataclass

import cv2
import numpy as np

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.vision.sessions import Session

STRIDES = (8, 16, 32)
MIN_SCORE = 0.8
"""Least score of a face. YuNet fires on hands and dogs up to 0.75; all 45 faces of the group photographs pass 0.85
(`python -m regulars.vision.measure_models detector`)."""
OVERLAP_SAME_FACE = 0.3
"""Two boxes whose intersection over union passes this are one face (the value of OpenCV's own YuNet wrapper)."""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a picture, in its pixels: rows `top` to `bottom`, columns `left` to `right`, ends not included."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def longest(self) -> int:
        """The longer side."""
        return max(self.right - self.left, self.bottom - self.top)


class FaceDetector:
    """YuNet, March 2023: faces from about 10 px wide, any picture size."""

    def __init__(self, session: Session, digest: str) -> None:
        self._session = session
        self._of_thread = threading.local()
        self.digest = digest
        """Names the network's file and decoding; kept in each track's manifest."""

    def detect(
        self, image: Image, min_score: float = MIN_SCORE, max_side: int | None = None, within: Area | None = None
    ) -> list[Detection]:
        """Return the faces of a BGR picture, uint8 [height, width, 3], best score first, in its own pixels.

        `within` looks at that part alone. `max_side` shrinks what is larger to that many pixels on its longer side
        before looking: faster, and it misses the smallest faces.
        """
        part = image if within is None else image[within.top : within.bottom, within.left : within.right]
        smaller, grow = shrunk(part, 1.0 if max_side is None else max_side / max(part.shape[:2]))
        padded = self._padded(smaller)
        faces = decode(self._session.run(padded), padded.shape[3], min_score)
        faces[:, :14] *= np.tile(grow, 7)
        if within is not None:
            faces[:, [0, 1, *range(4, 14)]] += np.tile(np.array([within.left, within.top], np.float32), 6)
        return [
            Detection(box=(float(x), float(y), float(w), float(h)), landmarks=marks.reshape(5, 2), score=float(score))
            for (x, y, w, h), marks, score in zip(faces[:, :4], faces[:, 4:14], faces[:, 14], strict=True)
        ]

    def _padded(self, image: Image) -> FloatArray:
        """Return the picture as float32 [1, 3, rows, columns], black up to multiples of 32: the thread's own memory."""
        height, width = image.shape[:2]
        rows, columns = (-(-side // 32) * 32 for side in (height, width))
        memory: FloatArray | None = getattr(self._of_thread, "memory", None)
        if memory is None or memory.size < 3 * rows * columns:
            memory = self._of_thread.memory = np.empty(3 * rows * columns, np.float32)
        padded = memory[: 3 * rows * columns].reshape(1, 3, rows, columns)
        padded[0, :, :height, :width] = image.transpose(2, 0, 1)
        padded[0, :, height:] = 0
        padded[0, :, :, width:] = 0
        return padded


def shrunk(image: Image, scale: float) -> tuple[Image, FloatArray]:
    """Return a picture at `scale` of its size, as it is from 1 on, and what brings (x, y) in it back, float32 [2].

    Halved by averaging as often as that goes, then sampled between pixels: OpenCV averages over whole multiples
    quickly, and over other ratios a whole order slower.
    """
    if scale >= 1.0:
        return image, np.ones(2, np.float32)
    height, width = image.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    while image.shape[1] >= 2 * size[0] and image.shape[0] >= 2 * size[1]:
        rows, columns = image.shape[0] // 2, image.shape[1] // 2
        half = cv2.resize(image[: 2 * rows, : 2 * columns], (columns, rows), interpolation=cv2.INTER_AREA)
        image = np.asarray(half, np.uint8)
    if image.shape[:2] != (size[1], size[0]):
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return image, np.array([width / size[0], height / size[1]], np.float32)


def decode(outputs: list[FloatArray], columns: int, min_score: float) -> FloatArray:
    """Return float32 [faces, 15] (x, y, width, height, five landmarks, score) from YuNet's twelve outputs.

    `columns` is the width of the picture that was looked at. Each cell of a stride's grid proposes one face: score =
    sqrt(class x objectness), centre and landmarks as offsets in strides from the cell, size as exponent. Same rule as
    OpenCV's FaceDetectorYN.
    """
    proposals: list[FloatArray] = []
    for level, stride in enumerate(STRIDES):
        classes, objectness, boxes, marks = (outputs[level + 3 * kind][0] for kind in range(4))
        squared = np.clip(classes[:, 0], 0, 1) * np.clip(objectness[:, 0], 0, 1)
        kept = np.flatnonzero(squared >= min_score**2)
        if len(kept) == 0:
            continue
        rows, places = np.divmod(kept, columns // stride)
        cell = np.stack((places, rows), axis=1).astype(np.float32)
        faces = np.empty((len(kept), 15), np.float32)
        faces[:, 2:4] = np.exp(boxes[kept, 2:]) * stride
        faces[:, :2] = (cell + boxes[kept, :2]) * stride - faces[:, 2:4] / 2
        faces[:, 4:14] = ((marks[kept].reshape(-1, 5, 2) + cell[:, None]) * stride).reshape(-1, 10)
        faces[:, 14] = np.sqrt(squared[kept])
        proposals.append(faces)
    if not proposals:
        return np.zeros((0, 15), np.float32)
    return _one_box_per_face(np.concatenate(proposals), min_score)


def _one_box_per_face(proposals: FloatArray, min_score: float) -> FloatArray:
    # Whole pixels, as FaceDetectorYN compares them.
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h in proposals[:, :4]]
    kept = cv2.dnn.NMSBoxes(boxes, proposals[:, 14].tolist(), min_score, OVERLAP_SAME_FACE)
    return proposals[np.asarray(kept, np.int64).reshape(-1)]
