"""Before a face is embedded: from the bytes of a picture, whose header was already found sane, to pixels."""

import cv2
import numpy as np

from regulars.domain.faces import Image
from regulars.domain.pictures import PictureHeader, read_header
from regulars.errors import InputRefused


def decode_picture(content: bytes, max_side_px: int) -> Image:
    """Return a JPEG or PNG as BGR, uint8 [height, width, 3], as it is stored.

    The header is read first, so nothing larger than `max_side_px` on a side is ever unpacked. Raises InputRefused
    `not_a_picture`, `picture_too_large`, `unusual_colours` or `corrupt_picture`.
    """
    header = _sane_header(content, max_side_px, max_side_px * max_side_px)
    return _decoded(content, header, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)


def decode_photograph(content: bytes, max_side_px: int, max_pixels: int) -> Image:
    """Return a photograph as BGR, uint8 [height, width, 3], upright as its EXIF orientation says.

    Raises like `decode_picture`; `max_pixels` bounds the memory, as a side alone would not.
    """
    return _decoded(content, _sane_header(content, max_side_px, max_pixels), cv2.IMREAD_COLOR)


def _sane_header(content: bytes, max_side_px: int, max_pixels: int) -> PictureHeader:
    header = read_header(content)
    if max(header.width, header.height) > max_side_px or header.width * header.height > max_pixels:
        raise InputRefused(
            "picture_too_large",
            f"The picture claims {header.width}x{header.height} pixels; at most {max_side_px} on a side and "
            f"{max_pixels / 1e6:.0f} million in all are opened.",
        )
    return header


def _decoded(content: bytes, header: PictureHeader, how: int) -> Image:
    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), how)
    except cv2.error as failure:
        raise InputRefused("corrupt_picture", "The picture cannot be decoded.") from failure
    decoded = None if image is None else np.asarray(image, np.uint8)
    # A side may have become the other one: turned upright, it is still this picture.
    if decoded is None or sorted(decoded.shape[:2]) != sorted((header.height, header.width)):
        raise InputRefused("corrupt_picture", "The picture cannot be decoded.")
    return decoded
