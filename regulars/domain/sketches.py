"""Sketches of vectors: 256 signs each or more, so short that those of a million are compared in some milliseconds.

A sign tells on which side of a plane through the origin the vector lies; the planes are drawn at random, once. Two
vectors with an angle `a` between them differ in each sign with probability a / pi (Goemans and Williamson 1995;
Charikar 2002), whatever the vectors are. Planes are drawn in whole bases, at right angles to each other: the number of
signs in which two vectors differ then spreads less than if each were drawn by itself (six signs instead of seven and a
half, of 256 in 128 dimensions).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from regulars.domain.faces import FloatArray

_LEAST_SIGNS = 256
_AT_ONCE = 16_384
"""So many sketches are compared in one step, whose results stay in the processor's cache."""
Sketch = NDArray[np.uint64]
"""[w, n]: 64 signs of each vector in a row, since rows are compared one after the other."""
Differences = NDArray[np.uint8 | np.uint16]


def words_of(dimension: int) -> int:
    """Return how many times 64 signs a vector of so many numbers has: a base's or more."""
    return max(_LEAST_SIGNS, dimension) // 64


def sketches_of(vectors: FloatArray) -> Sketch:
    """Return the sketches, uint64 [w, n], of `vectors`, float32 [n, d]."""
    signs = np.packbits(vectors @ _planes(vectors.shape[1]) > 0.0, axis=1)
    return np.ascontiguousarray(signs.view(np.uint64).T)


def differing(some: Sequence[Sketch], one: Sketch) -> Differences:
    """Return in how many signs each of `some`, arrays [w, n] taken as one, differs from `one`, [w, 1].

    All of 256 are told as 0, which brings a look too many.
    """
    words, many = len(one), sum(part.shape[1] for part in some)
    found: Differences = np.empty(many, np.uint8 if words <= _LEAST_SIGNS // 64 else np.uint16)
    step, end = min(many, _AT_ONCE), 0
    unlike, counts = np.empty((words, step), np.uint64), np.empty((words, step), np.uint8)
    for part in some:
        for begin in range(0, part.shape[1], step):
            its = part[:, begin : begin + step]
            n = its.shape[1]
            np.bitwise_xor(its, one, out=unlike[:, :n])
            np.bitwise_count(unlike[:, :n], out=counts[:, :n])
            np.add.reduce(counts[:, :n], axis=0, dtype=found.dtype, out=found[end : end + n])
            end += n
    return found


@cache
def _planes(dimension: int) -> FloatArray:
    """Return what is at right angles to each plane, float32 [d, signs]: whole bases, as many as are needed."""
    rng, signs = np.random.default_rng(17), 64 * words_of(dimension)
    bases = [np.linalg.qr(rng.normal(size=(dimension, dimension)))[0] for _ in range(-(-signs // dimension))]
    return np.concatenate(bases, axis=1)[:, :signs].astype(np.float32)
