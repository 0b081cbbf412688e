"""A column whose pieces come one by one: each is copied once, while it is still in the processor's cache."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class GrowingColumn:
    """Numbers of this type, or of a wider one once a piece has it; `pieces` says how many of them are about to come.

    Memory that is asked for and not used takes none.
    """

    def __init__(self, kind: DTypeLike, pieces: int) -> None:
        self._room: NDArray[Any] = np.empty(0, dtype=kind)
        self._pieces = pieces
        self._size = 0

    def append(self, piece: NDArray[Any]) -> None:
        """Put a piece after the others."""
        size, kind = self._size + piece.size, np.promote_types(self._room.dtype, piece.dtype)
        if size > self._room.size or kind != self._room.dtype:
            room = np.empty(max(2 * self._room.size, self._pieces * piece.size * 5 // 4, size), dtype=kind)
            room[: self._size] = self._room[: self._size]
            self._room = room
        self._room[self._size : size] = piece
        self._size = size

    def whole(self) -> NDArray[Any]:
        """Return all pieces as one column."""
        return self._room[: self._size] if self._size > self._room.size // 2 else self._room[: self._size].copy()
