"""How many were inside and how long they stayed, from what was seen and from nothing else."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.presence import Movement, Passage, dwell, dwell_of, occupancy
from regulars.domain.tracks import Direction

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
Way = Literal["in", "out"]


def minute(number: float) -> datetime:
    return NINE + timedelta(minutes=number)


def moved(*story: tuple[float, Way]) -> list[Movement]:
    return [Movement(minute(at), direction) for at, direction in story]


def passage(begins: float, ends: float, direction: Direction) -> Passage:
    return Passage(minute(begins), minute(ends), direction)


def test_inside_is_who_came_in_minus_who_went_out() -> None:
    found = occupancy(moved((0, "in"), (10, "in"), (20, "out"), (30, "in"), (40, "out"), (50, "out")))
    assert found is not None
    assert (found.peak, found.peak_at) == (2, minute(10))
    assert (found.unseen_in, found.left_over) == (0, 0)
    assert found.mean == (10 * 1 + 10 * 2 + 10 * 1 + 10 * 2 + 10 * 1) / 50


def test_one_direction_alone_says_nothing() -> None:
    assert occupancy([]) is None
    assert occupancy(moved((0, "in"), (1, "in"))) is None
    assert occupancy(moved((0, "out"))) is None


def test_who_leaves_an_empty_shop_came_in_unseen_and_nobody_is_less_than_nobody() -> None:
    found = occupancy(moved((0, "out"), (1, "out"), (2, "in")))
    assert found is not None
    assert (found.peak, found.unseen_in, found.left_over) == (1, 2, 1)


@given(st.lists(st.tuples(st.integers(0, 600), st.sampled_from(["in", "out"])), max_size=40), st.integers())
def test_people_are_never_invented_or_lost(story: list[tuple[float, Way]], seed: int) -> None:
    found = occupancy(moved(*story))
    if found is None:
        assert len({way for _, way in story}) < 2
        return
    ways = [way for _, way in story]
    assert found.left_over == ways.count("in") + found.unseen_in - ways.count("out")
    assert 0 <= found.mean <= found.peak <= ways.count("in")
    Random(seed).shuffle(story)
    assert occupancy(moved(*story)) == found


def test_a_stay_is_known_only_when_coming_and_going_were_seen() -> None:
    came, went, passed = passage(0, 0.1, "in"), passage(30, 30.2, "out"), passage(10, 11, "unknown")
    assert dwell_of([came, passed, went]) == timedelta(minutes=30.2)
    assert dwell_of([came, passed]) is None
    assert dwell_of([went]) is None
    assert dwell_of([passage(0, 1, "out"), passage(5, 6, "in")]) is None, "who went out first was not seen coming"


def test_stays_that_are_not_known_do_not_count_as_short() -> None:
    known = [[passage(0, 0, "in"), passage(minutes, minutes, "out")] for minutes in (10, 20, 60)]
    found = dwell([*known, [passage(0, 1, "in")]])
    assert found is not None
    assert (found.visits, found.median_s, found.mean_s) == (3, 1200, 1800)
    assert dwell([[passage(0, 1, "in")]]) is None
