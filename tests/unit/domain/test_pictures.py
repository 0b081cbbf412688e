"""What a picture's header says, of any bytes at all."""

import struct
from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.pictures import read_header
from regulars.errors import InputRefused


def encoded(suffix: str, width: int = 40, height: int = 30) -> bytes:
    image = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    done, coded = cv2.imencode(suffix, image)
    assert done
    return coded.tobytes()


@pytest.mark.parametrize(("suffix", "format_"), [(".jpg", "jpeg"), (".png", "png")])
def test_the_size_is_read_without_decoding(suffix: str, format_: str) -> None:
    header = read_header(encoded(suffix))
    assert (header.format, header.width, header.height) == (format_, 40, 30)


def test_a_progressive_jpeg_is_read_too() -> None:
    done, coded = cv2.imencode(".jpg", np.zeros((20, 10, 3), np.uint8), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    assert done
    header = read_header(coded.tobytes())
    assert (header.width, header.height) == (10, 20)


def test_a_bomb_says_its_size_in_the_header() -> None:
    small = encoded(".jpg")
    at = small.index(b"\xff\xc0")
    bomb = small[: at + 5] + struct.pack(">HH", 65_000, 65_000) + small[at + 9 :]
    assert read_header(bomb).width == 65_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_picture"),
        (b"GIF89a........", "not_a_picture"),
        (b"RIFF....WEBPVP8 ", "not_a_picture"),
        (encoded(".jpg")[:-40], "corrupt_picture"),
        (encoded(".png")[:-20], "corrupt_picture"),
        (b"\xff\xd8\xff\xd9", "corrupt_picture"),
        (b"\xff\xd8\xff\xe0\x00\x00\xff\xd9", "corrupt_picture"),
        (b"\x89PNG\r\n\x1a\n", "corrupt_picture"),
    ],
)
def test_what_is_no_whole_picture_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_header(content)
    assert refused.value.reason == reason


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for begin in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        for end in (b"", b"\xff\xd9", b"IEND\xae\x42\x60\x82"):
            with suppress(InputRefused):
                header = read_header(begin + content + end)
                assert min(header.width, header.height) > 0
