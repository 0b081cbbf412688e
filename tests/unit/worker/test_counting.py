"""Line crossings of one track: what counts, what does not, and which way."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.cameras import CameraRole, Line
from regulars.domain.counting import LineCounter, direction_by_role
from regulars.domain.tracks import MAX_CROSSINGS

ZERO = datetime(2025, 3, 4, 9, tzinfo=UTC)
WIDTH, HEIGHT, FACE = 1000, 500, 60.0
BAND = 0.25 * FACE
TOP_TO_BOTTOM = Line(x1=0.5, y1=0.0, x2=0.5, y2=1.0)
"""Right-hand side of someone walking down the picture is the picture's left: right to left is `in`."""


def walk(
    points: Iterable[tuple[float, float]], line: Line = TOP_TO_BOTTOM, fps: float = 10.0, face: float = FACE
) -> LineCounter:
    counter = LineCounter(line, WIDTH, HEIGHT)
    for number, (x, y) in enumerate(points):
        counter.observe(ZERO + timedelta(seconds=number / fps), x, y, face)
    counter.finish()
    return counter


def along(*xs: float, y: float = 250.0) -> list[tuple[float, float]]:
    return [(x, y) for x in xs]


def sides(counter: LineCounter) -> list[str]:
    return [crossing.direction for crossing in counter.crossings]


def test_from_the_right_to_the_left_of_a_line_drawn_downwards_is_in() -> None:
    counter = walk(along(700, 600, 540, 470, 400, 300))
    assert sides(counter) == ["in"]
    assert counter.direction == "in"


def test_the_other_way_is_out() -> None:
    counter = walk(along(300, 400, 470, 540, 600))
    assert sides(counter) == ["out"]
    assert counter.direction == "out"


def test_the_crossing_is_dated_where_the_centre_was_on_the_line() -> None:
    counter = walk(along(600, 400), fps=1.0)
    assert counter.crossings[0].at == ZERO + timedelta(seconds=0.5)


def test_a_horizontal_line_drawn_to_the_right_counts_downwards_as_in() -> None:
    line = Line(x1=0.0, y1=0.5, x2=1.0, y2=0.5)
    assert sides(walk([(500, 100), (500, 240), (500, 260), (500, 400)], line)) == ["in"]


def test_a_u_turn_is_in_and_out_and_has_no_direction() -> None:
    counter = walk(along(700, 560, 440, 380, 440, 560, 700))
    assert sides(counter) == ["in", "out"]
    assert counter.direction == "unknown"


def test_three_passages_have_the_direction_of_the_last_side() -> None:
    counter = walk(along(700, 400, 700, 400))
    assert sides(counter) == ["in", "out", "in"]
    assert counter.direction == "in"


def test_standing_on_the_line_counts_nothing() -> None:
    trembling = [500 + (BAND - 2) * (-1) ** number for number in range(200)]
    assert sides(walk(along(600, 550, 510, *trembling, 520, 600))) == []


def test_who_stands_on_the_line_and_then_goes_on_is_counted_once() -> None:
    trembling = [500 + (BAND - 2) * (-1) ** number for number in range(50)]
    assert sides(walk(along(600, 550, *trembling, 450, 300))) == ["in"]


def test_a_box_that_only_touches_the_line_is_not_counted() -> None:
    assert sides(walk(along(700, 600, 500 + FACE / 2, 499, 502, 600, 700))) == []


def test_round_the_end_of_the_line_is_not_across_it() -> None:
    short = Line(x1=0.5, y1=0.2, x2=0.5, y2=0.6)
    assert sides(walk(along(700, 400, y=450), short)) == []
    assert sides(walk(along(700, 400, y=200), short)) == ["in"]


def test_just_past_the_drawn_end_still_counts() -> None:
    short = Line(x1=0.5, y1=0.2, x2=0.5, y2=0.6)
    assert sides(walk(along(700, 400, y=0.6 * HEIGHT + 0.03 * 0.4 * HEIGHT), short)) == ["in"]


def test_hidden_for_a_second_on_the_line_is_still_one_crossing() -> None:
    counter = LineCounter(TOP_TO_BOTTOM, WIDTH, HEIGHT)
    counter.observe(ZERO, 620, 250, FACE)
    crossing = counter.observe(ZERO + timedelta(seconds=1), 380, 250, FACE)
    assert crossing is not None
    assert crossing.direction == "in"


def test_lost_right_behind_the_line_is_counted_at_the_end_of_the_track() -> None:
    assert sides(walk(along(700, 600, 500 - 0.8 * BAND))) == ["in"]
    assert sides(walk(along(700, 600, 500 - 0.2 * BAND))) == []


def test_first_seen_right_before_the_line_is_counted() -> None:
    assert sides(walk(along(500 + 0.8 * BAND, 440, 300))) == ["in"]


def test_first_seen_on_the_line_itself_is_not_counted() -> None:
    assert sides(walk(along(501, 440, 300))) == []


def test_a_line_without_length_counts_nothing() -> None:
    assert sides(walk(along(700, 300), Line(x1=0.5, y1=0.5, x2=0.5, y2=0.5))) == []


def test_the_list_of_crossings_is_bounded_and_the_direction_goes_on() -> None:
    counter = walk(along(*([700, 300] * (MAX_CROSSINGS + 10)), 700))
    assert len(counter.crossings) == MAX_CROSSINGS
    assert counter.direction == "unknown"


@pytest.mark.parametrize(("role", "direction"), [("in", "in"), ("out", "out"), ("both", "unknown")])
def test_without_a_line_the_camera_role_decides(role: CameraRole, direction: str) -> None:
    assert direction_by_role(role) == direction


coordinates = st.tuples(st.floats(-200, 1200), st.floats(-200, 700))


@given(st.lists(coordinates, max_size=60), st.floats(5, 300))
def test_passages_over_an_endless_line_alternate(points: list[tuple[float, float]], face: float) -> None:
    tall = Line(x1=0.5, y1=0.0, x2=0.5, y2=1.0)
    counter = LineCounter(tall, WIDTH, 100_000)
    for number, (x, y) in enumerate(points):
        counter.observe(ZERO + timedelta(seconds=number), x, y + 50_000, face)
    counter.finish()
    found = sides(counter)
    assert all(one != other for one, other in pairwise(found))
    assert (counter.direction == "unknown") == (found.count("in") == found.count("out"))


@given(st.lists(coordinates, min_size=1, max_size=40), st.floats(5, 300))
def test_the_same_walk_over_the_reversed_line_is_the_opposite(points: list[tuple[float, float]], face: float) -> None:
    line = Line(x1=0.3, y1=0.1, x2=0.7, y2=0.9)
    reverse = Line(x1=0.7, y1=0.9, x2=0.3, y2=0.1)
    opposite = {"in": "out", "out": "in"}
    one, other = walk(points, line, face=face), walk(points, reverse, face=face)
    assert [opposite[side] for side in sides(one)] == sides(other)


@given(st.lists(coordinates, min_size=1, max_size=40))
def test_crossings_are_dated_in_order_and_within_the_walk(points: list[tuple[float, float]]) -> None:
    times = [crossing.at for crossing in walk(points).crossings]
    assert times == sorted(times)
    assert all(ZERO <= at <= ZERO + timedelta(seconds=len(points) / 10) for at in times)
