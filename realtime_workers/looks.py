"""A cheap look of head and clothes: `track.py` compares it before a face that was hidden is taken up again."""

import cv2
import numpy as np

from regulars.domain.faces import Detection, FloatArray, Image

HUE_BINS, SATURATION_BINS, VALUE_BINS = 12, 4, 8
BINS = HUE_BINS * SATURATION_BINS + VALUE_BINS
PATCH = (24, 24)
"""Of large faces only every so many pixels are averaged into it."""
GREY_BELOW = 40
"""Saturation (0-255) under which a hue means nothing; such pixels are told apart by brightness."""
HEAD_WEIGHT = 0.7
"""The head decides: what is seen below a face is clothes, or a counter, or the background that a walker passes."""


def look_of(image: Image, detection: Detection) -> FloatArray:
    """Return float32 [2 x 56], summing to 1: the colours of the head and those of the chest below it.

    `image` is BGR uint8 [height, width, 3] in the pixels of `detection`.
    """
    x, y, width, height = detection.box
    head = _colours(image, x, y - 0.15 * height, width, 1.15 * height)
    chest = _colours(image, x, y + 1.15 * height, width, height)
    return np.concatenate([HEAD_WEIGHT * head, (1 - HEAD_WEIGHT) * chest]).astype(np.float32)


def likeness(one: FloatArray, other: FloatArray) -> float:
    """Return the histogram intersection of two looks: 1 the same, 0 nothing in common."""
    return float(np.minimum(one, other).sum())


def _colours(image: Image, x: float, y: float, width: float, height: float) -> FloatArray:
    left, right = _inside(x, x + width, image.shape[1])
    top, bottom = _inside(y, y + height, image.shape[0])
    step = max(1, min(right - left, bottom - top) // (2 * PATCH[0]))
    patch = cv2.resize(image[top:bottom:step, left:right:step], PATCH, interpolation=cv2.INTER_AREA)
    hsv = cv2.cvtColor(patch, cv2.COLOR_BGR2HSV).reshape(-1, 3).astype(np.int32)
    hue, saturation, value = hsv[:, 0], hsv[:, 1], hsv[:, 2]
    coloured = (hue * HUE_BINS // 180) * SATURATION_BINS + saturation * SATURATION_BINS // 256
    grey = HUE_BINS * SATURATION_BINS + value * VALUE_BINS // 256
    counts = np.bincount(np.where(saturation < GREY_BELOW, grey, coloured), minlength=BINS)
    return (counts / counts.sum()).astype(np.float32)


def _inside(low: float, high: float, size: int) -> tuple[int, int]:
    first = min(max(int(low), 0), size - 1)
    return first, min(max(int(high), first + 1), size)
