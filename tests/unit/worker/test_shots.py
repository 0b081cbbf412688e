"""Which crops of a face are kept, and how they are cut out."""

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from realtime_workers.shots import LONGEST_SIDE_PX, SPAN_S, BestShots, crop_face
from regulars.domain.tracks import MAX_SHOTS
from tests.unit.worker.made_faces import detection

ZERO = datetime(2025, 3, 4, tzinfo=UTC)
FRAME = np.random.default_rng(3).integers(0, 255, (480, 640, 3), dtype=np.uint8)


def offered(*shots: tuple[float, float]) -> BestShots:
    kept = BestShots()
    for at_s, quality in shots:
        kept.offer(FRAME, detection(300, 200), quality, ZERO + timedelta(seconds=at_s))
    return kept


def test_the_best_five_stay_best_first() -> None:
    kept = offered(*((number, (number * 37 % 10) / 10) for number in range(10)))
    assert [shot.quality for shot in kept.best_first()] == [0.9, 0.8, 0.7, 0.6, 0.5]


def test_of_shots_close_in_time_only_the_best_stays() -> None:
    kept = offered((0.0, 0.5), (0.1, 0.9), (0.2, 0.6), (1.0, 0.4))
    assert [shot.quality for shot in kept.best_first()] == [0.9, 0.4]


def test_a_short_track_that_gets_better_all_the_time_still_gives_several_shots() -> None:
    assert len(offered(*((number / 15, number / 24) for number in range(24))).best_first()) == MAX_SHOTS


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 1)), max_size=60))
def test_never_more_than_five_never_two_of_one_span_and_always_the_best(shots: list[tuple[float, float]]) -> None:
    kept = offered(*sorted(shots)).best_first()
    assert len(kept) <= MAX_SHOTS
    if shots:
        begun = ZERO + timedelta(seconds=min(shots)[0])
        assert len({int((shot.at - begun).total_seconds() / SPAN_S) for shot in kept}) == len(kept)
        assert kept[0].quality == max(quality for _, quality in shots)


def test_a_crop_is_twice_the_box_at_native_resolution_and_landmarks_are_in_its_pixels() -> None:
    face = detection(300, 200, 60)
    crop, landmarks = crop_face(FRAME, face)
    assert crop.shape == (156, 120, 3)
    assert np.allclose(landmarks + np.array([300 - 60, 200 - 78]), face.landmarks)
    assert np.array_equal(crop[78, 60], FRAME[200, 300])


def test_a_crop_at_the_edge_stays_inside_the_frame() -> None:
    face = detection(10, 470, 60)
    crop, landmarks = crop_face(FRAME, face)
    assert min(crop.shape[:2]) > 0
    assert np.allclose(landmarks + np.array([0, 480 - crop.shape[0]]), face.landmarks)


def test_a_huge_face_is_shrunk_and_its_landmarks_with_it() -> None:
    frame = np.zeros((2000, 2000, 3), np.uint8)
    face = detection(1000, 1000, 600)
    x, y = (round(float(value)) for value in face.landmarks[2])
    cv2.circle(frame, (x, y), 9, (255, 255, 255), -1)
    crop, landmarks = crop_face(frame, face)
    assert max(crop.shape[:2]) == LONGEST_SIDE_PX
    where = np.argwhere(crop[..., 0] > 128).mean(axis=0)[::-1]
    assert np.allclose(where, landmarks[2], atol=0.6)


def test_a_kept_crop_does_not_change_with_the_frame_and_is_a_jpeg() -> None:
    frame, kept = FRAME.copy(), BestShots()
    kept.offer(frame, detection(300, 200), 0.5, ZERO)
    shot = kept.best_first()[0]
    frame[:] = 0
    assert shot.crop.max() > 0
    decoded = cv2.imdecode(np.frombuffer(shot.jpeg(), np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape == shot.crop.shape
