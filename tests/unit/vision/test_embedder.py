"""Preprocessing, batching and fusion, on networks that only copy their input."""

import numpy as np
import pytest

from regulars.domain.faces import FloatArray
from regulars.vision.embedder import Crop, FaceEmbedder, Network, Preprocessing, prepared
from regulars.vision.gender import GenderReader
from regulars.vision.projection import Projection
from tests.unit.vision.fake_session import FakeSession, first_values

TEMPLATE = np.array([[10, 10], [22, 10], [16, 16], [11, 22], [21, 22]], np.float32)


def preprocessing(**changed: object) -> Preprocessing:
    made: dict[str, object] = {
        "template": TEMPLATE,
        "size": 32,
        "colours": "bgr",
        "mean": (0.0, 0.0, 0.0),
        "scale": (1.0, 1.0, 1.0),
        "layout": "nchw",
    }
    return Preprocessing(**(made | changed))  # type: ignore[arg-type]


def crop(blue: int, green: int = 0, red: int = 0) -> Crop:
    image = np.empty((32, 32, 3), np.uint8)
    image[:] = (blue, green, red)
    return image, TEMPLATE


def test_colours_mean_and_scale_follow_the_pack() -> None:
    how = preprocessing(colours="rgb", mean=(30.0, 20.0, 10.0), scale=(3.0, 2.0, 1.0))
    batch = prepared([crop(12, 24, 36)], how)
    assert batch.shape == (1, 3, 32, 32)
    assert batch[0, :, 5, 5] == pytest.approx([2.0, 2.0, 2.0])
    assert prepared([crop(12, 24, 36)], preprocessing(layout="nhwc"))[0, 5, 5] == pytest.approx([12, 24, 36])


def test_networks_are_joined_with_equal_weight_and_length_one() -> None:
    networks = [Network(first_values(4), preprocessing(), 4), Network(first_values(6), preprocessing(), 6)]
    rows = FaceEmbedder(networks).embed([crop(9), crop(200)])
    assert rows.shape == (2, 10)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1])
    assert np.linalg.norm(rows[:, :4], axis=1) == pytest.approx([0.5**0.5] * 2)


def test_faces_beyond_a_batch_keep_their_order() -> None:
    def brightness(batch: FloatArray) -> list[FloatArray]:
        return [np.stack([batch[:, 0, 5, 5], np.full(len(batch), 100)], axis=1).astype(np.float32)]

    session = FakeSession(brightness)
    rows = FaceEmbedder([Network(session, preprocessing(), 2, max_batch=2)]).embed([crop(b) for b in (0, 50, 100)])
    assert [len(batch) for batch in session.batches] == [2, 1]
    assert rows[:, 0] / rows[:, 1] == pytest.approx([0, 0.5, 1])


def test_a_projection_makes_the_vector_smaller_and_unit_again() -> None:
    projection = Projection(np.zeros(4, np.float32), np.eye(4, dtype=np.float32)[:, :2])
    embedder = FaceEmbedder([Network(first_values(4), preprocessing(), 4)], projection)
    rows = embedder.embed([crop(3)])
    assert embedder.dimension == 2
    assert rows == pytest.approx(np.full((1, 2), 0.5**0.5))


def test_no_faces_are_no_rows() -> None:
    embedder = FaceEmbedder([Network(first_values(4), preprocessing(), 4)])
    assert embedder.embed([]).shape == (0, 4)


def test_gender_is_the_column_that_the_pack_names() -> None:
    session = FakeSession(lambda batch: [np.tile(np.array([[0.2, 0.8]], np.float32), (len(batch), 1))])
    crops = [crop(1)] * 20
    assert GenderReader(session, preprocessing(), 1).read(crops) == pytest.approx([0.8] * 20)
    assert GenderReader(session, preprocessing(), 0).read(crops[:1]) == pytest.approx([0.2])
    assert GenderReader(session, preprocessing(), 1).read([]).shape == (0,)
