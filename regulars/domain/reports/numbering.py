"""People numbered anew, one beside the other: counting marks people in a table, and a small table is a quick one.

A chain numbers its people from 1 on. Some sites of a large chain know few of them, and those lie far apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int32]
FAR_APART = 2**21
"""Marks of so many people stay in a processor's cache: where all numbers are smaller they stay as they are."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """One numbering for several: `of` are the people of each, by their numbers there, as `renumbered` returns them.

    `people` [p] are all of them by their new numbers. `places` says for each of `of` which new number [p of it] a
    number there has; None: the same.
    """

    of: Sequence[Numbers]
    people: Numbers
    places: Sequence[Numbers | None]

    def holds_for(self, peoples: Sequence[Numbers]) -> bool:
        """Whether it was made for these people, in this order."""
        return len(peoples) == len(self.of) and all(
            one is other or np.array_equal(one, other) for one, other in zip(self.of, peoples, strict=True)
        )

    @property
    def size_bytes(self) -> int:
        """How much memory it takes, with the people that it was made for."""
        return sum(one.nbytes for one in (*self.of, self.people, *self.places) if one is not None)


def numbered(visitor: Numbers) -> tuple[Numbers, Numbers | None]:
    """Return visitors as `renumbered` does where their numbers lie far apart, else as they are, and None."""
    return (visitor, None) if visitor.max(initial=0) < FAR_APART else renumbered(visitor)


def renumbered(visitor: Numbers) -> tuple[Numbers, Numbers]:
    """Return visitors by new numbers, and the old number of each new one, [p], ascending; 0 stays 0: nobody."""
    places, people = _placed(np.append(visitor, np.int32(0)))
    return places[:-1], people


def one_numbering(peoples: Sequence[Numbers]) -> Numbering:
    """Return one numbering for all of these, ascending."""
    places, people = _placed(np.concatenate(peoples))
    return Numbering(peoples, people, np.split(places, np.cumsum([one.size for one in peoples])[:-1]))


def numbering_after(peoples: Sequence[Numbers]) -> Numbering:
    """Return one numbering for two: the first, which must ascend, keep their numbers. Quick when the others are few."""
    known, others = peoples
    places = np.minimum(np.searchsorted(known, others), known.size - 1).astype(np.int32)
    lacks = known[places] != others
    places[lacks] = known.size + np.arange(np.count_nonzero(lacks))
    return Numbering(peoples, np.concatenate([known, others[lacks]]), [None, places])


def _placed(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return the place [n] of each number among the different ones, and those [p], ascending. None is below 0.

    Each is sorted with where it stood below it in the same 64 bits: `numpy.unique` takes twice to ten times as long.
    """
    keyed = numbers.astype(np.int64) << 32
    keyed |= np.arange(numbers.size)
    keyed.sort()
    ordered = (keyed >> 32).astype(np.int32)
    keyed &= 2**32 - 1
    begins = np.diff(ordered, prepend=np.int32(-1)) != 0
    places = np.empty(numbers.size, dtype=np.int32)
    places[keyed] = np.cumsum(begins, dtype=np.int32) - 1
    return places, ordered[begins]
