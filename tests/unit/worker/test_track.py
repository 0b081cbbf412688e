"""Which faces of successive pictures are one person."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime_workers.track import LONGEST_S, LOST_AFTER_S, Face, FaceTracker, Track
from regulars.domain.tracks import LONGEST_TRACK
from tests.unit.worker.made_faces import face

WIDTH, HEIGHT = 1280, 720
Scene = Callable[[float], Sequence[Face]]


def play(scene: Scene, seconds: float, fps: float = 10.0) -> list[Track]:
    """Return the confirmed tracks of a scene, in the order in which they began."""
    tracker, found = FaceTracker(), dict[int, Track]()
    for number in range(round(seconds * fps)):
        step = tracker.update(number / fps, list(scene(number / fps)), WIDTH, HEIGHT)
        found |= {track.number: track for track, _ in step.seen}
    return [track for track in found.values() if track.confirmed]


@pytest.mark.parametrize("fps", [5.0, 12.5, 25.0])
def test_a_walker_is_one_track_at_any_frame_rate(fps: float) -> None:
    """Eight face widths a second: at 5 fps the boxes do not touch."""
    assert len(play(lambda at: [face(100 + 480 * at, 300)], 2.0, fps)) == 1


@pytest.mark.parametrize("others_look", [False, True])
def test_who_stood_and_starts_at_once_is_the_same_unless_they_look_otherwise(others_look: bool) -> None:
    """Twelve face sizes a second: in one picture farther than anybody is looked for whose speed is known."""

    def scene(at: float) -> list[Face]:
        return [face(300 + 800 * max(0.0, at - 0.95), 300, person=int(others_look and at > 0.95))]

    assert len(play(scene, 1.8)) == 1 + others_look


def test_who_starts_at_once_takes_nobody_elses_face() -> None:
    def scene(at: float) -> list[Face]:
        return [face(300, 300)] * (at < 0.95) + [face(380, 300)]

    tracks = play(scene, 2.0)
    assert [track.detections for track in tracks] == [10, 20]


@pytest.mark.parametrize("fps", [5.0, 25.0])
def test_two_walkers_side_by_side_stay_two(fps: float) -> None:
    tracks = play(lambda at: [face(100 + 300 * at, 300, person=1), face(260 + 300 * at, 300, person=2)], 3.0, fps)
    assert [track.detections for track in tracks] == [round(3 * fps)] * 2


@pytest.mark.parametrize("fps", [5.0, 12.5])
def test_two_who_cross_keep_their_identities(fps: float) -> None:
    def scene(at: float) -> list[Face]:
        left, right = face(200 + 250 * at, 300, person=1), face(1000 - 250 * at, 300, person=2)
        near = abs(left.detection.box[0] - right.detection.box[0]) < 40
        return [left] if near else [left, right]

    ends: dict[int, list[float]] = {}
    tracker = FaceTracker()
    for number in range(round(3 * fps)):
        for track, seen in tracker.update(number / fps, scene(number / fps), WIDTH, HEIGHT).seen:
            ends.setdefault(track.number, []).append(float(seen.look[1]))
    assert len(ends) == 2
    assert all(len(set(looks)) == 1 for looks in ends.values())


@pytest.mark.parametrize("hidden_s", [0.4, 1.0])
def test_a_walker_hidden_for_up_to_a_second_is_still_the_same(hidden_s: float) -> None:
    def scene(at: float) -> list[Face]:
        return [] if 1.0 <= at < 1.0 + hidden_s else [face(100 + 250 * at, 300)]

    assert len(play(scene, 3.0)) == 1


def test_who_reappears_where_a_face_has_just_appeared_does_not_take_that_face() -> None:
    """Somebody turns round the corner as another comes: the newcomer's second picture must not go to the hidden one."""

    def scene(at: float) -> list[Face]:
        return [face(400 - 100 * at, 300, person=1)] if at < 2 else [face(200 + 100 * (at - 2.5), 300, person=2)]

    numbers: list[set[int]] = [set(), set()]
    tracker = FaceTracker()
    for number in range(50):
        for track, seen in tracker.update(number / 10, scene(number / 10), WIDTH, HEIGHT).seen:
            numbers[int(seen.look[2])].add(track.number)
    assert [len(of_person) for of_person in numbers] == [1, 1]
    assert numbers[0] != numbers[1]


def test_someone_else_where_a_hidden_face_is_expected_does_not_take_its_track() -> None:
    def scene(at: float) -> list[Face]:
        return [face(300, 300, person=1)] if at < 1.0 else [face(330, 300, person=2)] if at > 1.5 else []

    assert len(play(scene, 3.0)) == 2


def test_another_size_at_the_same_place_is_another_person() -> None:
    def scene(at: float) -> list[Face]:
        return [face(300, 300, 60)] if at < 1.0 else [face(300, 300, 160)]

    assert len(play(scene, 2.0)) == 2


def test_who_comes_in_where_another_left_the_picture_is_someone_else() -> None:
    def scene(at: float) -> list[Face]:
        return [face(1000 + 300 * at, 300)] if at < 0.9 else [face(1250 - 300 * (at - 1.6), 300)] if at > 1.6 else []

    assert len(play(scene, 3.0)) == 2


def test_a_blurred_stretch_of_weak_detections_prolongs_a_track() -> None:
    tracks = play(lambda at: [face(100 + 200 * at, 300, score=0.35 if 1 < at < 2 else 0.9)], 3.0)
    assert [track.detections for track in tracks] == [30]


def test_weak_detections_alone_are_nobody() -> None:
    tracker = FaceTracker()
    assert all(not tracker.update(at / 10, [face(300, 300, score=0.5)], WIDTH, HEIGHT).seen for at in range(20))


def test_a_hand_that_never_looks_surely_like_a_face_is_nobody() -> None:
    assert play(lambda _: [face(300, 300, score=0.75)], 2.0) == []


def test_who_comes_from_afar_is_followed_from_where_the_face_is_still_too_small_to_be_counted() -> None:
    def coming(at: float) -> list[Face]:
        seen = face(300 + 40 * at, 300, 14 + 4 * at)
        return [Face(seen.detection, seen.look, small=seen.detection.box[2] < nearest)]

    nearest = 20.0
    assert [(track.first_s, track.detections) for track in play(coming, 3.0)] == [(0.0, 30)]
    nearest = 40.0
    assert play(coming, 3.0) == [], "who never comes near is nobody"


def test_a_place_counts_from_when_its_face_was_large_enough() -> None:
    tracker, seen = FaceTracker(), face(300, 300, 14)
    tracker.update(0.0, [Face(seen.detection, seen.look, small=True)], WIDTH, HEIGHT)
    assert [place.counts for place in tracker.places(0.1)] == [False]
    tracker.update(0.1, [seen], WIDTH, HEIGHT)
    assert [place.counts for place in tracker.places(0.2)] == [True]


def test_two_detections_are_not_enough_for_a_person() -> None:
    assert play(lambda at: [face(300, 300)] if at < 0.15 else [], 1.0) == []


def test_a_long_stay_is_one_track_and_is_cut_only_at_the_maximum() -> None:
    tracker, ended = FaceTracker(), list[Track]()
    for number in range(round((LONGEST_S + 20) * 2)):
        ended += tracker.update(number / 2, [face(300, 300)], WIDTH, HEIGHT).ended
    assert [track.first_s for track in ended] == [0.0]
    assert ended[0].last_s == pytest.approx(LONGEST_S, abs=1)
    assert ended[0].last_s < LONGEST_TRACK.total_seconds()


def test_a_track_ends_when_its_face_was_gone_long_enough_and_frees_its_state() -> None:
    tracker, ended = FaceTracker(), list[Track]()
    for number in range(60):
        ended += tracker.update(number / 10, [face(300, 300)] if number < 10 else [], WIDTH, HEIGHT).ended
    assert [track.last_s for track in ended] == [0.9]
    assert not tracker.places(10.0)
    assert LOST_AFTER_S == 2.0


def test_finish_ends_all() -> None:
    tracker = FaceTracker()
    tracker.update(0.0, [face(300, 300), face(600, 300)], WIDTH, HEIGHT)
    assert len(tracker.finish()) == 2
    assert not tracker.places(10.0)


moves = st.lists(
    st.lists(st.tuples(st.floats(0, 1280), st.floats(0, 720), st.floats(10, 300), st.floats(0.3, 1)), max_size=5),
    max_size=25,
)


@settings(max_examples=40)
@given(moves)
def test_the_same_detections_give_the_same_tracks(frames: list[list[tuple[float, float, float, float]]]) -> None:
    def run() -> list[list[tuple[int, tuple[float, ...]]]]:
        tracker = FaceTracker()
        steps = [
            tracker.update(number / 7, [face(*values) for values in frame], WIDTH, HEIGHT)
            for number, frame in enumerate(frames)
        ]
        return [[(track.number, seen.detection.box) for track, seen in step.seen] for step in steps]

    assert run() == run()


@settings(max_examples=40)
@given(moves)
def test_each_detection_belongs_to_one_track_at_most_and_each_track_ends_once(
    frames: list[list[tuple[float, float, float, float]]],
) -> None:
    tracker, begun, ended = FaceTracker(), set[int](), list[int]()
    for number, frame in enumerate(frames):
        step = tracker.update(number / 7, [face(*values) for values in frame], WIDTH, HEIGHT)
        numbers = [track.number for track, _ in step.seen]
        assert len(set(numbers)) == len(numbers)
        assert len({id(seen) for _, seen in step.seen}) == len(numbers)
        begun |= set(numbers)
        ended += [track.number for track in step.ended]
    ended += [track.number for track in tracker.finish()]
    assert sorted(ended) == sorted(begun)
