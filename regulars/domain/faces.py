"""What a detected face is, before anyone knows whose."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Detection:
    """One face found in a picture, in that picture's pixels.

    `box` is (x, y, width, height), x and y the upper left corner; it may reach past the picture's edge.
    `landmarks` is float32 [5, 2]: the eye at the picture's left, the eye at its right, nose tip, the mouth corner at
    the picture's left, the one at its right. `score` is the detector's confidence, 0 to 1.
    """

    box: tuple[float, float, float, float]
    landmarks: FloatArray
    score: float


def mean_vector(vectors: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Return the (weighted) mean of vectors, float32 [n, d], n >= 1, scaled to the square root of its length.

    Averaging takes out what changes from look to look, and leaves what all faces share as it was: scaled to length 1,
    a mean would therefore be more like strangers than a single look is, and the impostor table, made of single looks,
    would promise too much. With the square root of its length, the dot product of two means grows by as much as the
    noise shrank for one person and stays as it was for strangers (`python -m regulars.vision.measure_gallery`).
    """
    mean = np.average(vectors, axis=0, weights=weights)
    return (mean / np.sqrt(max(float(np.linalg.norm(mean)), 1e-12))).astype(np.float32)
