"""Which packets are decoded while nothing goes on, and in which order their pictures come."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from realtime_workers.decoder import Arrived, Decoder
from realtime_workers.resting_decoder import LONGEST_GROUP_S, RestingDecoder
from realtime_workers.source import Picture, Rest

FPS = 10


def packet(number: int, *, keys_every: int = 20, pts: int | None = -1, size: int = 1000) -> Arrived:
    """The packet of picture `number`, which came when its stamp says."""
    stamp = number if pts == -1 else pts
    made = SimpleNamespace(size=size, pts=stamp, time_base=Fraction(1, FPS), is_keyframe=number % keys_every == 0)
    return Arrived(cast("Any", made), number / FPS)


class NotingDecoder:
    """Gives one picture for each packet, named by the packet's arrival, and notes in which order it was asked."""

    def __init__(self, delayed: int = 0) -> None:
        self.asked: list[str] = []
        self._delayed, self._inside = delayed, list[Arrived]()

    def pictures(self, arrived: Arrived) -> Iterator[Picture]:
        self.asked.append(str(number_of(arrived.at_s)))
        self._inside.append(arrived)
        if len(self._inside) > self._delayed:
            at_s = self._inside.pop(0).at_s
            yield Picture(at_s, lambda: np.zeros((16, 16, 3), np.uint8), arrived_s=at_s)

    def forget(self) -> None:
        self.asked.append("forget")
        self._inside.clear()


class Sleeper:
    """Rests from the first picture to that before `until`; sees something new in the pictures `new`."""

    def __init__(self, until: int = 1000, new: Sequence[int] = ()) -> None:
        self.until, self.new, self.now = until, new, 0

    def resting(self) -> bool:
        return self.now < self.until

    def unchanged(self, picture: Picture) -> bool:
        return number_of(picture.stream_s) not in self.new


def number_of(at_s: float | None) -> int:
    return round((at_s or 0.0) * FPS)


def seen(packets: Sequence[Arrived], sleeper: Sleeper, decoder: NotingDecoder | None = None) -> list[tuple[int, bool]]:
    """The number of each picture that came, and whether it was held."""
    resting = RestingDecoder(cast("Decoder", decoder or NotingDecoder()), cast("Rest", sleeper))
    got: list[Picture] = []
    for one in packets:
        sleeper.now = number_of(one.at_s)
        got += resting.pictures(one)
    got += resting.left()
    return [(number_of(picture.stream_s), picture.held) for picture in got]


def test_at_rest_one_picture_a_second_is_seen_and_those_before_a_key_picture_are_never_decoded() -> None:
    decoder = NotingDecoder()
    pictures = seen([packet(number) for number in range(41)], Sleeper(), decoder)
    # Eleven at once, of the second group ten, as is known now how far key pictures are apart; the others not at all.
    decoded = [*range(12), *range(20, 31), 40]
    assert [number for number, _ in pictures] == decoded
    assert [held for _, held in pictures] == [number % 20 != 0 for number in decoded]
    assert [int(one) for one in decoder.asked if one != "forget"] == decoded


def test_nothing_but_key_pictures_is_decoded_where_one_comes_every_second() -> None:
    assert seen([packet(number, keys_every=10) for number in range(31)], Sleeper()) == [
        (0, False),
        (10, False),
        (20, False),
        (30, False),
    ]


@pytest.mark.parametrize(("keys_every", "decoded"), [(10, 1), (12, 3), (15, 6), (30, 21), (40, 31)])
def test_no_more_is_decoded_than_leaves_a_second_before_the_next_key_picture(keys_every: int, decoded: int) -> None:
    numbers = [n for n, _ in seen([packet(n, keys_every=keys_every) for n in range(4 * keys_every)], Sleeper())]
    third = [n for n in numbers if 2 * keys_every <= n < 3 * keys_every]
    assert third == list(range(2 * keys_every, 2 * keys_every + decoded))
    assert max(later - n for n, later in pairwise(numbers)) <= 10


def test_a_key_picture_that_shows_something_new_brings_all_before_it_in_turn() -> None:
    decoder = NotingDecoder()
    pictures = seen([packet(number) for number in range(41)], Sleeper(new=[20]), decoder)
    assert pictures[:21] == [(number, number != 0) for number in range(20)] + [(20, False)]
    again = decoder.asked.index("20")
    assert decoder.asked[again - 1 : again + 2] == ["forget", "20", "forget"]
    assert decoder.asked[again + 2 : again + 23] == [str(number) for number in range(21)]


@pytest.mark.parametrize("until", [5, 13, 20, 21])
def test_when_something_goes_on_all_that_is_held_comes_first_and_nothing_twice(until: int) -> None:
    pictures = seen([packet(number) for number in range(40)], Sleeper(until))
    numbers = [number for number, _ in pictures]
    assert numbers == (list(range(40)) if until < 21 else [*range(12), *range(20, 40)])
    assert [number for number, held in pictures if held] == list(range(1, min(until, 20)))[: 11 if until == 21 else 20]


def test_what_is_held_when_the_stream_breaks_is_still_seen() -> None:
    assert [number for number, _ in seen([packet(number) for number in range(8)], Sleeper())] == list(range(8))


def test_of_a_camera_without_near_key_pictures_every_picture_is_decoded() -> None:
    count = round(LONGEST_GROUP_S * FPS) + 40
    far = [packet(number, keys_every=1000) for number in range(count)]
    assert [number for number, _ in seen(far, Sleeper())] == list(range(count))
    large = [packet(number, size=1_000_000) for number in range(20)]
    assert [number for number, _ in seen(large, Sleeper())] == list(range(20))


def test_a_decoder_that_hands_out_late_loses_and_repeats_nothing() -> None:
    decoder = NotingDecoder(delayed=2)
    pictures = seen([packet(number) for number in range(60)], Sleeper(), decoder)
    assert [number for number, _ in pictures] == list(range(58))
    assert decoder.asked.count("forget") == 2, "then it is known"


@pytest.mark.parametrize("stamps", [None, 7])
def test_a_stream_without_stamps_or_whose_stamps_stand_still_is_seen_every_second_of_its_arrival(
    stamps: int | None,
) -> None:
    unstamped = [packet(number, pts=stamps) for number in range(21)]
    assert [number for number, _ in seen(unstamped, Sleeper())] == [*range(12), 20]


def test_stamps_that_jump_back_lose_nobody() -> None:
    back = [packet(number, pts=100 - number) for number in range(20)]
    assert [number for number, _ in seen(back, Sleeper())] == list(range(20))


def test_a_file_without_stamps_is_decoded_whole() -> None:
    unstamped = [Arrived(packet(number, pts=None).packet, None) for number in range(20)]
    resting = RestingDecoder(cast("Decoder", NotingDecoder()), cast("Rest", Sleeper()))
    assert sum(len(list(resting.pictures(one))) for one in unstamped) == 20
