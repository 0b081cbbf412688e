"""Which stay a sighting belongs to, in whatever order tracks come."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.gender import GenderVote
from regulars.domain.tracks import Direction
from regulars.domain.visits import FRAGMENT_GAP_S, SightingFacts, Stay, figures, reach, same_stay, status
from regulars.ids import new_id

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GAP_S = 1800.0


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def stay(begins: float, ends: float) -> Stay:
    return Stay(new_id(), minute(begins), minute(ends))


def seen(begins: float, ends: float, direction: Direction = "unknown", male: float = 0.0) -> SightingFacts:
    return SightingFacts(minute(begins), minute(ends), direction, GenderVote(male, 1.0))


def test_alone_it_opens_a_visit() -> None:
    assert same_stay(minute(0), minute(1), [], (), GAP_S) == []


@pytest.mark.parametrize(("begins", "ends"), [(-30.0, -20.0), (-20.0, -19.0), (0.2, 0.8), (-5.0, 9.0), (31.0, 40.0)])
def test_within_the_gap_on_either_side_it_is_the_same_stay(begins: float, ends: float) -> None:
    there = stay(begins, ends)
    assert same_stay(minute(0), minute(1), [there], (), GAP_S) == [there]


@pytest.mark.parametrize(("begins", "ends"), [(-60.0, -30.1), (31.1, 40.0)])
def test_beyond_the_gap_it_is_another(begins: float, ends: float) -> None:
    assert same_stay(minute(0), minute(1), [stay(begins, ends)], (), GAP_S) == []


def test_between_two_it_bridges_them_and_the_earlier_comes_first() -> None:
    late, early = stay(20, 25), stay(-25, -20)
    assert same_stay(minute(0), minute(1), [late, early], (), GAP_S) == [early, late]


def test_without_a_gap_each_arrival_is_its_own_but_fragments_of_a_track_are_not() -> None:
    there = stay(-0.05, -0.01)
    assert same_stay(minute(0), minute(1), [there], (), 0) == []
    assert same_stay(minute(0), minute(1), [there], {there.visit_id}, 0) == [there]


def test_what_is_looked_for_reaches_as_far_as_the_gap_and_no_less_than_a_fragment() -> None:
    assert reach(GAP_S) == timedelta(minutes=30)
    assert reach(0) == timedelta(seconds=FRAGMENT_GAP_S)


def test_a_visit_spans_its_sightings_and_says_in_when_an_arrival_was_seen() -> None:
    said = figures([seen(5, 6, "out"), seen(0, 2, "in"), seen(9, 10)])
    assert (said.started_at, said.ended_at, said.sightings) == (minute(0), minute(10), 3)
    assert said.direction == "in"
    assert figures([seen(5, 6, "out"), seen(0, 2)]).direction == "out"
    assert figures([seen(0, 2)]).direction == "unknown"


def test_gender_is_voted_over_all_sightings_and_silent_when_divided() -> None:
    assert figures([seen(0, 1, male=0.9), seen(2, 3, male=0.95)]).gender == "male"
    assert figures([seen(0, 1, male=0.05)]).gender == "female"
    assert figures([seen(0, 1, male=0.9), seen(2, 3, male=0.1)]).gender == "unknown"
    assert GenderVote().spoken == "unknown"


def test_the_first_visit_is_new_and_later_ones_are_returns() -> None:
    assert status(minute(0), minute(0)) == "new"
    assert status(minute(1), minute(0)) == "returning"


def settle(order: list[int], moments: list[int], gap_s: float) -> set[tuple[datetime, datetime, int]]:
    """Play tracks of one minute in this order and return the visits they end up as."""
    stays: dict[UUID, tuple[Stay, int]] = {}
    for number in order:
        begins, ends = minute(moments[number]), minute(moments[number] + 1)
        together = same_stay(begins, ends, [one for one, _ in stays.values()], (), gap_s)
        count = 1 + sum(stays.pop(one.visit_id)[1] for one in together)
        visit_id = together[0].visit_id if together else new_id()
        whole = Stay(
            visit_id,
            min([begins, *(one.started_at for one in together)]),
            max([ends, *(one.ended_at for one in together)]),
        )
        stays[visit_id] = (whole, count)
    return {(one.started_at, one.ended_at, count) for one, count in stays.values()}


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_in_which_tracks_come_does_not_matter(moments: list[int], random: Random) -> None:
    in_order = sorted(range(len(moments)), key=lambda number: moments[number])
    shuffled = list(in_order)
    random.shuffle(shuffled)
    assert settle(in_order, moments, GAP_S) == settle(shuffled, moments, GAP_S)
