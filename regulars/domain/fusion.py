"""Before matching: the shots of one track become one vector."""

from dataclasses import dataclass

import numpy as np

from regulars.domain.faces import FloatArray, mean_vector

SMALLEST_WEIGHT = np.float32(0.05)
"""A shot of quality zero still says something; without a floor one good shot would silence four fair ones."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A track's vector, float32 [d] as `mean_vector` makes it, and the rows of its shots, in the order given."""

    vector: FloatArray
    kept: tuple[int, ...]


def fuse(vectors: FloatArray, qualities: FloatArray, apart_cosine: float) -> Fused:
    """Return the quality-weighted mean of a track's unit vectors, without an outlier.

    `vectors` is float32 [n, d] of unit rows, n >= 1; `qualities` float32 [n], 0 to 1. Averaging takes out what changes
    from shot to shot (blur, pose, light) and keeps the person; the weights follow quality, because a blurred face
    pulls towards the mean of all faces. A shot is dropped when the weighted mean of the others is less like it than
    `apart_cosine`, what unrelated people reach: the tracker has then jumped to somebody else, or it is no face. At
    most one is dropped, the least like the rest, and only of three or more: of two nobody knows which is wrong, and
    the better one is kept alone.
    """
    weights = np.maximum(qualities.astype(np.float32), SMALLEST_WEIGHT)
    rows = np.arange(len(vectors))
    if len(rows) > 1:
        likeness = np.array([_likeness(vectors, weights, row) for row in range(len(vectors))], np.float32)
        if likeness.min() < apart_cosine:
            rows = rows[rows != int(likeness.argmin())] if len(rows) > 2 else rows[[int(weights.argmax())]]
    return Fused(mean_vector(vectors[rows], weights[rows]), tuple(int(row) for row in rows))


def _likeness(vectors: FloatArray, weights: FloatArray, row: int) -> float:
    others = np.arange(len(vectors)) != row
    return float(mean_vector(vectors[others], weights[others]) @ vectors[row])
