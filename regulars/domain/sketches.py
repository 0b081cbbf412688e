"""Sketches of vectors: 512 signs each, so short that half of each of a million are compared in some milliseconds.

A sign tells on which side of a plane through the origin the vector lies; the planes are drawn at random, once. Two
vectors with an angle `a` between them differ in each sign with probability a / pi (Goemans and Williamson 1995;
Charikar 2002), whatever the vectors are: the number of signs in which they differ is binomial, or spread less, since
planes are drawn at right angles to each other.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from regulars.domain.faces import FloatArray

SIGNS = 512
WORDS = SIGNS // 64
Sketch = NDArray[np.uint64]
"""[WORDS, n]: 64 signs of each vector in a row, since rows are compared one after the other."""


def sketches_of(vectors: FloatArray) -> Sketch:
    """Return the sketches, uint64 [WORDS, n], of `vectors`, float32 [n, d]."""
    signs = np.packbits(vectors @ _planes(vectors.shape[1]) > 0.0, axis=1)
    return np.ascontiguousarray(signs.view(np.uint64).T)


def differing(some: Sketch, one: Sketch) -> NDArray[np.uint8]:
    """Return in how many signs each of `some`, [w, n], differs from `one`, [w, 1].

    Of at most four words; all 256 are told as 0, which brings a look too many.
    """
    return np.bitwise_count(some ^ one).sum(axis=0, dtype=np.uint8)


@cache
def _planes(dimension: int) -> FloatArray:
    """Return what is at right angles to each plane, float32 [d, SIGNS]: whole bases, as many as are needed."""
    rng = np.random.default_rng(17)
    bases = [np.linalg.qr(rng.normal(size=(dimension, dimension)))[0] for _ in range(-(-SIGNS // dimension))]
    return np.concatenate(bases, axis=1)[:, :SIGNS].astype(np.float32)
