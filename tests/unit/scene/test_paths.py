"""The truth of a composed scene: where people are, and when they pass the line."""

import pytest

from compose.onebox.scene import Line, Step, Walk
from compose.onebox.scene.paths import in_sight, true_crossings, truth_of

DOWNWARDS: Line = (0.0, 0.5, 1.0, 0.5)


def walk(*heights: float, start_s: float = 0.0, x: float = 0.5) -> Walk:
    """One second between the heights."""
    return Walk("ada", start_s, tuple(Step(float(at_s), x, y, 0.1) for at_s, y in enumerate(heights)))


def test_between_steps_place_and_size_change_evenly() -> None:
    way = Walk("ada", 2.0, (Step(0.0, 0.2, 0.4, 0.05), Step(2.0, 0.6, 0.8, 0.15)), scale=2.0)
    place = way.at(3.0)
    assert place is not None
    assert (place.x, place.y, place.face) == pytest.approx((0.4, 0.6, 0.2))
    assert way.at(1.99) is None
    assert way.at(4.01) is None


def test_down_over_a_line_drawn_from_left_to_right_is_in() -> None:
    (crossing,) = true_crossings(walk(0.4, 0.6), DOWNWARDS)
    assert crossing.direction == "in"
    assert crossing.at_s == pytest.approx(0.5, abs=0.02)


def test_the_other_way_round_is_out() -> None:
    assert [one.direction for one in true_crossings(walk(0.6, 0.4), DOWNWARDS)] == ["out"]
    assert [one.direction for one in true_crossings(walk(0.4, 0.6), (1.0, 0.5, 0.0, 0.5))] == ["out"]


def test_right_to_left_over_a_line_drawn_from_top_to_bottom_is_in() -> None:
    leftwards = Walk("ada", 0.0, (Step(0.0, 0.8, 0.5, 0.1), Step(1.0, 0.2, 0.5, 0.1)))
    assert [one.direction for one in true_crossings(leftwards, (0.5, 0.0, 0.5, 1.0))] == ["in"]


def test_a_u_turn_before_the_line_crosses_nothing_and_behind_it_twice() -> None:
    assert true_crossings(walk(0.3, 0.45, 0.3), DOWNWARDS) == []
    assert [one.direction for one in true_crossings(walk(0.3, 0.6, 0.3), DOWNWARDS)] == ["in", "out"]


def test_reaching_the_line_and_going_back_is_no_crossing() -> None:
    assert true_crossings(walk(0.25, 0.5, 0.25), DOWNWARDS) == []


def test_in_sight_only_while_large_enough_and_inside_the_picture() -> None:
    way = Walk("ada", 10.0, (Step(0.0, 0.5, 0.5, 0.0), Step(1.0, 0.5, 0.5, 0.1), Step(2.0, 1.5, 0.5, 0.1)))
    assert in_sight(way, 0.05) == pytest.approx((10.5, 11.5), abs=0.02)
    assert in_sight(way, 0.2) is None


def test_records_come_in_order_of_time() -> None:
    records = truth_of([walk(0.4, 0.6, start_s=5.0), walk(0.6, 0.4, start_s=1.0)], DOWNWARDS, 0.05)
    assert [record["in_sight_from_s"] for record in records] == [1.0, 5.0]
