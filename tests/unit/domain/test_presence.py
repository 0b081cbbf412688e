"""How many were inside and how long they stayed, from what was seen and from nothing else."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.presence import (
    Movement,
    Passage,
    Passed,
    dwell,
    dwell_of,
    inside_now,
    occupancy,
    passed_of,
    why_inside_is_unknown,
)
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


def test_a_day_on_which_fewer_than_nine_of_ten_were_seen_both_ways_says_nothing() -> None:
    came: list[tuple[float, Way]] = [(number, "in") for number in range(20)]
    left: list[tuple[float, Way]] = [(60 + number, "out") for number in range(18)]
    seen = occupancy(moved(*came, *left))
    assert seen is not None
    assert (seen.peak, seen.left_over) == (20, 2)
    assert occupancy(moved(*came, *left[1:])) is None, "it would tell more of the missed than of who is there"
    other_way: list[tuple[float, Way]] = [*came[:17], *((60.0 + number, "out") for number in range(20))]
    assert occupancy(moved(*other_way)) is None


def test_who_leaves_an_empty_shop_came_in_unseen_and_nobody_is_less_than_nobody() -> None:
    found = occupancy(moved((0, "out"), (1, "out"), (2, "in"), (3, "in")))
    assert found is not None
    assert (found.peak, found.unseen_in, found.left_over) == (2, 2, 2)


WELL_SEEN, ONLY_COMING, ONLY_LEAVING = Passed(100, 92), Passed(100, 30), Passed(30, 100)


def test_inside_now_is_told_by_the_days_before_so_that_it_does_not_come_and_go() -> None:
    busy = Passed(60, 20)
    assert why_inside_is_unknown([WELL_SEEN], busy) is None, "who sits there now has not been missed"
    assert why_inside_is_unknown([WELL_SEEN], Passed()) is None
    assert why_inside_is_unknown([ONLY_COMING], Passed(60, 60)) == "few_leaving"
    assert why_inside_is_unknown([ONLY_LEAVING], Passed(60, 60)) == "few_coming"


def test_a_camera_that_was_broken_and_is_mended_hides_who_is_inside_for_a_day() -> None:
    others = [Passed(100, 95)] * 6
    assert why_inside_is_unknown([ONLY_COMING, *others], Passed()) == "few_leaving", "it may still be broken"
    assert why_inside_is_unknown([WELL_SEEN, ONLY_COMING, *others[1:]], Passed()) is None
    assert why_inside_is_unknown([WELL_SEEN, *[ONLY_COMING] * 6], Passed()) is None
    assert why_inside_is_unknown([ONLY_LEAVING, *[ONLY_COMING] * 6], Passed()) == "few_coming", "what is so now"


def test_of_a_quiet_shop_a_day_alone_does_not_show_that_the_doors_are_seen_well_again() -> None:
    quiet, by_chance = Passed(40, 38), Passed(20, 18)
    assert why_inside_is_unknown([by_chance, *[ONLY_COMING] * 6], Passed()) == "few_leaving"
    assert why_inside_is_unknown([quiet, quiet, *[ONLY_COMING] * 5], Passed()) == "few_leaving"
    assert why_inside_is_unknown([quiet, quiet, quiet, *[ONLY_COMING] * 4], Passed()) is None


def test_on_the_first_day_the_day_itself_must_show_that_people_are_seen_leaving() -> None:
    assert why_inside_is_unknown([], Passed(19, 19)) == "not_yet"
    assert why_inside_is_unknown([Passed(10, 10)], Passed(10, 8)) is None
    assert why_inside_is_unknown([], Passed(20, 1)) == "not_yet", "they may all be there still"
    assert why_inside_is_unknown([Passed(1, 2)], Passed(1, 30)) == "not_yet"


def test_nobody_is_inside_after_more_have_left_than_came() -> None:
    assert inside_now([]) == 0
    assert inside_now(moved((2, "in"), (0, "out"), (1, "out"), (3, "in"), (4, "out"))) == 1


WAYS = st.sampled_from(["in", "out"])
TIMES = st.integers(0, 600)


@given(
    st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=20),
    st.lists(st.tuples(TIMES, WAYS), max_size=2),
    st.integers(),
)
def test_people_are_never_invented_or_lost(
    stays: list[tuple[float, float]], lone: list[tuple[float, Way]], seed: int
) -> None:
    came: list[tuple[float, Way]] = [(min(stay), "in") for stay in stays]
    left: list[tuple[float, Way]] = [(max(stay), "out") for stay in stays]
    story = [*came, *left, *lone]
    ways = [way for _, way in story]
    found = occupancy(moved(*story))
    if found is None:
        assert not passed_of(moved(*story)).seen_both_ways
        return
    assert inside_now(moved(*story)) == found.left_over
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
