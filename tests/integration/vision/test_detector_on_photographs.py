"""The detector on photographs: the same faces as OpenCV's own wrapper of the same network, found at any size."""

import cv2
import numpy as np
import pytest

from regulars.domain.faces import Image
from regulars.vision.packs import ModelPack

FACES = 22
"""Counted by eye in the six sample photographs."""


def test_it_agrees_with_opencvs_face_detector_yn(pack: ModelPack, samples: list[Image]) -> None:
    path = str(pack.paths[pack.described.detector.model.file])
    for picture in samples:
        height, width = picture.shape[:2]
        _, peer = cv2.FaceDetectorYN.create(path, "", (width, height), 0.6, 0.3, 5000).detect(picture)
        wanted = np.asarray(peer, np.float32)
        wanted = wanted[np.argsort(-wanted[:, 14])]
        found = pack.detector.detect(picture, min_score=0.6)
        assert len(found) == len(wanted)
        assert np.array([face.box for face in found]) == pytest.approx(wanted[:, :4], abs=0.01)
        assert np.stack([face.landmarks.ravel() for face in found]) == pytest.approx(wanted[:, 4:14], abs=0.01)
        assert np.array([face.score for face in found]) == pytest.approx(wanted[:, 14], abs=1e-4)


def test_every_face_of_the_sample_photographs_is_found_and_nothing_else(
    pack: ModelPack, photographs: list[Image]
) -> None:
    assert sum(len(pack.detector.detect(picture)) for picture in photographs) == FACES


def test_the_landmarks_begin_with_the_eye_at_the_pictures_left(pack: ModelPack, samples: list[Image]) -> None:
    for picture in samples:
        for face in pack.detector.detect(picture):
            eye_left, eye_right, nose, mouth_left, mouth_right = face.landmarks
            assert eye_left[0] < eye_right[0]
            assert mouth_left[0] < mouth_right[0]
            assert max(eye_left[1], eye_right[1]) < nose[1] < min(mouth_left[1], mouth_right[1])


def test_a_shrunk_look_finds_the_same_faces_at_the_same_place(pack: ModelPack, samples: list[Image]) -> None:
    whole = sorted(pack.detector.detect(samples[4]), key=lambda face: face.box[0])
    shrunk = sorted(pack.detector.detect(samples[4], max_side=480), key=lambda face: face.box[0])
    assert len(shrunk) == len(whole) == 5
    for near, far in zip(whole, shrunk, strict=True):
        assert far.landmarks == pytest.approx(near.landmarks, abs=near.box[2] * 0.1)


@pytest.mark.parametrize("shape", [(1, 1), (31, 33), (16, 700)])
def test_a_picture_without_a_face_of_any_shape_gives_none(pack: ModelPack, shape: tuple[int, int]) -> None:
    assert pack.detector.detect(np.full((*shape, 3), 127, np.uint8)) == []
