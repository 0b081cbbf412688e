"""YuNet's frame without its network: padding, decoding, one box per face, the way back to the picture's own pixels."""

import numpy as np
import pytest

from regulars.domain.faces import FloatArray
from regulars.vision.detector import STRIDES, Area, FaceDetector, shrunk
from tests.unit.vision.fake_session import FakeSession

Faces = list[tuple[int, int, int, float]]
"""Stride, column and row of a cell, and the face's score there."""


def yunet_that_sees(faces: Faces, size_px: float = 16.0) -> FakeSession:
    def answer(batch: FloatArray) -> list[FloatArray]:
        rows, columns = batch.shape[2:]
        cells = [(rows // stride) * (columns // stride) for stride in STRIDES]
        widths = (1, 1, 4, 10)
        outputs = [np.zeros((1, cells[level], width), np.float32) for width in widths for level in range(3)]
        for stride, column, row, score in faces:
            level = STRIDES.index(stride)
            cell = row * (columns // stride) + column
            outputs[level][0, cell] = score
            outputs[level + 3][0, cell] = score
            outputs[level + 6][0, cell] = [0, 0, np.log(size_px / stride), np.log(2 * size_px / stride)]
            outputs[level + 9][0, cell] = np.arange(10) / stride
        return outputs

    return FakeSession(answer)


def test_a_picture_of_any_size_is_padded_below_and_right_with_black() -> None:
    session = yunet_that_sees([])
    picture = np.full((33, 70, 3), 200, np.uint8)
    assert FaceDetector(session, "d").detect(picture) == []
    (batch,) = session.batches
    assert batch.shape == (1, 3, 64, 96)
    assert (batch[0, :, :33, :70] == 200).all()
    assert batch.sum() == 200 * 3 * 33 * 70


@pytest.mark.parametrize("stride", STRIDES)
def test_a_cell_becomes_a_box_around_its_corner_and_landmarks_in_pixels(stride: int) -> None:
    detector = FaceDetector(yunet_that_sees([(stride, 1, 1, 0.9)]), "d")
    (face,) = detector.detect(np.zeros((64, 96, 3), np.uint8))
    assert face.box == pytest.approx((stride - 8, stride - 16, 16, 32))
    assert face.landmarks == pytest.approx(np.arange(10).reshape(5, 2) + stride, abs=1e-4)
    assert face.score == pytest.approx(0.9)


def test_a_cell_is_counted_along_the_padded_row() -> None:
    detector = FaceDetector(yunet_that_sees([(8, 2, 5, 0.9)]), "d")
    (face,) = detector.detect(np.zeros((64, 70, 3), np.uint8))
    assert face.box == pytest.approx((16 - 8, 40 - 16, 16, 32))


def test_two_boxes_on_one_face_are_one_and_two_faces_stay_two_best_first() -> None:
    detector = FaceDetector(yunet_that_sees([(8, 2, 2, 0.8), (8, 2, 3, 0.95), (8, 9, 2, 0.85)], 32), "d")
    faces = detector.detect(np.zeros((64, 96, 3), np.uint8))
    assert [round(face.score, 2) for face in faces] == [0.95, 0.85]


def test_a_face_below_the_wanted_score_is_not_one() -> None:
    detector = FaceDetector(yunet_that_sees([(16, 1, 1, 0.6)]), "d")
    assert detector.detect(np.zeros((64, 64, 3), np.uint8)) == []
    assert len(detector.detect(np.zeros((64, 64, 3), np.uint8), min_score=0.5)) == 1


def test_a_picture_that_was_shrunk_for_speed_gives_boxes_in_its_own_pixels() -> None:
    session = yunet_that_sees([(8, 4, 4, 0.9)])
    (face,) = FaceDetector(session, "d").detect(np.zeros((480, 640, 3), np.uint8), max_side=160)
    assert session.batches[0].shape == (1, 3, 128, 160)
    assert face.box == pytest.approx((4 * (32 - 8), 4 * (32 - 16), 64, 128))
    assert face.landmarks[0] == pytest.approx([4 * 32, 4 * 33], abs=1e-3)


def test_a_small_picture_is_never_enlarged() -> None:
    session = yunet_that_sees([])
    FaceDetector(session, "d").detect(np.zeros((64, 64, 3), np.uint8), max_side=640)
    assert session.batches[0].shape == (1, 3, 64, 64)


def test_an_area_is_looked_at_alone_and_its_faces_are_in_the_pictures_pixels() -> None:
    session = yunet_that_sees([(8, 2, 3, 0.9)])
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[50:114, 100:196] = 77
    detector = FaceDetector(session, "d")
    (face,) = detector.detect(picture, within=Area(100, 50, 196, 114))
    assert (session.batches[0] == 77).all()
    assert face.box == pytest.approx((100 + 16 - 8, 50 + 24 - 16, 16, 32))
    (smaller,) = detector.detect(picture, within=Area(100, 50, 196, 114), max_side=48)
    assert smaller.box == pytest.approx((100 + 2 * (16 - 8), 50 + 2 * (24 - 16), 32, 64))
    assert smaller.landmarks[0] == pytest.approx((100 + 2 * 16, 50 + 2 * (24 + 1)))


@pytest.mark.parametrize("scale", [0.9, 0.5, 0.4, 0.11])
def test_a_shrunk_picture_keeps_its_brightness_and_says_how_to_come_back(scale: float) -> None:
    picture = np.full((211, 333, 3), 90, np.uint8)
    smaller, grow = shrunk(picture, scale)
    assert smaller.shape[:2] == (round(211 * scale), round(333 * scale))
    assert (smaller == 90).all()
    assert grow == pytest.approx((333 / smaller.shape[1], 211 / smaller.shape[0]))
