"""Pictures as strangers send them: broken, hostile, merely unusual; read or refused with a reason, none is a defect."""

import io
import struct
import zlib
from contextlib import suppress
from typing import Any

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import InputRefused
from regulars.steps.look_at_picture import MAX_PHOTOGRAPH_BYTES, look_at_picture
from regulars.vision.decode import decode_photograph
from tests.fake_pack import FakeDetector, photograph_of

SIDE_PX = 240
GRAIN = np.random.default_rng(5).integers(60, 200, (SIDE_PX, SIDE_PX, 3), np.uint8)


def saved(kind: str, image: PIL.Image.Image | None = None, **how: Any) -> bytes:
    file = io.BytesIO()
    (image or PIL.Image.fromarray(GRAIN)).save(file, kind, **how)
    return file.getvalue()


def converted(mode: str, kind: str = "PNG") -> bytes:
    return saved(kind, PIL.Image.fromarray(GRAIN).convert(mode))


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, data: bytes, *, depth: int = 8, more: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def with_size(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def spoilt(parts: int, seed: int) -> bytes:
    """A JPEG with bytes of its picture data changed."""
    broken, dice = bytearray(saved("JPEG", quality=95)), np.random.default_rng(seed)
    for at in dice.integers(700, len(broken) - 2, parts):
        broken[int(at)] = int(dice.integers(0, 256))
    return bytes(broken)


JPEG = saved("JPEG", quality=95)
PNG = saved("PNG")
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not_a_picture"),
    "one byte": (b"\xff", "not_a_picture"),
    "a text": (b"hello", "not_a_picture"),
    "an SVG named .jpg": (SVG, "not_a_picture"),
    "an SVG behind a JPEG's first bytes": (b"\xff\xd8\xff\xe0" + SVG, "corrupt_picture"),
    "a web page": (b"<html><img src=x onerror=alert(1)></html>", "not_a_picture"),
    "a program": (b"\x7fELF" + bytes(200), "not_a_picture"),
    "a GIF": (saved("GIF"), "not_a_picture"),
    "a WebP": (saved("WEBP"), "not_a_picture"),
    "a TIFF": (saved("TIFF"), "not_a_picture"),
    "a BMP": (saved("BMP"), "not_a_picture"),
    "a PDF": (b"%PDF-1.7\n" + bytes(100), "not_a_picture"),
    "a ZIP": (b"PK\x03\x04" + bytes(100), "not_a_picture"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], "corrupt_picture"),
    "a JPEG without its last bytes": (JPEG[:-100], "corrupt_picture"),
    "half a PNG": (PNG[: len(PNG) // 2], "corrupt_picture"),
    "a JPEG that ends after its beginning": (b"\xff\xd8\xff\xd9", "corrupt_picture"),
    "a JPEG header that runs into nothing": (b"\xff\xd8\xff\xe0\xff\xff" + bytes(20) + b"\xff\xd9", "corrupt_picture"),
    "a JPEG header that goes in a circle": (b"\xff\xd8\xff\xe0\x00\x00" + bytes(64) + b"\xff\xd9", "corrupt_picture"),
    "only markers": (b"\xff\xd8" + b"\xff" * 5000 + b"\xff\xd9", "corrupt_picture"),
    "a CMYK JPEG": (converted("CMYK", "JPEG"), "unusual_colours"),
    "16 bits a colour": (png(10, 10, zlib.compress(bytes(10 * 61)), depth=16), "unusual_colours"),
    "a PNG bomb": (png(50_000, 50_000, zlib.compress(bytes(1000))), "picture_too_large"),
    "a PNG of 100 million pixels": (png(10_000, 10_000, zlib.compress(bytes(1000))), "picture_too_large"),
    "a JPEG bomb": (with_size(JPEG, 65_000, 65_000), "picture_too_large"),
    "a JPEG as flat as a line": (with_size(JPEG, 65_000, 1), "picture_too_large"),
    "a picture without pixels": (png(0, 10, zlib.compress(b"")), "corrupt_picture"),
    "a PNG of a negative size": (png(0xFFFFFFFF, 0xFFFFFFFF, b""), "picture_too_large"),
    "a PNG whose data is something else": (png(240, 240, b"no zlib here"), "corrupt_picture"),
    "hundreds of layers": (JPEG[:-2] + b"\xff\xda\x00\x08" * 500 + b"\xff\xd9", "corrupt_picture"),
    "more than 10 MB": (JPEG + bytes(MAX_PHOTOGRAPH_BYTES), "file_too_large"),
    "a wall": (saved("JPEG", PIL.Image.new("RGB", (300, 300), (120, 120, 120))), "no_face"),
    "one pixel": (saved("PNG", PIL.Image.new("RGB", (1, 1))), "no_face"),
    "two people": (photograph_of(3, people=2), "several_faces"),
}
GOOD: dict[str, bytes] = {
    "a JPEG": JPEG,
    "a progressive JPEG": saved("JPEG", progressive=True, quality=95),
    "a PNG": PNG,
    "an interlaced palette": converted("P"),
    "a PNG with transparency": converted("RGBA"),
    "grey": converted("L", "JPEG"),
    "a PNG with a text of a megabyte in a few bytes": png(
        SIDE_PX,
        SIDE_PX,
        zlib.compress(b"".join(b"\x00" + row.tobytes() for row in GRAIN)),
        more=chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(1_000_000))),
    ),
    "a JPEG with a broken colour profile": saved("JPEG", icc_profile=b"no profile" * 100, quality=95),
    "a JPEG with a script behind it": JPEG + b"<script>",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_of_no_use_has_a_reason_and_a_sentence(what: str) -> None:
    content, reason = REFUSED[what]
    with pytest.raises(InputRefused) as refusal:
        look_at_picture(content, FakeDetector())
    assert refusal.value.reason == reason
    assert refusal.value.detail.endswith(".")


@pytest.mark.parametrize("what", GOOD)
def test_what_telephones_and_editors_write_is_looked_at(what: str) -> None:
    assert look_at_picture(GOOD[what], FakeDetector()).image.size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_upright(orientation: int) -> None:
    corner = PIL.Image.fromarray(np.zeros((40, 80, 3), np.uint8))
    corner.paste((255, 255, 255), (0, 0, 20, 20))
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    upright = decode_photograph(saved("JPEG", corner, exif=exif, quality=95), 1000, 1_000_000)
    assert upright.shape[:2] == ((40, 80) if orientation < 5 else (80, 40))
    rows, columns = np.nonzero(upright[:, :, 0] > 128)
    at_bottom, at_right = rows.mean() > upright.shape[0] / 2, columns.mean() > upright.shape[1] / 2
    assert (at_bottom, at_right) == {1: (False, False), 2: (False, True), 3: (True, True), 4: (True, False)}.get(
        orientation, {5: (False, False), 6: (False, True), 7: (True, True), 8: (True, False)}.get(orientation)
    )


@pytest.mark.parametrize("bytes_spoilt", [3, 200])
def test_a_damaged_photograph_is_looked_at_or_refused(bytes_spoilt: int) -> None:
    for seed in range(30):
        with suppress(InputRefused):
            assert look_at_picture(spoilt(bytes_spoilt, seed), FakeDetector()).image.size


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", JPEG[:600], PNG[:200]]))
def test_no_bytes_at_all_are_a_defect(tail: bytes, head: bytes) -> None:
    with pytest.raises(InputRefused):
        look_at_picture(head + tail, FakeDetector())
    with pytest.raises(InputRefused):
        decode_photograph(head + tail, 100, 1000)
