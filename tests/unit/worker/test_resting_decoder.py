"""Which packets are decoded while nothing goes on, and in which order their pictures come."""

from collections.abc import Iterator, Sequence
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
    made = SimpleNamespace(size=size, is_keyframe=number % keys_every == 0)
    return Arrived(cast("Any", made), number / FPS, None if stamp is None else stamp / FPS)


class NotingDecoder:
    """Gives one picture for each packet, named by the packet's arrival, and notes in which order it was asked."""

    def __init__(self, delayed: int = 0, *, rough: bool = False) -> None:
        self.asked: list[str] = []
        self.others: list[NotingDecoder] = []
        self.rough = rough
        self._delayed, self._inside = delayed, list[Arrived]()

    def another(self, *, rough: bool) -> "NotingDecoder":
        self.others.append(NotingDecoder(self._delayed, rough=rough))
        return self.others[-1]

    def pictures(self, arrived: Arrived) -> Iterator[Picture]:
        self.asked.append(str(number_of(arrived.at_s)))
        self._inside.append(arrived)
        if len(self._inside) > self._delayed:
            at_s = self._inside.pop(0).at_s
            rough = self.rough and not arrived.packet.is_keyframe
            yield Picture(at_s, lambda: np.zeros((16, 16, 3), np.uint8), arrived_s=at_s, rough=rough)

    def forget(self) -> None:
        self.asked.append("forget")
        self._inside.clear()

    @property
    def decoded(self) -> list[int]:
        return [int(one) for one in self.asked if one != "forget"]


class Sleeper:
    """Rests from the first picture to that before `until`; sees something new in the pictures `new`, or rough ones."""

    def __init__(self, until: int = 1000, new: Sequence[int] = (), *, rough_is_new: bool = False) -> None:
        self.until, self.new, self.now = until, new, 0
        self.compared: list[int] = []
        self._rough_is_new = rough_is_new

    def resting(self) -> bool:
        return self.now < self.until

    def unchanged(self, picture: Picture) -> bool:
        self.compared.append(number_of(picture.stream_s))
        return self.compared[-1] not in self.new and not (picture.rough and self._rough_is_new)


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
    decoder, sleeper = NotingDecoder(), Sleeper()
    pictures = seen([packet(number) for number in range(61)], sleeper, decoder)
    # Eleven at once, as it is not known yet how far key pictures are apart; of the next groups the key picture.
    assert pictures == [(number, number % 20 != 0) for number in [*range(12), 20, 40, 60]]
    assert decoder.decoded == [*range(12), 60], "the last group's, in case more comes"
    (glancer,) = decoder.others
    assert glancer.rough
    assert glancer.asked == ["forget", *map(str, range(20, 31)), "forget", *map(str, range(40, 51)), "forget", "60"]
    assert sleeper.compared == [20, *range(22, 31, 2), 40, *range(42, 51, 2), 60], "five a second"


def test_what_is_decoded_and_left_out_is_counted() -> None:
    resting = RestingDecoder(cast("Decoder", NotingDecoder()), Sleeper())
    got = [picture for number in range(61) for picture in resting.pictures(packet(number))]
    assert {number_of(picture.stream_s): picture.glanced for picture in got if picture.glanced} == {40: 10, 60: 10}


@pytest.mark.parametrize("new", [24, 30])
def test_a_glance_that_shows_something_new_brings_all_that_is_held_in_turn(new: int) -> None:
    decoder = NotingDecoder()
    pictures = seen([packet(number) for number in range(41)], Sleeper(new=[new]), decoder)
    assert pictures == [(number, number % 20 != 0) for number in [*range(12), *range(20, 31), 40]]
    assert decoder.decoded == [*range(12), *range(20, 31), 40], "by the decoder of all other times"
    assert decoder.others[0].decoded == [*range(20, new + 1), 40]


def test_who_is_deceived_by_rough_pictures_glances_at_others_until_the_next_rest() -> None:
    decoder, sleeper = NotingDecoder(), Sleeper(rough_is_new=True)
    resting = RestingDecoder(cast("Decoder", decoder), sleeper)
    for number in range(140):
        sleeper.now, sleeper.until = number, 90 if number < 95 else 1000
        list(resting.pictures(packet(number)))
    assert [other.rough for other in decoder.others] == [True, False, True]
    assert decoder.others[1].decoded == [*range(40, 51), *range(60, 71), 80], "the group's key picture once more"


def test_nothing_but_key_pictures_is_decoded_where_one_comes_every_second() -> None:
    assert seen([packet(number, keys_every=10) for number in range(31)], Sleeper()) == [
        (0, False),
        (10, False),
        (20, False),
        (30, False),
    ]


@pytest.mark.parametrize(("keys_every", "decoded"), [(10, 1), (12, 3), (15, 6), (30, 21), (40, 31)])
def test_no_more_is_decoded_than_leaves_a_second_before_the_next_key_picture(keys_every: int, decoded: int) -> None:
    decoder, sleeper = NotingDecoder(), Sleeper()
    handed_out = seen([packet(n, keys_every=keys_every) for n in range(4 * keys_every)], sleeper, decoder)
    third = [n for n in decoder.others[0].decoded if 2 * keys_every <= n < 3 * keys_every]
    assert third == list(range(2 * keys_every, 2 * keys_every + decoded))
    assert max(later - n for n, later in pairwise(sorted({n for n, _ in handed_out} | {*sleeper.compared}))) <= 10


def test_a_key_picture_that_shows_something_new_brings_all_before_it_in_turn() -> None:
    decoder = NotingDecoder()
    pictures = seen([packet(number) for number in range(41)], Sleeper(new=[40]), decoder)
    assert pictures == [(number, number % 20 != 0) for number in [*range(12), *range(20, 41)]]
    assert decoder.asked == [*map(str, range(12)), "forget", *map(str, range(20, 41))]


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
    assert [other.asked for other in decoder.others] == [["forget", "20"]], "then it is known"


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
    unstamped = [Arrived(packet(number).packet, None, None) for number in range(20)]
    resting = RestingDecoder(cast("Decoder", NotingDecoder()), cast("Rest", Sleeper()))
    assert sum(len(list(resting.pictures(one))) for one in unstamped) == 20
