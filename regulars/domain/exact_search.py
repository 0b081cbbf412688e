"""A gallery held in memory: its looks as rows of numbers, searched by comparing them with a face, or their sketches.

Of up to `ALL_COMPARED` looks every one is compared. Of more their sketches are, then the looks whose sketches differ
least from the face's. Looks that decide are among them: in a gallery so large the cosine that is asked for lies above
what one stranger's look in a million reaches. One just at the grey bar is missed less than once in ten thousand times
(docs/decisions/017-small-galleries-in-memory.md).

One thread at a time may change it (the caller sees to that); any number may search meanwhile, and find each look as it
was before the change or after it.
"""

from collections.abc import Sequence
from math import ceil
from typing import TypeAlias
from uuid import UUID
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from regulars.domain.faces import FloatArray
from regulars.domain.sketches import Differences, Sketch, differing, sketches_of, words_of

ALL_COMPARED = 4_000
_SAMPLED = 2048
"""So many sketches say below which difference the wanted number of all will lie, or a little above."""
_LEAST_COSINE, _GONE = np.float32(-2.0), np.float32(-np.inf)
"""Below what any look has; what one has that is no more there."""
_LEAST_ROWS, _MOST_ROWS = 64, 32_768
"""Of a block: the last is copied into one half as long again, so that ten looks take little; a full one stays."""
_SPARE = 64
"""So many looks, and a quarter of all, may be gone before their places are given back."""
_BYTES_OF_A_PERSON = 200
_Rows: TypeAlias = slice | NDArray[np.intp]


class _Block:
    """Rows in the order of `seq`: `vectors` float32 [rows, d] of length 1, zeros where the look is gone.

    `sketches`: uint64 [w, rows], zeros likewise. When nobody searches in it any more zeros are written over both.
    """

    def __init__(self, rows: int, dimension: int) -> None:
        self.vectors: FloatArray = np.zeros((rows, dimension), np.float32)
        self.sketches: Sketch = np.zeros((words_of(dimension), rows), np.uint64)
        self.seqs: NDArray[np.int64] = np.zeros(rows, np.int64)
        self.people: NDArray[np.int32] = np.zeros(rows, np.int32)
        self.gone: NDArray[np.bool_] = np.zeros(rows, np.bool_)
        self.used = 0
        self.any_gone = False
        finalize(self, _overwrite, self.vectors, self.sketches).atexit = False

    def copied(self, rows: int) -> "_Block":
        """Return a longer one of the same; who searches meanwhile goes on with this one."""
        longer, used = _Block(rows, self.vectors.shape[1]), self.used
        longer.vectors[:used], longer.sketches[:, :used] = self.vectors[:used], self.sketches[:, :used]
        longer.seqs[:used], longer.people[:used] = self.seqs[:used], self.people[:used]
        longer.gone[:used] = self.gone[:used]
        longer.used, longer.any_gone = used, self.any_gone
        return longer

    @property
    def size_bytes(self) -> int:
        return self.vectors.nbytes + self.sketches.nbytes + self.seqs.nbytes + self.people.nbytes + self.gone.nbytes


def _overwrite(vectors: FloatArray, sketches: Sketch) -> None:
    vectors.fill(0.0)
    sketches.fill(0)


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
        least = np.partition(cosines, -looks)[-looks] if len(cosines) > looks else _GONE
        best = (cosines >= max(least, _LEAST_COSINE)).nonzero()[0]
        in_order = best[(-cosines[best]).argsort(kind="stable")][:looks]
        whose: list[int] = owners[in_order].tolist()
        return [self._names[number] for number in list(dict.fromkeys(whose))[:people]]

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
        if self._blocks and self._blocks[-1].used < len(self._blocks[-1].seqs):
            return self._blocks[-1]
        full = self._blocks
        if full and full[-1].used < _MOST_ROWS:
            *full, last = full
            block = last.copied(min(last.used + max(wanted, last.used // 2, _LEAST_ROWS), _MOST_ROWS))
        else:
            block = _Block(min(max(wanted, _LEAST_ROWS), _MOST_ROWS), self._dimension)
        self._blocks = (*full, block)
        return block


def least_compared(looks: int) -> int:
    """Return how many looks, of more than ALL_COMPARED, are compared themselves at least.

    More than the bars and the spread of signs need, at every size (tests/unit/domain/test_exact_search.py).
    """
    return ceil(10 * looks**0.4)


def _compared(blocks: Sequence[tuple[_Block, int]], vector: FloatArray) -> list[tuple[_Block, _Rows]]:
    """Return the rows of each block to be compared: all, or those with the sketches most like the vector's."""
    many = sum(used for _, used in blocks)
    if many <= ALL_COMPARED:
        return [(block, slice(used)) for block, used in blocks]
    sketches = [block.sketches[:, :used] for block, used in blocks]
    rows, begin = _least(differing(sketches, sketches_of(vector[None])), least_compared(many)), 0
    found = list[tuple[_Block, _Rows]]()
    for block, used in blocks:
        first, last = rows.searchsorted((begin, begin + used)).tolist()
        found.append((block, rows[first:last] - begin))
        begin += used
    return found


def _least(differences: Differences, many: int) -> NDArray[np.intp]:
    """Return where the least are: at least so `many`, and all that are no greater than the last of them."""
    sampled = np.bincount(differences[:: max(1, len(differences) // _SAMPLED)]).cumsum()
    most = int(sampled.searchsorted(many / len(differences) * int(sampled[-1]))) - 1
    while np.count_nonzero(are := differences <= most) < many:
        most += 1
    return are.nonzero()[0]


def _cosines(block: _Block, rows: _Rows, vector: FloatArray) -> FloatArray:
    looks = block.vectors[rows] if isinstance(rows, slice) else block.vectors.take(rows, axis=0)
    cosines = looks @ vector
    if block.any_gone:
        cosines[block.gone[rows]] = _GONE
    return cosines
