"""Hands, halves and second boxes of one face are taken out before tracking."""

from dataclasses import replace

import numpy as np

from realtime_workers.face_filter import is_plausible, sort_out
from tests.unit.worker.made_faces import detection


def test_a_second_box_of_one_face_is_dropped_and_the_better_one_stays() -> None:
    face, second = detection(200, 200, 80, 0.9), detection(215, 210, 70, 0.7)
    assert sort_out([second, face]) == [face]


def test_a_hand_inside_a_face_is_dropped_though_their_boxes_hardly_overlap_in_area() -> None:
    face, hand = detection(200, 200, 120, 0.9), detection(230, 250, 30, 0.85)
    assert sort_out([hand, face]) == [face]


def test_neighbours_both_stay() -> None:
    assert len(sort_out([detection(200, 200, 60), detection(250, 205, 60)])) == 2


def test_a_turned_face_is_plausible() -> None:
    turned = detection(200, 200)
    narrow = turned.landmarks.copy()
    narrow[:, 0] = turned.box[0] + np.array([5, 20, 0, 8, 20], np.float32)
    assert is_plausible(replace(turned, landmarks=narrow))


def test_upside_down_collapsed_or_outside_landmarks_are_not_a_face() -> None:
    face = detection(200, 200)
    centre = np.array([200, 200], np.float32)
    assert is_plausible(face)
    assert not is_plausible(replace(face, landmarks=2 * centre - face.landmarks))
    assert not is_plausible(replace(face, landmarks=centre + 0.05 * (face.landmarks - centre)))
    assert not is_plausible(replace(face, landmarks=face.landmarks + 40))
    assert not is_plausible(replace(face, landmarks=np.full((5, 2), np.nan, np.float32)))


def test_a_box_without_area_is_not_a_face() -> None:
    assert not is_plausible(replace(detection(200, 200), box=(10.0, 10.0, 0.0, 20.0)))
