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
