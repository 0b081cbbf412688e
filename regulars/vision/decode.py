"""Before a face is embedded: from the bytes of a picture, whose header was already found sane, to pixels."""

import cv2
import numpy as np

from regulars.domain.faces import Image
from regulars.domain.pictures import read_header
from regulars.errors import InputRefused


def decode_picture(content: bytes, max_side_px: int) -> Image:
    """Return a JPEG or PNG as BGR, uint8 [height, width, 3].

    The header is read first, so nothing larger than `max_side_px` on a side is ever unpacked. Raises InputRefused
    `not_a_picture`, `picture_too_large` or `corrupt_picture`.
    """
    header = read_header(content)
    if max(header.width, header.height) > max_side_px:
        raise InputRefused(
            "picture_too_large",
            f"The picture claims {header.width}x{header.height} pixels; at most {max_side_px} on a side are opened.",
        )
    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as failure:
        raise InputRefused("corrupt_picture", "The picture cannot be decoded.") from failure
    decoded = None if image is None else np.asarray(image, np.uint8)
    if decoded is None or decoded.shape[:2] != (header.height, header.width):
        raise InputRefused("corrupt_picture", "The picture cannot be decoded.")
    return decoded
