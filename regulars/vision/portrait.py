"""After a photograph was judged: the part of it that is kept, one face and nobody else, without what the file told."""

import cv2
import numpy as np

from regulars.domain.faces import Detection, Image

AROUND = 0.6
"""Kept on each side of the face box, in box sides: hair and chin, and room for the detector to find the face again."""
PORTRAIT_SIDE_PX = 1024
QUALITY = 92


def portrait(image: Image, face: Detection) -> bytes:
    """Return the face in a BGR picture as a JPEG of at most PORTRAIT_SIDE_PX a side.

    Bystanders, and what cameras write into files (place, time, owner), stay out.
    """
    x, y, width, height = face.box
    rows, columns = image.shape[:2]
    left, top = max(0, int(x - AROUND * width)), max(0, int(y - AROUND * height))
    right = min(columns, int(x + (1 + AROUND) * width) + 1)
    bottom = min(rows, int(y + (1 + AROUND) * height) + 1)
    part = image[top:bottom, left:right]
    scale = PORTRAIT_SIDE_PX / max(part.shape[:2])
    if scale < 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    _, coded = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return coded.tobytes()
