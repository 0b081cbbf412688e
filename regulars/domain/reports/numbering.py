"""People numbered anew, one beside the other: counting marks people in a table, and a small table is a quick one.

A chain numbers its people from 1 on. Some sites of a large chain know few of them, and those lie far apart.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int32]
FAR_APART = 2**21
"""Marks of so many people stay in a processor's cache: where all numbers are smaller they stay as they are."""
_AT_ONCE = 2**14
"""Of so many numbers what is in between stays in the processor's cache."""
_WORDS_A_NUMBER = 8
"""Above so many words of a table for each number that is looked up, making the table would take the longest."""


def far_apart(numbers: Numbers) -> bool:
    """Whether numbers lie so far apart that counting by new ones is quicker."""
    return bool(numbers.max(initial=0) >= FAR_APART)


def numbered(columns: Sequence[Numbers]) -> tuple[list[Numbers], Numbers]:
    """Return numbers by new ones, the same in all columns, and the old number of each new one, [p], ascending.

    0 stays 0: nobody. No number is below 0.
    """
    people = _different(columns)
    if people[-1] // 32 > _WORDS_A_NUMBER * sum(one.size for one in columns):
        return [np.searchsorted(people, one).astype(np.int32) for one in columns], people
    table = _table(people)
    return [_looked_up(table, one) for one in columns], people


def numbered_after(known: Numbers, numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return numbers by their places in `known`, which must ascend, and others by new ones after it; and all people.

    Quick when they are few.
    """
    (own,), people = numbered([numbers])
    places = np.minimum(np.searchsorted(known, people), known.size - 1).astype(np.int32)
    lacks = known[places] != people
    places[lacks] = known.size + np.arange(np.count_nonzero(lacks))
    return places[own], np.concatenate([known, people[lacks]])


def _different(columns: Sequence[Numbers]) -> Numbers:
    """Return all different numbers, and 0, ascending. Sorting bare numbers of 32 bits is the quickest way there is."""
    ordered = np.concatenate([np.zeros(1, dtype=np.int32), *columns])
    ordered.sort()
    found = [ordered[:1]]
    for first in range(1, ordered.size, _AT_ONCE):
        some = ordered[first : first + _AT_ONCE]
        # By places: with a mask numpy guesses at every number whether it is wanted.
        found.append(some[np.flatnonzero(some != ordered[first - 1 : first - 1 + some.size])])
    return np.concatenate(found)


def _table(people: Numbers) -> NDArray[np.uint64]:
    """Return a word for each 32 numbers: a bit for each that is somebody's; above them, how many lower ones are."""
    table = np.zeros(int(people[-1]) // 32 + 1, dtype=np.uint64)
    before = np.int32(0)
    for first in range(0, people.size, _AT_ONCE):
        some = people[first : first + _AT_ONCE]
        word = some >> 5
        bits = np.uint64(1) << (some & 31).astype(np.uint64)
        begins = np.flatnonzero(np.diff(word, prepend=before))
        bits[begins] += (begins + first).astype(np.uint64) << np.uint64(32)
        # A sum of different powers of two is all of them; a word that is nobody's is never looked at.
        np.add.at(table, word, bits)
        before = word[-1]
    return table


def _looked_up(table: NDArray[np.uint64], numbers: Numbers) -> Numbers:
    """Return the place of each number among those that the table was made of; each must be one of them."""
    places = np.empty(numbers.size, dtype=np.int32)
    room = min(_AT_ONCE, numbers.size)
    at, word, mask = np.empty(room, np.int64), np.empty(room, np.uint64), np.empty(room, np.uint64)
    for first in range(0, numbers.size, _AT_ONCE):
        some = numbers[first : first + _AT_ONCE]
        here, of, below = at[: some.size], word[: some.size], mask[: some.size]
        np.right_shift(some, 5, out=here)
        np.take(table, here, out=of, mode="clip")
        np.bitwise_and(some, 31, out=below, casting="unsafe")
        np.left_shift(np.uint64(1), below, out=below)
        below -= np.uint64(1)
        below &= of
        of >>= np.uint64(32)
        of += np.bitwise_count(below)
        places[first : first + _AT_ONCE] = of
    return places
