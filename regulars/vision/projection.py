"""After the networks: the smaller vector that is stored, a plain principal-component projection kept as whole numbers.

The file is text: the first line the mean, then one line per input dimension with its weight on each axis, all in units
of UNIT. Made by `python -m regulars.vision.fit_projection`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from regulars.domain.faces import FloatArray
from regulars.errors import ConfigurationRefused

UNIT = 0.0005
"""Weights are around 0.04; the rounding moves a cosine by less than 0.001."""


@dataclass(frozen=True, slots=True)
class Projection:
    """(vector - mean) @ axes, `mean` float32 [d], `axes` float32 [d, k]; the result is scaled to length 1 again."""

    mean: FloatArray
    axes: FloatArray


def unit_rows(vectors: FloatArray) -> FloatArray:
    """Return the rows scaled to length 1; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, np.float32(1e-12))).astype(np.float32)


def project(vectors: FloatArray, projection: Projection) -> FloatArray:
    """Return the smaller unit rows, float32 [n, k], of unit rows, float32 [n, d]."""
    return unit_rows(((vectors - projection.mean) @ projection.axes).astype(np.float32))


def fit(vectors: FloatArray, dimension: int) -> Projection:
    """Return the projection of unit rows, float32 [n, d], onto their `dimension` principal components.

    Not whitened: dividing by the spread of each axis, like a linear discriminant, measured worse on other people.
    """
    mean = vectors.mean(axis=0)
    axes = np.linalg.eigh(np.cov(vectors, rowvar=False))[1][:, ::-1][:, :dimension]
    return rounded(Projection(mean, axes.astype(np.float32)))


def rounded(exact: Projection) -> Projection:
    """Return the projection as the file keeps it."""
    mean, axes = ((np.round(part / UNIT) * UNIT).astype(np.float32) for part in (exact.mean, exact.axes))
    return Projection(mean, axes)


def write(projection: Projection, path: Path) -> None:
    """Write the text file."""
    lines = [" ".join(str(round(float(x) / UNIT)) for x in row) for row in (projection.mean, *projection.axes)]
    path.write_text("\n".join(lines) + "\n", "ascii")


def read(path: Path) -> Projection:
    """Read the text file. Raises ConfigurationRefused when its lines do not fit together."""
    try:
        rows = [np.array(line.split(), np.int32) for line in path.read_text("ascii").splitlines()]
        axes = np.stack(rows[1:]).astype(np.float32)
        if len(rows[0]) != len(axes):
            raise ValueError(f"a mean of {len(rows[0])} numbers for {len(axes)} lines")
    except (ValueError, IndexError, UnicodeDecodeError) as error:
        raise ConfigurationRefused(f"{path} is not a projection: {error}. Fit it again.") from error
    return Projection(rows[0].astype(np.float32) * np.float32(UNIT), axes * np.float32(UNIT))
