"""In the worker, per face and picture: measure what decides how far the look can be trusted (domain/quality.py)."""

import cv2
import numpy as np

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.domain.quality import FaceMeasures, Quality, judge, pose_of
from regulars.vision.align import aligned_face, similarity

FACE_PX = 64
"""Side of the upright, scaled face that is measured: 20 px between the eyes. Of 32, 48, 64 and 112 it ranks blurred,
small and moving faces best together."""
TEMPLATE = np.array(
    [[21.884, 29.541], [42.018, 29.429], [32.014, 40.992], [23.742, 52.780], [40.417, 52.688]], np.float32
)
"""ArcFace's five points (112 px) scaled to FACE_PX."""
INNER = (slice(12, 59), slice(9, 55))
"""Rows and columns of the face itself, without hair and background."""
DETAIL_PX, DETAIL_SIGMA = 7, 1.2
"""Detail is what a Gaussian blur of this width, along rows or along columns, takes away."""
BURNT = 245
_STEPS = (np.arange(8) + 0.5) * (FACE_PX / 8)
_GRID = (_STEPS[None, :] + 1j * _STEPS[:, None]).ravel()


def measure(image: Image, face: Detection) -> FaceMeasures:
    """Measure one face in a BGR picture, uint8 [height, width, 3].

    Raises ValueError when its landmarks fall together.
    """
    # The picture's edge pixels are repeated, because a black border would count as contrast.
    upright = aligned_face(image, face.landmarks, TEMPLATE, FACE_PX, cv2.BORDER_REPLICATE)
    values = np.asarray(cv2.cvtColor(upright[INNER], cv2.COLOR_BGR2GRAY), np.float32)
    eyes = face.landmarks[1] - face.landmarks[0]
    return FaceMeasures(
        width_px=face.box[2],
        eyes_px=float(np.hypot(eyes[0], eyes[1])),
        sharpness=_sharpness(values),
        pose=pose_of(face.landmarks),
        highlight=float(np.partition(values, int(0.98 * values.size), axis=None)[int(0.98 * values.size)]),
        burnt_share=float(np.count_nonzero(values >= BURNT)) / values.size,
        inside_share=_inside_share(image, face.landmarks),
        detection_score=face.score,
    )


def quality_of(image: Image, face: Detection) -> Quality:
    """Return the quality of one face in a BGR picture; landmarks that fall together make it 0."""
    try:
        return judge(measure(image, face))
    except ValueError:
        return Quality(0.0, ("unsure_detection",))


def _sharpness(values: FloatArray) -> float:
    """Return the finest detail of a grey face in its weaker direction, over its contrast.

    Motion blurs one direction only, which an average over both would hide.
    """
    along = values - cv2.GaussianBlur(values, (DETAIL_PX, 1), DETAIL_SIGMA)
    across = values - cv2.GaussianBlur(values, (1, DETAIL_PX), DETAIL_SIGMA)
    weaker = min(float(np.square(along).mean()), float(np.square(across).mean()))
    return float(np.sqrt(weaker)) / (float(values.std()) + 1.0)


def _inside_share(image: Image, landmarks: FloatArray) -> float:
    """Return the share of the aligned face that the picture shows."""
    matrix = similarity(landmarks, TEMPLATE)
    # A similarity is one complex factor and a shift, so dividing takes it back.
    seen = (_GRID - complex(matrix[0, 2], matrix[1, 2])) / complex(matrix[0, 0], matrix[1, 0])
    height, width = image.shape[:2]
    inside = (seen.real >= 0) & (seen.real <= width) & (seen.imag >= 0) & (seen.imag <= height)
    return float(np.count_nonzero(inside)) / _GRID.size
