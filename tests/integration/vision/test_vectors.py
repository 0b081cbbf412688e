"""Vectors of real faces: of length one, the same in any batch and on any engine, near for one person only."""

import importlib.util
import os
import threading

import cv2
import numpy as np
import pytest

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.vision.embedder import Crop
from regulars.vision.packs import ModelPack
from regulars.vision.quality import quality_of
from tests.conftest import require
from tests.real_models import default_pack


@pytest.fixture(scope="module")
def crops(pack: ModelPack, samples: list[Image]) -> list[Crop]:
    """The fifteen or so faces of the samples that are good enough to enrol."""
    found = [(picture, face) for picture in samples for face in pack.detector.detect(picture)]
    return [(picture, face.landmarks) for picture, face in found if quality_of(picture, face).score >= 0.75]


@pytest.fixture(scope="module")
def vectors(pack: ModelPack, crops: list[Crop]) -> FloatArray:
    return pack.embedder.embed(crops)


def seen_again(crop: Crop, seed: int) -> Crop:
    """The same face in another light, tilted, smaller, and with landmarks that are off by a pixel."""
    image, landmarks = crop
    centre = landmarks.mean(axis=0)
    matrix = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), 12.0, 0.7)
    turned = np.clip(cv2.warpAffine(image, matrix, image.shape[1::-1]) * 0.7 + 10, 0, 255).astype(np.uint8)
    moved = landmarks @ matrix[:, :2].T + matrix[:, 2]
    return turned, (moved + np.random.default_rng(seed).normal(0, 1, (5, 2))).astype(np.float32)


def test_the_vector_has_the_packs_length_and_length_one(pack: ModelPack, vectors: FloatArray) -> None:
    assert vectors.shape[1] == pack.dimension == pack.embedder.dimension
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)


def test_a_face_has_the_same_vector_alone_and_among_others(
    pack: ModelPack, crops: list[Crop], vectors: FloatArray
) -> None:
    assert len(crops) > 16
    assert pack.embedder.embed([crops[-1]]) == pytest.approx(vectors[-1:], abs=1e-4)


def test_a_face_seen_again_passes_the_threshold_and_strangers_do_not(
    pack: ModelPack, crops: list[Crop], vectors: FloatArray
) -> None:
    again = pack.embedder.embed([seen_again(crop, seed) for seed, crop in enumerate(crops)])
    cosines = again @ vectors.T
    threshold_cosine = pack.thresholds.threshold_cosine(0.005, 100)
    assert cosines.diagonal().min() > threshold_cosine
    assert (cosines.argmax(axis=1) == np.arange(len(crops))).all()


def test_openvino_gives_the_same_vectors_so_engines_may_be_changed(
    pack: ModelPack, crops: list[Crop], vectors: FloatArray
) -> None:
    require(None if importlib.util.find_spec("openvino") else "openvino is not installed")
    on_openvino = default_pack("openvino")
    for other in (on_openvino, default_pack("auto")):
        assert other.digest == pack.digest
        assert other.embedder.embed(crops) == pytest.approx(vectors, abs=1e-4)
    image, landmarks = crops[0]
    found = [face.landmarks for face in on_openvino.detector.detect(image)]
    assert min(float(np.abs(points - landmarks).max()) for points in found) < 0.01


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux tells where a thread may run")
def test_a_network_runs_on_any_processor_so_that_two_processes_do_not_share_one(
    crops: list[Crop],
) -> None:
    require(None if importlib.util.find_spec("openvino") else "openvino is not installed")
    embedder = default_pack("openvino").embedder
    over, runs = threading.Event(), list[int]()

    def embed() -> None:
        while not over.is_set():
            runs.append(len(embedder.embed(crops)))

    thread = threading.Thread(target=embed)
    thread.start()
    number = thread.native_id
    assert number
    seen = list[set[int]]()
    while len(seen) < 3 or len(runs) < 3:
        seen.append(os.sched_getaffinity(number))
    over.set()
    thread.join()
    assert all(where == os.sched_getaffinity(0) for where in seen)


def test_gender_is_a_probability_and_read_with_confidence(pack: ModelPack, crops: list[Crop]) -> None:
    assert pack.gender is not None
    male = pack.gender.read(crops)
    assert male.shape == (len(crops),)
    assert ((male >= 0) & (male <= 1)).all()
    assert ((male > 0.9) | (male < 0.1)).mean() > 0.7


def degraded(image: Image, face: Detection) -> dict[str, Image]:
    width = face.box[2]
    smaller = 14 / width
    return {
        "blurred": np.asarray(cv2.GaussianBlur(image, (0, 0), 0.06 * width), np.uint8),
        "too_small": np.asarray(
            cv2.resize(image, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA), np.uint8
        ),
        "too_dark": (image * 0.06).astype(np.uint8),
        "too_bright": np.clip(image * 4.0, 0, 255).astype(np.uint8),
    }


@pytest.mark.parametrize("reason", ["blurred", "too_small", "too_dark", "too_bright"])
def test_a_spoiled_look_at_a_real_face_is_told_apart_by_its_reason(
    pack: ModelPack, samples: list[Image], reason: str
) -> None:
    picture = samples[2]
    face = pack.detector.detect(picture)[0]
    good = quality_of(picture, face)
    assert good.score > 0.9
    assert good.reasons == ()
    spoiled = degraded(picture, face)[reason]
    scale = spoiled.shape[1] / picture.shape[1]
    box = (face.box[0] * scale, face.box[1] * scale, face.box[2] * scale, face.box[3] * scale)
    quality = quality_of(spoiled, Detection(box, (face.landmarks * np.float32(scale)), face.score))
    assert quality.reasons[0] == reason
    assert quality.score < 0.5
