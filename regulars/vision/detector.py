"""First look at a picture: find the faces in it and their five landmarks (YuNet)."""

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


class FaceDetector:
    """YuNet, March 2023: faces from about 10 px wide, any picture size."""

    def __init__(self, session: Session, digest: str) -> None:
        self._session = session
        self.digest = digest
        """Names the network's file and decoding; kept in each track's manifest."""

    def detect(self, image: Image, min_score: float = MIN_SCORE, max_side: int | None = None) -> list[Detection]:
        """Return the faces of a BGR picture, uint8 [height, width, 3], best score first, in its own pixels.

        `max_side` shrinks a larger picture to that many pixels on its longer side before looking: faster, and it
        misses the smallest faces.
        """
        height, width = image.shape[:2]
        scale = 1.0 if max_side is None else min(1.0, max_side / max(height, width))
        if scale < 1.0:
            smaller = (max(1, round(width * scale)), max(1, round(height * scale)))
            image = np.asarray(cv2.resize(image, smaller, interpolation=cv2.INTER_AREA), np.uint8)
        grow = np.array([width / image.shape[1], height / image.shape[0]], np.float32)
        rows, columns = (-(-side // 32) * 32 for side in image.shape[:2])
        padded = np.zeros((1, 3, rows, columns), np.float32)
        padded[0, :, : image.shape[0], : image.shape[1]] = image.transpose(2, 0, 1)
        faces = decode(self._session.run(padded), columns, min_score)
        faces[:, :14] *= np.tile(grow, 7)
        return [
            Detection(box=(float(x), float(y), float(w), float(h)), landmarks=marks.reshape(5, 2), score=float(score))
            for (x, y, w, h), marks, score in zip(faces[:, :4], faces[:, 4:14], faces[:, 14], strict=True)
        ]


def decode(outputs: list[FloatArray], columns: int, min_score: float) -> FloatArray:
    """Return float32 [faces, 15] (x, y, width, height, five landmarks, score) from YuNet's twelve outputs.

    `columns` is the width of the picture that was looked at. Each cell of a stride's grid proposes one face: score =
    sqrt(class x objectness), centre and landmarks as offsets in strides from the cell, size as exponent. Same rule as
    OpenCV's FaceDetectorYN.
    """
    proposals: list[FloatArray] = []
    for level, stride in enumerate(STRIDES):
        classes, objectness, boxes, marks = (outputs[level + 3 * kind][0] for kind in range(4))
        scores = np.sqrt(np.clip(classes[:, 0], 0, 1) * np.clip(objectness[:, 0], 0, 1))
        kept = np.flatnonzero(scores >= min_score)
        per_row = columns // stride
        cell = np.column_stack([kept % per_row, kept // per_row]).astype(np.float32)
        size = np.exp(boxes[kept, 2:]) * stride
        corner = (cell + boxes[kept, :2]) * stride - size / 2
        points = (np.tile(cell, 5) + marks[kept]) * stride
        proposals.append(np.column_stack([corner, size, points, scores[kept]]).astype(np.float32))
    return _one_box_per_face(np.concatenate(proposals), min_score)


def _one_box_per_face(proposals: FloatArray, min_score: float) -> FloatArray:
    if len(proposals) == 0:
        return proposals
    # Whole pixels, as FaceDetectorYN compares them.
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h in proposals[:, :4]]
    kept = cv2.dnn.NMSBoxes(boxes, proposals[:, 14].tolist(), min_score, OVERLAP_SAME_FACE)
    return proposals[np.asarray(kept, np.int64).reshape(-1)]
