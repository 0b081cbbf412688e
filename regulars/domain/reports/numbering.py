"""People numbered anew, one beside the other: counting marks people in a table, and a small table is a quick one.

A chain numbers its people from 1 on. Some sites of a large chain know few of them, and those lie far apart.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int32]
FAR_APART = 2**21
"""Marks of so many people stay in a processor's cache: where all numbers are smaller they stay as they are."""
_AT_ONCE = 2**15
"""Of so many numbers what is in between stays in the processor's cache."""
_NUMBERS_A_VISIT = 256
"""Where so many numbers a visit are possible, going through all of them would take the longest."""
_MARKED_AT_ONCE = 2**25
"""A byte for each of so many numbers is what marking takes; all numbers of a chain of millions are below."""


def far_apart(numbers: Numbers) -> bool:
    """Whether numbers lie so far apart that counting by new ones is quicker."""
    return bool(numbers.max(initial=0) >= FAR_APART)


def numbered(columns: Sequence[Numbers]) -> tuple[list[Numbers], Numbers]:
    """Return numbers by new ones, the same in all columns, and the old number of each new one, [p], ascending.

    0 stays 0: nobody. No number is below 0.
    """
    highest = max(int(one.max(initial=0)) for one in columns)
    if highest > _NUMBERS_A_VISIT * sum(one.size for one in columns):
        people = np.unique(np.concatenate([np.zeros(1, dtype=np.int32), *columns]))
        return [np.searchsorted(people, one).astype(np.int32) for one in columns], people
    people, bits = _marked(columns, highest)
    table = _table(bits)
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


def _marked(columns: Sequence[Numbers], highest: int) -> tuple[Numbers, NDArray[np.uint32]]:
    """Return all different numbers, and 0, ascending; and a bit for each, 32 numbers a word.

    Sorting them is as quick on some processors, and takes three times as long on others.
    """
    size = min(_MARKED_AT_ONCE, highest // 32 * 32 + 32)
    place = np.empty(_AT_ONCE, dtype=np.int64)
    people, bits = list[Numbers](), list[NDArray[np.uint8]]()
    for first in range(0, highest + 1, size):
        there = np.zeros(size + 1, dtype=bool)
        for some in _in_pieces(columns):
            at = place[: some.size]
            at[:] = some
            at -= first
            # What is not among those marked now goes to one place behind them: without a sign below 0 is far above.
            unsigned = at.view(np.uint64)
            np.minimum(unsigned, np.uint64(size), out=unsigned)
            there[at] = True
        there[0] |= not first
        people.append(np.flatnonzero(there[:size]).astype(np.int32) + np.int32(first))
        bits.append(np.packbits(there[:size], bitorder="little"))
    return np.concatenate(people), np.concatenate(bits).view("<u4")


def _in_pieces(columns: Sequence[Numbers]) -> Iterator[Numbers]:
    return (one[first : first + _AT_ONCE] for one in columns for first in range(0, one.size, _AT_ONCE))


def _table(bits: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return a word for each 32 numbers: a bit for each that is somebody's; above them, how many lower ones are."""
    table = np.cumsum(np.bitwise_count(bits), dtype=np.uint64)
    table -= np.bitwise_count(bits)
    table <<= np.uint64(32)
    table |= bits
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
