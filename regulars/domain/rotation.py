"""What a stolen index is worth: vectors turned by a secret matrix, so that faces from elsewhere do not meet them."""

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from regulars.domain.faces import FloatArray
from regulars.errors import ConfigurationRefused

LEAST_CHARACTERS = 32
"""Of a secret: 128 bits even when it is written in hexadecimal digits."""


class Rotation:
    """Turns vectors by one orthonormal matrix per deployment, made from its secret; lengths and cosines stay.

    `fingerprint` (8 hexadecimal digits) tells two secrets apart and says nothing of either. Raises ConfigurationRefused
    for a secret that is too short to be one.
    """

    def __init__(self, secret: str) -> None:
        if len(secret) < LEAST_CHARACTERS:
            raise ConfigurationRefused(
                f"REGULARS_ROTATION_SECRET must be at least {LEAST_CHARACTERS} characters, for example of openssl rand"
                " -hex 32."
            )
        self._key = hashlib.sha256(b"regulars rotation key\0" + secret.encode()).digest()
        self.fingerprint = hashlib.sha256(b"regulars rotation fingerprint\0" + self._key).hexdigest()[:8]

    def turn(self, vectors: FloatArray) -> FloatArray:
        """Return the vectors (float32 [n, d] or [d]) turned, in their shape."""
        turned = np.asarray(vectors, np.float64) @ _matrix(self._key, vectors.shape[-1])
        return turned.astype(np.float32)


@lru_cache(maxsize=8)
def _matrix(key: bytes, dimension: int) -> NDArray[np.float64]:
    """Return the matrix, float64 [d, d]: the same for the same key on every machine, up to rounding.

    Any orthonormal matrix is as likely as any other (Haar measure): the Q of a matrix of normal numbers, signs set by
    the diagonal of R. Source: Mezzadri, How to generate random matrices from the classical compact groups, 2007.
    """
    triangular: NDArray[np.float64]
    orthonormal, triangular = np.linalg.qr(_normal(key, dimension * dimension).reshape(dimension, dimension))
    return orthonormal * np.sign(np.diagonal(triangular))


def _normal(key: bytes, count: int) -> NDArray[np.float64]:
    """Return normal numbers from SHAKE-256 by Box and Muller: numpy's own streams may change between its versions."""
    drawn = np.frombuffer(hashlib.shake_256(key + count.to_bytes(8, "big")).digest(16 * count), "<u8")
    even = ((drawn >> np.uint64(11)).astype(np.float64) + 0.5) / float(2**53)
    return np.sqrt(-2.0 * np.log(even[:count])) * np.cos(2.0 * np.pi * even[count:])
