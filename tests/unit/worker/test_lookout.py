"""In which parts of a picture faces are looked for."""

from collections.abc import Sequence

import numpy as np
import pytest

from realtime_workers.detect import FaceFinder, Look
from realtime_workers.lookout import (
    BODIES_EVERY_S,
    CHANGES_AT_LEAST_EVERY_S,
    FOLLOWED_PX,
    WHOLE_EVERY_S,
    Lookout,
)
from realtime_workers.motion import Thumbnail
from realtime_workers.track import Place
from regulars.domain.faces import Detection, Image
from regulars.vision.detector import Area
from tests.unit.worker.made_faces import detection

WIDTH, HEIGHT = 1920, 1080
CELL = 12
WHOLE = Area(0, 0, WIDTH, HEIGHT)


def room(*changed: tuple[int, int, int, int]) -> Thumbnail:
    """A thumbnail in which columns left to right and rows top to bottom are brighter than in an empty room."""
    picture = np.full((90, 160), 100, np.float32)
    for left, top, right, bottom in changed:
        picture[top:bottom, left:right] = 150
    return picture


def looked(lookout: Lookout, at_s: float, picture: Thumbnail, *followed: Place) -> Sequence[Look]:
    return lookout.looks(at_s, picture, followed, WIDTH, HEIGHT)


def fresh() -> Lookout:
    """One that has just searched the whole of an empty room, at 0 s."""
    lookout = Lookout()
    assert [look.area for look in looked(lookout, 0.0, room())] == [WHOLE]
    return lookout


def holds(area: Area, left: int, top: int, right: int, bottom: int) -> bool:
    return area.left <= left and area.top <= top and area.right >= right and area.bottom >= bottom


def test_where_nothing_changes_nothing_is_looked_at_until_the_whole_is_again() -> None:
    lookout = fresh()
    assert looked(lookout, WHOLE_EVERY_S - 0.1, room()) == []
    assert [look.area for look in looked(lookout, WHOLE_EVERY_S, room())] == [WHOLE]


def test_the_longer_nothing_goes_on_the_longer_until_the_whole_is_searched_again() -> None:
    lookout = fresh()
    searched = [step / 5 for step in range(1, 501) if looked(lookout, step / 5, room())]
    assert searched == [5, 10, 20, 40, 60, 80, 100]
    assert len(looked(lookout, 100.2, room((50, 30, 54, 40)))) == 1
    again = [100.2 + step / 5 for step in range(1, 30) if looked(lookout, 100.2 + step / 5, room((50, 30, 54, 40)))]
    assert again[0] == pytest.approx(100 + WHOLE_EVERY_S, abs=0.01), "something went on"


def test_while_nothing_goes_on_five_pictures_a_second_are_compared_then_all() -> None:
    lookout = fresh()
    assert not any(lookout.skips(step / 10) or looked(lookout, step / 10, room()) for step in range(1, 21))
    compared = [step for step in range(21, 41) if not lookout.skips(step / 10) and [looked(lookout, step / 10, room())]]
    assert compared == list(range(22, 41, 2))
    assert not lookout.skips(3.9), "the clock was set back"
    assert looked(lookout, 4.2, room((50, 30, 54, 40)))
    assert not lookout.skips(4.3)


def test_a_rough_picture_shows_something_new_only_by_more_than_its_blocks_may_be_off() -> None:
    lookout = fresh()
    for by, new, new_if_rough in ((5, False, False), (8, True, False), (10, True, True)):
        picture = room()
        picture[30:32, 50:52] += by
        assert lookout.sees_new(picture) is new
        assert lookout.sees_new(picture, rough=True) is new_if_rough


def test_what_changed_is_looked_at_with_what_is_around_it_once_for_each_change() -> None:
    lookout = fresh()
    (look,) = looked(lookout, CHANGES_AT_LEAST_EVERY_S, room((50, 30, 54, 40)))
    assert holds(look.area, 48 * CELL, 28 * CELL, 56 * CELL, 42 * CELL)
    assert look.cost(WIDTH, HEIGHT) < 0.1 * (WIDTH * 2 / 3) * (HEIGHT * 2 / 3)
    assert looked(lookout, 1.0, room((50, 30, 54, 40))) == [], "it was searched as it is"
    assert len(looked(lookout, 1.3, room((60, 30, 64, 40)))) == 1, "and is searched again when it has moved"


def test_who_comes_is_searched_for_in_each_picture_and_what_changes_widely_five_times_a_second() -> None:
    for wide, high, searched in ((4, 20, [2, 3, 4, 5, 6, 7, 8, 9]), (60, 60, [2, 4, 6, 8])):
        lookout, picture, steps = fresh(), room(), list[int]()
        for step in range(2, 10):
            picture = picture.copy()
            picture[20 : 20 + high, 20 : 20 + wide] += 10
            if looked(lookout, step / 10, picture):
                steps.append(step)
        assert steps == searched


def test_slow_motion_adds_up() -> None:
    lookout, picture = fresh(), room()
    for step in range(1, 10):
        picture = picture.copy()
        picture[30:40, 50:54] += 1
        if looked(lookout, step * CHANGES_AT_LEAST_EVERY_S, picture):
            break
    else:
        pytest.fail("it was never looked at")


def test_changes_in_half_the_picture_are_looked_for_in_all_of_it() -> None:
    lookout = fresh()
    assert [look.area for look in looked(lookout, 1.0, room((0, 0, 20, 90), (90, 0, 150, 90)))] == [WHOLE]


def test_a_followed_face_is_looked_for_around_where_it_is_expected_in_each_picture() -> None:
    lookout = fresh()
    (look,) = looked(lookout, 0.1, room(), Place(900, 500, 100, reach=0.8))
    assert holds(look.area, 900 - 130, 500 - 130, 900 + 130, 500 + 130)
    assert look.area.right - look.area.left < 500
    assert look.shrink == pytest.approx(FOLLOWED_PX / (100 * 2 / 3))
    (small,) = looked(lookout, 0.2, room(), Place(900, 500, 30, reach=0.8))
    assert small.shrink == 1.0


def test_a_followed_face_that_left_the_picture_is_looked_for_at_its_edge() -> None:
    (look,) = looked(fresh(), 0.1, room(), Place(-900, 2000, 100, reach=0.8))
    assert 0 <= look.area.left < look.area.right <= WIDTH
    assert 0 <= look.area.top < look.area.bottom <= HEIGHT


def test_a_body_below_a_followed_face_is_searched_only_once_a_second_what_moves_beside_it_at_once() -> None:
    lookout, face = fresh(), Place(52 * CELL, 20 * CELL, 6 * CELL, 0.8)
    body, beside = (45, 30, 58, 90), (100, 30, 104, 60)
    assert len(looked(lookout, 0.2, room(body), face)) == 1
    assert len(looked(lookout, 0.4, room(body, beside), face)) == 2
    areas = [look.area for look in looked(lookout, BODIES_EVERY_S, room(body, beside), face)]
    assert any(holds(area, 45 * CELL, 30 * CELL, 58 * CELL, HEIGHT) for area in areas)


def test_who_follows_close_behind_somebody_is_looked_for_as_soon_as_anybody() -> None:
    """A walker's body covers twenty columns at first, then the next ones; the newcomer comes where it was."""
    lookout, first, then = (
        fresh(),
        Place(50 * CELL, 20 * CELL, 6 * CELL, 0.8),
        Place(70 * CELL, 20 * CELL, 6 * CELL, 0.8),
    )
    assert len(looked(lookout, 0.1, room((42, 16, 58, 90)), first)) == 1, (
        "its body, known by its face, is searched later"
    )
    assert len(looked(lookout, 0.3, room((62, 16, 78, 90)), then)) == 1, "where it was, it looks as before"
    looks = looked(lookout, 0.5, room((62, 16, 78, 90), (44, 18, 50, 30)), then)
    assert any(holds(look.area, 44 * CELL, 18 * CELL, 50 * CELL, 30 * CELL) for look in looks)


def test_what_somebody_uncovers_is_not_searched_again_after_the_body_was() -> None:
    lookout, face = fresh(), Place(50 * CELL, 20 * CELL, 6 * CELL, 0.8)
    body = room((42, 16, 58, 90))
    assert len(looked(lookout, BODIES_EVERY_S, body, face)) == 2, "a body is searched once a second"
    assert looked(lookout, 1.3, room()) == [], "nobody was hidden behind it"
    assert looked(lookout, 1.6, body), "but who comes back is somebody new"


def test_a_face_too_small_to_be_counted_keeps_no_camera_awake() -> None:
    for counts in (True, False):
        lookout, still = fresh(), Place(500, 500, 20, 0.8, counts)
        for step in range(1, 31):
            assert lookout.skips(step / 10) or looked(lookout, step / 10, room(), still)
        assert lookout.resting is not counts


class SeeingTwo:
    """Sees the same two faces in every area that they reach into."""

    digest = "two"

    def __init__(self) -> None:
        self.sides: list[int | None] = []

    def detect(
        self, image: Image, min_score: float = 0.0, max_side: int | None = None, within: Area | None = None
    ) -> list[Detection]:
        self.sides.append(max_side)
        return [detection(300, 300, 60), detection(500, 300, 60)]


def test_a_face_that_an_area_cuts_is_left_to_the_area_that_holds_it() -> None:
    detector, picture = SeeingTwo(), np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    finder = FaceFinder(detector)
    assert len(finder.find(picture)) == 2
    left, right = Look(Area(200, 200, 490, 400)), Look(Area(400, 200, 600, 400), shrink=0.5)
    (only,) = finder.find(picture, [left])
    assert only.detection.box[0] == 270
    assert len(finder.find(picture, [left, right])) == 2
    assert detector.sides == [1280, 193, 193, 67]


@pytest.mark.parametrize(("width", "widest_small"), [(640, 11.0), (1920, 17.0)])
def test_how_wide_a_face_counts_follows_from_what_the_detector_is_given(width: int, widest_small: float) -> None:
    class Seeing:
        digest = "wide"

        def detect(
            self, image: Image, min_score: float = 0.0, max_side: int | None = None, within: Area | None = None
        ) -> list[Detection]:
            return [detection(300, 200, widest_small), detection(400, 200, widest_small + 2)]

    faces = FaceFinder(Seeing()).find(np.zeros((360, width, 3), np.uint8))
    assert {face.detection.box[2]: (face.small, face.score) for face in faces} == {
        widest_small: (True, 0.0),
        widest_small + 2: (False, 0.9),
    }
