"""From an aligned face to the vector that stands for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from regulars.domain.faces import FloatArray, Image
from regulars.vision.align import aligned_face
from regulars.vision.projection import Projection, project, unit_rows
from regulars.vision.sessions import Session

MAX_BATCH = 16
"""Faces in one run of a network: more gains no speed on a processor and only takes memory."""

Crop = tuple[Image, FloatArray]
"""A BGR picture, uint8 [height, width, 3], and one face's landmarks in its pixels, float32 [5, 2]."""


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How one network wants its face.

    `template` is float32 [5, 2] in pixels of a `size` x `size` picture; `mean` and `scale`, as (value - mean) / scale,
    follow the order of `colours`.
    """

    template: FloatArray
    size: int
    colours: Literal["rgb", "bgr"]
    mean: tuple[float, float, float]
    scale: tuple[float, float, float]
    layout: Literal["nchw", "nhwc"]


def prepared(crops: Sequence[Crop], how: Preprocessing) -> FloatArray:
    """Return the batch a network takes, float32 [n, 3, size, size] (nchw) or [n, size, size, 3] (nhwc).

    Raises ValueError when a crop's landmarks fall together.
    """
    faces = np.stack([aligned_face(image, landmarks, how.template, how.size) for image, landmarks in crops])
    if how.colours == "rgb":
        faces = faces[..., ::-1]
    batch = (faces.astype(np.float32) - np.array(how.mean, np.float32)) / np.array(how.scale, np.float32)
    return np.ascontiguousarray(batch.transpose(0, 3, 1, 2) if how.layout == "nchw" else batch)


@dataclass(frozen=True, slots=True)
class Network:
    """One embedding network: its session, its preprocessing, the length of its vectors, its largest batch."""

    session: Session
    preprocessing: Preprocessing
    dimension: int
    max_batch: int = MAX_BATCH


class FaceEmbedder:
    """The pack's networks, fused: each network's unit vector, joined and divided by the root of their number.

    A pack with a projection makes the joined vector smaller; its cosines are then those of the smaller one.
    """

    def __init__(self, networks: Sequence[Network], projection: Projection | None = None) -> None:
        self._networks = tuple(networks)
        self._projection = projection
        joined = sum(network.dimension for network in self._networks)
        self.dimension = joined if projection is None else int(projection.axes.shape[1])
        """Length of a vector."""

    def embed(self, crops: Sequence[Crop]) -> FloatArray:
        """Return one unit row per crop, float32 [n, dimension]; the cosine of two faces is their dot product.

        Raises ValueError when a crop's landmarks fall together.
        """
        if not crops:
            return np.zeros((0, self.dimension), np.float32)
        joined = np.hstack([self._of_network(network, crops) for network in self._networks])
        joined /= np.sqrt(np.float32(len(self._networks)))
        if self._projection is None:
            return joined
        return project(joined, self._projection)

    @staticmethod
    def _of_network(network: Network, crops: Sequence[Crop]) -> FloatArray:
        parts: list[FloatArray] = []
        for start in range(0, len(crops), network.max_batch):
            batch = prepared(crops[start : start + network.max_batch], network.preprocessing)
            parts.append(network.session.run(batch)[0].reshape(len(batch), -1))
        return unit_rows(np.concatenate(parts))
