"""The sample scene with the real pack: its people are found in the film, and no two are taken for one."""

import json
from itertools import combinations
from pathlib import Path

import av
import numpy as np
import PIL.Image
import pytest

from compose.onebox.scene import SAMPLE_LINE, compose_scene
from compose.onebox.scene.people import CAST, FACE_PX, Cutout, cut_out_cast
from regulars.domain.faces import Detection, Image
from regulars.vision.packs import ModelPack
from tests.real_models import default_pack, sample_photographs

SECONDS = 24.0


@pytest.fixture(scope="module")
def pack() -> ModelPack:
    return default_pack()


@pytest.fixture(scope="module")
def cast(pack: ModelPack) -> list[Cutout]:
    return cut_out_cast(sample_photographs(), pack.detector)


def face_on(cutout: Cutout, pack: ModelPack) -> tuple[Image, Detection]:
    """The figure before white, BGR, and the one face found on it, at half the size: nearer to how the film shows it."""
    picture = PIL.Image.new("RGB", cutout.figure.size, (255, 255, 255))
    picture.paste(cutout.figure, (0, 0), cutout.figure)
    bgr = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
    (face,) = pack.detector.detect(bgr, max_side=max(bgr.shape) // 2)
    return bgr, face


def test_every_figure_shows_one_upright_face_of_the_promised_width(cast: list[Cutout], pack: ModelPack) -> None:
    for cutout in cast:
        _, face = face_on(cutout, pack)
        left_eye, right_eye = face.landmarks[0], face.landmarks[1]
        assert abs(right_eye[1] - left_eye[1]) < 0.1 * (right_eye[0] - left_eye[0]), cutout.name
        assert face.box[2] == pytest.approx(FACE_PX, rel=0.25), cutout.name
        assert face.box[0] + face.box[2] / 2 == pytest.approx(cutout.face_x, abs=0.2 * FACE_PX), cutout.name


def test_no_two_of_the_cast_could_be_taken_for_one_person(cast: list[Cutout], pack: ModelPack) -> None:
    crops = [(picture, face.landmarks) for picture, face in (face_on(cutout, pack) for cutout in cast)]
    vectors = pack.embedder.embed(crops)
    threshold_cosine = pack.thresholds.threshold_cosine(0.005, len(CAST))
    alike = [
        (CAST[one].name, CAST[other].name)
        for one, other in combinations(range(len(CAST)), 2)
        if float(vectors[one] @ vectors[other]) >= threshold_cosine
    ]
    assert not alike


def test_the_film_shows_the_people_of_its_truth_when_it_says(tmp_path: Path, pack: ModelPack) -> None:
    film, truth_file = tmp_path / "scene.mp4", tmp_path / "scene.json"
    told: list[float] = []
    samples = sample_photographs()
    compose_scene(samples, film, truth_file, pack.detector, seed=2, seconds=SECONDS, progress=told.append)
    truth = json.loads(truth_file.read_text())
    assert tuple(truth["line"]) == SAMPLE_LINE
    assert told == sorted(told)
    assert told[-1] < 1
    claimed = found = 0
    with av.open(str(film)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            time_s = number / truth["fps"]
            expected = sum(one["in_sight_from_s"] <= time_s <= one["in_sight_until_s"] for one in truth["walks"])
            if number % 5 == 0 and expected:
                claimed += expected
                picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                found += min(expected, len(pack.detector.detect(picture)))
    assert claimed > 0
    assert found / claimed > 0.9
