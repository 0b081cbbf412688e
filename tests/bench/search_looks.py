"""Looks to search among: a person's looks lie around a centre of their own, as embeddings do.

The pack's dimension, and the cosine that `./run eval` finds between two looks of one person.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.domain.faces import FloatArray

LOOKS = 5
COSINE_OF_ONE_PERSON = 0.6
_QUERIES = 1000
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Looks:
    """Templates float32 [n, d] and queries [q, d], each of length 1; `nearest` [q] is each one's best row."""

    vectors: FloatArray
    queries: FloatArray
    nearest: list[int]


def looks_of(size: int, dimension: int, seed: int = 5) -> Looks:
    """Return looks of size / LOOKS people, and a further look of some of them to ask with."""
    rng = np.random.default_rng(seed)
    people = _unit(rng.normal(size=(size // LOOKS, dimension)))
    apart = float(np.sqrt(1 / COSINE_OF_ONE_PERSON - 1))

    def looks(centres: FloatArray) -> FloatArray:
        return _unit(centres + apart * _unit(rng.normal(size=centres.shape)))

    vectors = np.empty((size, dimension), np.float32)
    for begin in range(0, size, _AT_ONCE):
        some = people[begin // LOOKS : (begin + _AT_ONCE) // LOOKS]
        vectors[begin : begin + _AT_ONCE] = looks(np.repeat(some, LOOKS, axis=0))
    queries = looks(people[rng.integers(0, len(people), _QUERIES)])
    nearest = [(vectors @ query).argmax() for query in queries]
    return Looks(vectors, queries, [int(row) for row in nearest])


def _unit(vectors: Any) -> FloatArray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
