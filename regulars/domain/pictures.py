"""Before a picture is decoded: what its header claims, so that a picture bomb is refused without being opened."""

import struct
from dataclasses import dataclass
from typing import Literal

from regulars.errors import InputRefused

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAME_MARKERS = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive Huffman frames: what decoders read. Arithmetic and lossless JPEG they do not."""
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_MOST_SCANS = 64
"""Cameras and editors write at most a dozen; each further scan of a progressive JPEG costs its decoder a whole pass."""


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """Format and size in pixels, as the header claims them."""

    format: Literal["jpeg", "png"]
    width: int
    height: int


def read_header(content: bytes) -> PictureHeader:
    """Return what the first bytes of a JPEG or PNG say.

    Raises InputRefused `not_a_picture` for anything else, `unusual_colours` for CMYK and for more than 8 bits a colour,
    and `corrupt_picture` for a header that makes no sense or a file that stops before its end marker.
    """
    if content.startswith(_PNG):
        header = _png(content)
    elif content.startswith(b"\xff\xd8\xff"):
        header = _jpeg(content)
    else:
        raise InputRefused("not_a_picture", "The file is neither JPEG nor PNG.")
    if header.width < 1 or header.height < 1:
        raise InputRefused("corrupt_picture", "The picture claims to have no pixels.")
    return header


def _png(content: bytes) -> PictureHeader:
    if len(content) < 33 or content[12:16] != b"IHDR" or b"IEND" not in content[-12:]:
        raise InputRefused("corrupt_picture", "The PNG is cut off or has no header.")
    width, height = struct.unpack(">II", content[16:24])
    if content[24] > 8:
        raise InputRefused("unusual_colours", "The PNG has more than 8 bits a colour; save it as an ordinary JPEG.")
    return PictureHeader("png", width, height)


def _jpeg(content: bytes) -> PictureHeader:
    if b"\xff\xd9" not in content[-64:]:
        raise InputRefused("corrupt_picture", "The JPEG stops before its end marker.")
    if content.count(b"\xff\xda") > _MOST_SCANS:
        raise InputRefused("corrupt_picture", "The JPEG is made of far more layers than any camera writes.")
    at = 2
    while at + 10 <= len(content):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAME_MARKERS:
            precision, height, width, colours = struct.unpack(">BHHB", content[at + 4 : at + 10])
            if precision != 8 or colours not in (1, 3):
                raise InputRefused(
                    "unusual_colours", "The JPEG is made for printing (CMYK); save it as an ordinary RGB JPEG."
                )
            return PictureHeader("jpeg", width, height)
        if marker in _OTHER_FRAMES or marker in (0xD9, 0xDA):
            break
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    raise InputRefused("corrupt_picture", "The JPEG has no readable frame header.")
