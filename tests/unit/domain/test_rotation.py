"""Turning vectors by a secret keeps what is compared, is the same everywhere, and tells nothing without the secret."""

import numpy as np
import pytest

from regulars.domain.faces import FloatArray
from regulars.domain.rotation import Rotation
from regulars.errors import ConfigurationRefused

SECRET = "0123456789abcdef0123456789abcdef"


def unit_vectors(count: int, dimension: int) -> FloatArray:
    made = np.random.default_rng(3).standard_normal((count, dimension))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("dimension", [1, 2, 128, 704])
def test_cosines_stay_and_lengths_too(dimension: int) -> None:
    vectors = unit_vectors(40, dimension)
    turned = Rotation(SECRET).turn(vectors)
    assert np.abs(turned @ turned.T - vectors @ vectors.T).max() < 1e-5
    assert turned.dtype == np.float32


def test_without_the_secret_a_vector_is_far_from_itself() -> None:
    vectors = unit_vectors(500, 128)
    turned, otherwise = Rotation(SECRET).turn(vectors), Rotation(SECRET[::-1]).turn(vectors)
    for stolen, probes in ((turned, vectors), (turned, otherwise)):
        assert np.abs(np.sum(stolen * probes, axis=1)).max() < 0.45
        assert abs(float(np.sum(stolen * probes, axis=1).mean())) < 0.05


def test_the_same_secret_turns_alike_on_every_machine() -> None:
    turned = Rotation(SECRET).turn(np.eye(3, dtype=np.float32))
    assert turned.ravel() == pytest.approx(
        [0.7675679, 0.5907563, -0.2486897, 0.2812079, 0.0382867, 0.9588828, -0.5759876, 0.8059411, 0.1367377], abs=1e-6
    )
    assert Rotation(SECRET).fingerprint == "942e54f2"
    assert Rotation(SECRET).turn(np.eye(3, dtype=np.float32)[1]) == pytest.approx(turned[1])


def test_a_secret_that_is_none_is_refused_without_being_repeated() -> None:
    with pytest.raises(ConfigurationRefused, match="REGULARS_ROTATION_SECRET") as refused:
        Rotation("short-and-known")
    assert "short-and-known" not in str(refused.value)
