"""Several shots, one vector: weights, the outlier, and what is always true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.faces import FloatArray
from regulars.domain.fusion import fuse


def rows(*vectors: tuple[float, ...]) -> FloatArray:
    made = np.array(vectors, np.float32)
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def weights(*values: float) -> FloatArray:
    return np.array(values, np.float32)


def test_one_shot_is_itself() -> None:
    fused = fuse(rows((3, 4)), weights(0.0), 0.3)
    assert fused.vector == pytest.approx([0.6, 0.8])
    assert fused.kept == (0,)


def test_the_better_shot_counts_more() -> None:
    fused = fuse(rows((1, 0), (1, 1)), weights(0.9, 0.1), 0.1)
    assert fused.vector @ np.array([1, 0]) > fused.vector @ np.array([1, 1]) / np.sqrt(2)


def test_of_three_the_one_that_is_somebody_else_is_dropped() -> None:
    fused = fuse(rows((1, 0.1), (1, -0.1), (-0.1, 1)), weights(0.5, 0.5, 0.9), 0.3)
    assert fused.kept == (0, 1)
    assert fused.vector[0] > 0.99


def test_of_two_unlike_the_better_seen_is_kept() -> None:
    assert fuse(rows((1, 0), (0, 1)), weights(0.4, 0.6), 0.3).kept == (1,)


def test_shots_of_one_person_are_all_kept() -> None:
    assert fuse(rows((1, 0.2), (1, -0.2), (1, 0)), weights(0.5, 0.6, 0.7), 0.3).kept == (0, 1, 2)


@given(st.integers(1, 5), st.integers(0, 10_000), st.floats(0.0, 0.5))
def test_the_vector_is_no_longer_than_a_look_and_at_most_one_shot_is_dropped(n: int, seed: int, apart: float) -> None:
    random = np.random.default_rng(seed)
    vectors = rows(*(tuple(random.standard_normal(8)) for _ in range(n)))
    fused = fuse(vectors, random.random(n).astype(np.float32), apart)
    assert 0 < np.linalg.norm(fused.vector) <= 1 + 1e-4
    assert len(fused.kept) >= max(1, n - 1)
