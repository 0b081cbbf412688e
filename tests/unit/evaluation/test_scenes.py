"""The composed scenes: their truth, checked by a counter that sees every face where it truly is."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from compose.evaluation.crossings import STARTS_AT, Event, score
from compose.evaluation.scene_picture import HEIGHT, WIDTH, View
from compose.evaluation.scene_walks import (
    ACTS,
    MEET_WITHIN_S,
    Act,
    Course,
    Stage,
    meeting,
    place_at,
    stop_on_line,
    touch,
    turn_back,
)
from regulars.domain.counting import LineCounter

VIEWS = [View(upright, turned) for upright in (False, True) for turned in (False, True)]
STEP_S = 0.04


def counted(course: Course, view: View) -> list[str]:
    counter = LineCounter(view.line, WIDTH, HEIGHT)
    first_s, last_s = course.points[0].at_s, course.points[-1].at_s
    for number in range(int((last_s - first_s) / STEP_S)):
        at_s = first_s + number * STEP_S
        place = place_at(course, at_s)
        assert place is not None
        x, y = view.pixel(place)
        counter.observe(STARTS_AT + timedelta(seconds=at_s), x, y, course.face * HEIGHT)
    counter.finish()
    return [crossing.direction for crossing in counter.crossings]


@pytest.mark.parametrize("view", VIEWS, ids=str)
@pytest.mark.parametrize("act", [act for act, _ in ACTS], ids=lambda act: act.__name__)
def test_forwards_is_in_and_every_true_passage_is_counted_by_who_sees_all(
    act: Callable[[Stage, np.random.Generator], Act], view: View
) -> None:
    chance = np.random.default_rng(11)
    for _ in range(10):
        for course in act(view.stage, chance).courses:
            assert counted(course, view) == ["in" if one.forwards else "out" for one in course.passages]


def test_acts_make_the_passages_that_their_names_promise() -> None:
    chance, stage = np.random.default_rng(2), View(upright=False, turned=False).stage
    assert [one.forwards for one in turn_back(stage, chance).courses[0].passages] == [True, False]
    assert touch(stage, chance).courses[0].passages == ()
    stops = [stop_on_line(stage, chance) for _ in range(20)]
    assert {(stop.name, len(stop.courses[0].passages)) for stop in stops} == {
        ("stop, then on", 1),
        ("stop, then back", 0),
    }


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_two_who_meet_are_side_by_side_at_the_line_one_each_way(view: View) -> None:
    chance = np.random.default_rng(8)
    ways: set[bool] = set()
    for _ in range(40):
        one, other = meeting(view.stage, chance).courses
        (here,), (there,) = one.passages, other.passages
        ways.add(here.forwards)
        assert here.forwards != there.forwards
        assert abs(here.at_s - there.at_s) <= MEET_WITHIN_S
        places = [place_at(course, course.passages[0].at_s) for course in (one, other)]
        assert [place.far for place in places if place] == pytest.approx([0, 0], abs=1e-9)
        apart = abs(places[0].along - places[1].along) if places[0] and places[1] else 0.0
        assert 1.4 <= apart / one.face <= 2.4
        assert min(one.points[0].at_s, other.points[0].at_s) == 0
    assert ways == {True, False}


def test_a_face_is_somewhere_only_during_its_walk() -> None:
    course = touch(View(upright=True, turned=False).stage, np.random.default_rng(4)).courses[0]
    assert place_at(course, -0.1) is None
    assert place_at(course, course.points[-1].at_s + 0.1) is None
    assert place_at(course, 0.0) == course.points[0]


def test_counted_crossings_are_paired_with_true_ones_once() -> None:
    true = [Event(10, "in", "alone"), Event(20, "out", "alone"), Event(30, "in", "alone")]
    found = [Event(10.2, "in"), Event(20.4, "in"), Event(29, "in"), Event(50, "out")]
    assert score("", true, found).pairs == [(0, 0), (1, 1), (2, 2)]


def test_of_two_at_once_the_ways_decide() -> None:
    true = [Event(10, "in", "meeting"), Event(10.1, "out", "meeting")]
    assert score("", true, [Event(10.05, "out"), Event(10.1, "in")]).pairs == [(0, 1), (1, 0)]


def test_who_stood_on_the_line_passed_it_at_any_time_of_that() -> None:
    true = [Event(10, "in", "stop, then on", slack_s=2)]
    assert score("", true, [Event(13.9, "in")]).pairs == [(0, 0)]
    assert score("", true, [Event(14.1, "in")]).pairs == []


def test_nothing_counted_is_all_missed() -> None:
    assert score("", [Event(1, "in", "alone")], []).pairs == []
