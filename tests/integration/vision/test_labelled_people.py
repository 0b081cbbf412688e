"""The default pack on labelled people (REGULARS_TESTDATA): what it must reach for the product to be of use."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.vision.embedder import Crop
from regulars.vision.labelled_faces import main_face
from regulars.vision.packs import ModelPack
from tests.real_models import default_pack

PAIRS_OF_EACH = 80


@pytest.fixture(scope="module")
def fast_pack() -> ModelPack:
    """The default pack on the engine that a user gets."""
    return default_pack("auto")


def looked_at(pack: ModelPack, path: Path) -> tuple[Image, Detection]:
    picture = np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), np.uint8)
    face = main_face(picture, pack.detector)
    assert face is not None
    return picture, face


@pytest.fixture(scope="module")
def pairs(testdata: Path) -> list[tuple[Path, Path, bool]]:
    """Some of LFW's verification pairs: as many of one person as of two."""
    told = json.loads((testdata / "faces" / "lfw_pairs.json").read_text("utf-8"))["pairs"]
    usable = [pair for pair in told if not pair["known_label_error"]]
    chosen = [pair for same in (True, False) for pair in [p for p in usable if p["same"] is same][::10][:PAIRS_OF_EACH]]
    folder = testdata / "faces"
    return [(folder / pair["a"], folder / pair["b"], pair["same"]) for pair in chosen]


@pytest.fixture(scope="module")
def crops(fast_pack: ModelPack, pairs: list[tuple[Path, Path, bool]]) -> list[Crop]:
    """The faces of the pairs, first and second in turn."""
    looks = [looked_at(fast_pack, path) for a, b, _ in pairs for path in (a, b)]
    return [(picture, face.landmarks) for picture, face in looks]


@pytest.fixture(scope="module")
def cosines(fast_pack: ModelPack, crops: list[Crop]) -> FloatArray:
    vectors = fast_pack.embedder.embed(crops)
    return (vectors[::2] * vectors[1::2]).sum(axis=1)


def test_pairs_of_one_person_and_of_two_are_told_apart(
    cosines: FloatArray, pairs: list[tuple[Path, Path, bool]]
) -> None:
    same = np.array([is_same for _, _, is_same in pairs])
    best = max(float(((cosines >= cut) == same).mean()) for cut in cosines)
    assert same.mean() == pytest.approx(0.5)
    assert best >= 0.985


def test_the_table_says_how_many_strangers_pass(
    fast_pack: ModelPack, cosines: FloatArray, pairs: list[tuple[Path, Path, bool]]
) -> None:
    strangers = cosines[[not is_same for _, _, is_same in pairs]]
    passing = float((strangers >= fast_pack.thresholds.cosine_at_far(0.1)).mean())
    assert 0.03 < passing < 0.2
    assert (strangers < fast_pack.thresholds.threshold_cosine(0.005, 100)).all()


def test_gender_is_right_when_it_is_said(
    fast_pack: ModelPack, crops: list[Crop], pairs: list[tuple[Path, Path, bool]], testdata: Path
) -> None:
    stills = json.loads((testdata / "faces" / "manifest.json").read_text("utf-8"))["stills"]
    told = {testdata / "faces" / still["file"]: still["gender"] == "male" for still in stills if still.get("gender")}
    assert fast_pack.gender is not None
    male = fast_pack.gender.read(crops)
    truth = np.array([told[path] for a, b, _ in pairs for path in (a, b)])
    said = (male >= 0.8) | (male <= 0.2)
    assert truth.any()
    assert not truth.all()
    assert said.mean() >= 0.9
    assert ((male >= 0.5) == truth)[said].mean() >= 0.97


def test_counted_faces_in_group_photographs_are_found_without_others(fast_pack: ModelPack, testdata: Path) -> None:
    counted = json.loads((testdata / "faces" / "groups.json").read_text("utf-8"))
    found = {
        name: len(
            fast_pack.detector.detect(np.asarray(cv2.imread(str(testdata / "faces" / "groups" / name)), np.uint8))
        )
        for name in counted
    }
    wanted = sum(told["faces"] for told in counted.values())
    assert sum(min(found[name], told["faces"]) for name, told in counted.items()) >= 0.95 * wanted
    assert sum(max(0, found[name] - told["faces"]) for name, told in counted.items()) <= 0.02 * wanted
