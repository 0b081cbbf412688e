"""Real H.264 of x264 in which packets are lost, doubled or numbered oddly: what is let through is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from realtime_workers.h264_order import LONGEST_BREAK_PICTURES, MOST_BREAKS, PictureOrder

FPS, KEY_EVERY = 25, 30
ENCODINGS: dict[str, tuple[str, dict[str, str]]] = {
    "as cameras do": ("yuv420p", {"tune": "zerolatency"}),
    "baseline": ("yuv420p", {"profile": "baseline"}),
    "with pictures nobody builds on": ("yuv420p", {"bf": "2", "x264-params": "b-pyramid=normal"}),
    "with open groups": ("yuv420p", {"bf": "2", "x264-params": "open-gop=1"}),
    "in slices": ("yuv420p", {"x264-params": "slices=4"}),
    "interlaced": ("yuv420p", {"x264-params": "interlaced=1"}),
    "with scaling lists": ("yuv420p", {"x264-params": "cqm=jvt"}),
    "in full colour": ("yuv444p", {"tune": "zerolatency"}),
}


@dataclass(frozen=True)
class Sent:
    """A packet as it comes from a camera."""

    data: bytes
    at_s: float
    key: bool


@cache
def film(encoding: str, count: int = 120) -> tuple[Sent, ...]:
    pixels, options = ENCODINGS[encoding]
    library: Any = av
    encoder = library.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.gop_size = 96, 64, pixels, KEY_EVERY
    encoder.framerate = FPS
    encoder.options = {"preset": "veryfast", "sc_threshold": "0", **options}
    packets: list[Any] = []
    for number in range(count):
        frame = library.VideoFrame.from_ndarray(_scene(number), format="bgr24").reformat(format=pixels)
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return tuple(Sent(bytes(packet), packet.dts / FPS, bool(packet.is_keyframe)) for packet in packets)


def _scene(number: int) -> NDArray[np.uint8]:
    picture = np.tile(np.arange(96, dtype=np.uint8) * 2, (64, 1))
    picture[16:48, number % 64 : number % 64 + 32] = np.roll(np.arange(32, dtype=np.uint8) * 8, number)
    return np.repeat(picture[..., None], 3, axis=2)


def let_through(packets: Sequence[Sent]) -> list[Sent]:
    order = PictureOrder(b"")
    return [one for one in packets if order.whole(one.data, one.at_s, key=one.key)]


def shown(packets: Sequence[Sent]) -> list[bytes]:
    library: Any = av
    decoder = library.CodecContext.create("h264", "r")
    frames: list[Any] = []
    for one in packets:
        frames += decoder.decode(library.Packet(one.data))
    frames += decoder.decode(None)
    return [frame.to_ndarray(format="gray").tobytes() for frame in frames]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_stream_in_order_is_let_through(encoding: str) -> None:
    assert len(let_through(film(encoding))) == 120


@pytest.mark.parametrize("lost", [1, 2, 5, 16, 17, 32])
@pytest.mark.parametrize("encoding", ["as cameras do", "baseline", "in slices", "with scaling lists"])
def test_behind_a_gap_nothing_is_shown_until_the_next_key_picture(encoding: str, lost: int) -> None:
    packets = film(encoding)
    at = KEY_EVERY + 4
    key_after = next(number for number in range(at + lost, 120) if packets[number].key)
    assert let_through([*packets[:at], *packets[at + lost :]]) == [*packets[:at], *packets[key_after:]]


@pytest.mark.parametrize("encoding", ["as cameras do", "baseline", "in full colour"])
def test_what_is_shown_of_a_bad_line_is_what_the_camera_saw(encoding: str) -> None:
    packets = film(encoding)
    dice = np.random.default_rng(4)
    arrived = [one for one in packets for _ in range(int(dice.choice([0, 1, 2], p=[0.03, 0.87, 0.1])))]
    seen = set(shown(packets))
    assert not set(shown(arrived)) <= seen  # or the line was not bad enough to show anything
    whole = shown(let_through(arrived))
    assert set(whole) <= seen
    assert len(whole) > 40


def test_a_picture_that_comes_twice_is_shown_once() -> None:
    packets = film("as cameras do")
    assert let_through([one for one in packets for _ in range(3)]) == list(packets)


def test_losing_pictures_nobody_builds_on_costs_only_them() -> None:
    packets = film("with pictures nobody builds on")
    lost = [number for number, one in enumerate(packets) if all(unit >> 5 & 3 == 0 for unit in _slices(one.data))]
    assert len(lost) > 10
    arrived = [one for number, one in enumerate(packets) if number not in set(lost)]
    assert let_through(arrived) == arrived


def _slices(data: bytes) -> list[int]:
    starts = [unit[0] for unit in data.split(b"\x00\x00\x01")[1:]]
    return [head for head in starts if head & 31 in (1, 5)]


def test_a_camera_that_numbers_otherwise_is_believed_after_a_while() -> None:
    odd = [one for number, one in enumerate(film("as cameras do", 600)) if one.key or number % 2]
    passed = let_through(odd)
    assert passed[-100:] == odd[-100:]
    assert len(odd) - len(passed) < 10 * MOST_BREAKS


def test_a_camera_without_key_pictures_is_not_waited_for_without_end() -> None:
    order, packets = PictureOrder(b""), film("as cameras do")
    endless = [packets[0], *[packets[1 + number % 20] for number in range(2, LONGEST_BREAK_PICTURES + 100)]]
    passed = [order.whole(one.data, None, key=number == 0) for number, one in enumerate(endless)]
    assert not passed[5]
    assert passed[-1]


def test_a_rate_that_falls_is_followed() -> None:
    packets = film("as cameras do")
    times = [number / 25 if number < 60 else 2.4 + (number - 60) * 2.0 for number in range(120)]
    slower = [Sent(one.data, at_s, one.key) for one, at_s in zip(packets, times, strict=True)]
    assert len(let_through(slower)) > 85


@given(st.binary(max_size=60), st.lists(st.tuples(st.binary(max_size=60), st.booleans()), max_size=8))
def test_no_bytes_break_it(parameters: bytes, packets: list[tuple[bytes, bool]]) -> None:
    order = PictureOrder(parameters)
    for data, key in packets:
        assert order.whole(b"\x00\x00\x01\x67" + data, 0.0, key=key) in (True, False)
        assert order.whole(b"\x00\x00\x01\x41" + data, None, key=key) in (True, False)
