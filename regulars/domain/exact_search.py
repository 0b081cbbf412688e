"""A gallery held in memory: its looks as rows of numbers, searched by comparing them with a face, or their sketches.

Of up to `ALL_COMPARED` looks every one is compared. Of more one half of their sketches is, then the other half of those
that differ least from the face's, then the looks of which the whole differs least. Looks that decide are among them: in
a gallery so large the cosine that is asked for lies above what one stranger's look in a million reaches. One just at
the grey bar is missed less than once in ten thousand times (docs/decisions/017-small-galleries-in-memory.md).

One thread at a time may change it (the caller sees to that); any number may search meanwhile, and find each look as it
was before the change or after it.
"""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.faces import FloatArray
from regulars.domain.sketches import WORDS, Sketch, differing, sketches_of

ALL_COMPARED = 30_000
_HALF = WORDS // 2
_SAMPLED = 2048
"""So many sketches say below which difference the wanted number of all will lie."""
_LEAST_ROWS, _MOST_ROWS = 64, 16_384
"""Of a block: a gallery grows by blocks as long as itself, so that ten looks take little and no growth copies many."""
_SPARE = 64
"""So many looks, and a quarter of all, may be gone before their places are given back."""
_BYTES_OF_A_PERSON = 200
_Rows: TypeAlias = slice | NDArray[np.intp]


class _Block:
    """Rows in the order of `seq`: `vectors` float32 [rows, d] of length 1, zeros where the look is gone.

    `sketches`: uint64 [WORDS, rows], zeros likewise.
    """

    def __init__(self, rows: int, dimension: int) -> None:
        self.vectors: FloatArray = np.zeros((rows, dimension), np.float32)
        self.sketches: Sketch = np.zeros((WORDS, rows), np.uint64)
        self.seqs: NDArray[np.int64] = np.zeros(rows, np.int64)
        self.people: NDArray[np.int32] = np.zeros(rows, np.int32)
        self.gone: NDArray[np.bool_] = np.zeros(rows, np.bool_)
        self.used = 0
        self.any_gone = False

    @property
    def size_bytes(self) -> int:
        return self.vectors.nbytes + self.sketches.nbytes + self.seqs.nbytes + self.people.nbytes + self.gone.nbytes


class ExactGallery:
    """Looks by `seq`, a number that rises with every look that is added, and whose they are."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._blocks: tuple[_Block, ...] = ()
        self._names: list[UUID] = []
        self._places: dict[UUID, int] = {}
        self._looks: list[int] = []
        self._gone = 0
        self.people = 0
        """How many people have a look here."""

    def __len__(self) -> int:
        return sum(block.used for block in self._blocks) - self._gone

    @property
    def size_bytes(self) -> int:
        """How much memory it takes, nearly."""
        return sum(block.size_bytes for block in self._blocks) + _BYTES_OF_A_PERSON * len(self._names)

    def add(self, seqs: Sequence[int], people: Sequence[UUID], vectors: FloatArray) -> None:
        """Add looks, `seqs` rising and above all that are here; `vectors`: float32 [n, d] of any length above zero."""
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors / np.maximum(lengths, np.float32(1e-12))
        sketches = sketches_of(unit)
        numbers = [self._number(person) for person in people]
        begin = 0
        while begin < len(seqs):
            block = self._block_with_room(len(seqs) - begin)
            took = min(len(seqs) - begin, len(block.seqs) - block.used)
            rows, taken = slice(block.used, block.used + took), slice(begin, begin + took)
            block.vectors[rows], block.sketches[:, rows] = unit[taken], sketches[:, taken]
            block.seqs[rows], block.people[rows] = seqs[taken], numbers[taken]
            block.used += took
            begin += took
        for number in numbers:
            self.people += self._looks[number] == 0
            self._looks[number] += 1

    def remove(self, seqs: Sequence[int]) -> None:
        """Remove looks and write zeros over them; those that are not here are no error."""
        for seq in seqs:
            for block in self._blocks:
                row = int(np.searchsorted(block.seqs[: block.used], seq))
                if row < block.used and block.seqs[row] == seq and not block.gone[row]:
                    block.any_gone = block.gone[row] = True
                    block.vectors[row], block.sketches[:, row] = 0.0, 0
                    self._gone += 1
                    number = int(block.people[row])
                    self._looks[number] -= 1
                    self.people -= self._looks[number] == 0

    def nearest(self, vector: FloatArray, looks: int, people: int) -> list[UUID]:
        """Return whose the `looks` looks most like `vector` (float32 [d]) are, best first, at most so many `people`.

        Of looks that are equally like it the oldest is first.
        """
        blocks = [(block, block.used) for block in self._blocks]
        if not blocks:
            return []
        compared = _compared(blocks, vector)
        cosines = np.concatenate([_cosines(block, rows, vector) for block, rows in compared])
        owners = np.concatenate([block.people[rows] for block, rows in compared])
        if len(cosines) > looks:
            best = np.flatnonzero(cosines >= np.partition(cosines, -looks)[-looks])
            owners, cosines = owners[best], cosines[best]
        in_order = np.argsort(-cosines, kind="stable")[: min(looks, int(np.isfinite(cosines).sum()))]
        whose: list[int] = owners[in_order].tolist()
        return [self._names[number] for number in dict.fromkeys(whose)][:people]

    @property
    def is_sparse(self) -> bool:
        """Whether so many looks are gone that it is worth being made anew."""
        return self._gone > _SPARE + len(self) // 4

    def without_gaps(self) -> "ExactGallery":
        """Return a gallery of the same looks in no more memory than they need."""
        anew = ExactGallery(self._dimension)
        for block in self._blocks:
            kept = ~block.gone[: block.used]
            owners: list[int] = block.people[: block.used][kept].tolist()
            names = [self._names[number] for number in owners]
            anew.add(block.seqs[: block.used][kept].tolist(), names, block.vectors[: block.used][kept])
        return anew

    def _number(self, person: UUID) -> int:
        number = self._places.setdefault(person, len(self._names))
        if number == len(self._names):
            self._looks.append(0)
            self._names.append(person)
        return number

    def _block_with_room(self, wanted: int) -> _Block:
        if not self._blocks or self._blocks[-1].used == len(self._blocks[-1].seqs):
            rows = min(max(_LEAST_ROWS, wanted, len(self)), _MOST_ROWS)
            self._blocks = (*self._blocks, _Block(rows, self._dimension))
        return self._blocks[-1]


def shares_compared(looks: int) -> tuple[float, float]:
    """Return of how many looks, of more than ALL_COMPARED, the other half of the sketch and they themselves are."""
    return max(1 / 20, 4096 / looks), max(1 / 512, 1024 / looks)


def _compared(blocks: Sequence[tuple[_Block, int]], vector: FloatArray) -> list[tuple[_Block, _Rows]]:
    """Return the rows of each block to be compared: all, or those with the sketches most like the vector's."""
    many = sum(used for _, used in blocks)
    if many <= ALL_COMPARED:
        return [(block, slice(used)) for block, used in blocks]
    asked, (by_half, by_whole) = sketches_of(vector[None]), shares_compared(many)
    halves = [differing(block.sketches[:_HALF, :used], asked[:_HALF]) for block, used in blocks]
    rows = _least(halves, by_half)
    wholes = [
        differing(block.sketches[_HALF:].take(its, axis=1), asked[_HALF:]) + half[its].astype(np.uint16)
        for (block, _), half, its in zip(blocks, halves, rows, strict=True)
    ]
    chosen = _least(wholes, by_whole * many / sum(len(its) for its in rows))
    return [(block, its[least]) for (block, _), its, least in zip(blocks, rows, chosen, strict=True)]


def _least(differences: Sequence[NDArray[np.uint8 | np.uint16]], share: float) -> list[NDArray[np.intp]]:
    """Return for each array where the least are, about this share of all of them."""
    step = max(1, sum(len(some) for some in differences) // _SAMPLED)
    counts = np.bincount(np.concatenate([some[::step] for some in differences])).cumsum()
    most = int(np.searchsorted(counts, share * int(counts[-1])))
    return [np.flatnonzero(some <= most) for some in differences]


def _cosines(block: _Block, rows: _Rows, vector: FloatArray) -> FloatArray:
    cosines = block.vectors[rows] @ vector
    if block.any_gone:
        cosines[block.gone[rows]] = -np.inf
    return cosines
