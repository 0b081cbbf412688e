"""Which stay a sighting belongs to, in whatever order tracks come."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.gender import GenderVote
from regulars.domain.tracks import Direction
from regulars.domain.visits import (
    FRAGMENT_GAP_S,
    SightingFacts,
    Stay,
    VisitRule,
    figures,
    grouped,
    reach,
    same_stay,
    status,
)
from regulars.ids import new_id
from tests.shop import open_until

SAIGON, BERLIN = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
HALF_HOUR = VisitRule(1800.0, UTC_ZONE)
NO_GAP = VisitRule(0.0, UTC_ZONE)


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def stay(begins: float, ends: float) -> Stay:
    return Stay(new_id(), minute(begins), minute(ends))


def seen(begins: float, ends: float, direction: Direction = "unknown", male: float = 0.0) -> SightingFacts:
    return SightingFacts(minute(begins), minute(ends), direction, GenderVote(male, 1.0))


def test_alone_it_opens_a_visit() -> None:
    assert same_stay(minute(0), minute(1), [], (), HALF_HOUR) == []


@pytest.mark.parametrize(("begins", "ends"), [(-30.0, -20.0), (-20.0, -19.0), (0.2, 0.8), (-5.0, 9.0), (31.0, 40.0)])
def test_within_the_gap_on_either_side_it_is_the_same_stay(begins: float, ends: float) -> None:
    there = stay(begins, ends)
    assert same_stay(minute(0), minute(1), [there], (), HALF_HOUR) == [there]


@pytest.mark.parametrize(("begins", "ends"), [(-60.0, -30.1), (31.1, 40.0)])
def test_beyond_the_gap_it_is_another(begins: float, ends: float) -> None:
    assert same_stay(minute(0), minute(1), [stay(begins, ends)], (), HALF_HOUR) == []


def test_between_two_it_bridges_them_and_the_earlier_comes_first() -> None:
    late, early = stay(20, 25), stay(-25, -20)
    assert same_stay(minute(0), minute(1), [late, early], (), HALF_HOUR) == [early, late]


def test_without_a_gap_each_arrival_is_its_own_but_fragments_of_a_track_are_not() -> None:
    there = stay(-0.05, -0.01)
    assert same_stay(minute(0), minute(1), [there], (), NO_GAP) == []
    assert same_stay(minute(0), minute(1), [there], {there.visit_id}, NO_GAP) == [there]


def test_what_is_looked_for_reaches_as_far_as_the_gap_and_no_less_than_a_fragment() -> None:
    assert reach(HALF_HOUR.gap_s) == timedelta(minutes=30)
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


def settle(order: list[int], moments: list[int], rule: VisitRule) -> set[tuple[datetime, datetime, int]]:
    """Play tracks of one minute in this order and return the visits they end up as."""
    stays: dict[UUID, tuple[Stay, int]] = {}
    for number in order:
        begins, ends = minute(moments[number]), minute(moments[number] + 1)
        together = same_stay(begins, ends, [one for one, _ in stays.values()], (), rule)
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
    assert settle(in_order, moments, HALF_HOUR) == settle(shuffled, moments, HALF_HOUR)


@dataclass(frozen=True)
class SeenAt:
    """A sighting as `grouped` takes it."""

    camera_id: UUID
    started_at: datetime
    ended_at: datetime


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_all_at_once_gives_the_visits_that_one_by_one_gives(moments: list[int]) -> None:
    camera = new_id()
    seen_at = [SeenAt(camera, minute(begins), minute(begins + 1)) for begins in moments]
    at_once = {
        (min(one.started_at for one in held), max(one.ended_at for one in held), len(held))
        for held in grouped(seen_at, HALF_HOUR)
    }
    assert at_once == settle(list(range(len(moments))), moments, HALF_HOUR)


def test_without_a_gap_only_fragments_at_one_camera_are_put_together() -> None:
    door, till = new_id(), new_id()
    tracks = [SeenAt(door, minute(0), minute(0.1)), SeenAt(till, minute(0.11), minute(0.2))]
    tracks += [SeenAt(door, minute(0.14), minute(0.3)), SeenAt(door, minute(0.4), minute(0.5))]
    assert [len(held) for held in grouped(tracks, NO_GAP)] == [2, 1, 1]
    assert [len(held) for held in grouped(tracks, HALF_HOUR)] == [4]


def across(boundary: datetime, rule: VisitRule) -> list[Stay]:
    """Return the stays that a sighting right after this moment joins, of one right before it."""
    before = Stay(new_id(), boundary - timedelta(minutes=2), boundary - timedelta(minutes=1))
    return same_stay(boundary, boundary + timedelta(minutes=1), [before], {before.visit_id}, rule)


def test_a_visit_ends_at_midnight_by_the_sites_own_clock() -> None:
    midnight = datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert across(midnight, VisitRule(1800.0, SAIGON)) == []
    assert len(across(midnight, HALF_HOUR)) == 1


def test_a_closing_time_takes_the_place_of_midnight() -> None:
    night = VisitRule(1800.0, SAIGON, open_until(time(2)))
    assert len(across(datetime(2026, 3, 2, 17, tzinfo=UTC), night)) == 1
    assert across(datetime(2026, 3, 2, 19, tzinfo=UTC), night) == []


@pytest.mark.parametrize(
    ("closes_at", "moment"),
    [
        (time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 02:30 does not exist: the clock jumps to 03:00
        (time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first of two 02:30
        (None, datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (None, datetime(2026, 10, 24, 22, tzinfo=UTC)),
    ],
)
def test_days_of_23_and_25_hours_have_one_closing_each(closes_at: time | None, moment: datetime) -> None:
    rule = VisitRule(1800.0, BERLIN, open_until(closes_at))
    minutes = [moment + timedelta(minutes=number) for number in range(-300, 300)]
    days = [rule.business_day(one) for one in minutes]
    assert days == sorted(days)
    changes = [at for at, day, before in zip(minutes[1:], days[1:], days, strict=False) if day != before]
    assert changes == [moment]


@pytest.mark.parametrize(
    ("closes_at", "begins_hour", "begins_day"), [(None, 0, 2), (time(22), 22, 1), (time(2), 2, 2), (time(12), 12, 1)]
)
def test_a_business_day_is_named_by_the_date_of_its_opening_hours(
    closes_at: time | None, begins_hour: int, begins_day: int
) -> None:
    rule, day = VisitRule(1800.0, SAIGON, open_until(closes_at)), date(2026, 3, 2)
    begins, ends = rule.hours_of(day)
    assert begins == datetime(2026, 3, begins_day, begins_hour, tzinfo=SAIGON)
    assert ends - begins == timedelta(days=1)
    moments = (begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends)
    assert [rule.business_day(one) == day for one in moments] == [False, True, True, False]
