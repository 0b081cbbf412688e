"""Rolled-up days that a process has read before, so that a page of reports reads only what is new of them.

Whether a day is still what it was, and whether the caller may see it, PostgreSQL is asked every time: nothing is
answered from here that it has not just named.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.columns import Columns, chosen, together
from regulars.domain.reports.local_time import Ints
from regulars.domain.reports.numbering import Numbering, Numbers, one_numbering


@dataclass(frozen=True, slots=True)
class VersionedDays:
    """Days by their order, [d], and which version of its row each is; numpy compares versions as they are."""

    day: Ints
    version: NDArray[Any]

    def new_to(self, held: "HeldDays | None") -> Ints:
        """Return the days, in order, that are not held in this version."""
        if held is None or not held.columns.day.size:
            return self.day
        place = np.minimum(np.searchsorted(held.columns.day, self.day), held.columns.day.size - 1)
        return self.day[(held.columns.day[place] != self.day) | (held.version[place] != self.version)]


@dataclass(frozen=True, slots=True)
class HeldDays:
    """Days of one site by their order, and the version [d] of each."""

    columns: Columns
    version: NDArray[Any]

    def among(self, days: Ints) -> Columns:
        """Return those of these days that are there."""
        return chosen(self.columns, np.flatnonzero(np.isin(self.columns.day, days)))

    def without(self, days: Ints) -> "HeldDays":
        """Return all but these days."""
        places = np.flatnonzero(~np.isin(self.columns.day, days))
        return HeldDays(chosen(self.columns, places), self.version[places])

    @property
    def size_bytes(self) -> int:
        """How much memory they take."""
        held = self.columns
        arrays = (held.site_row, held.day, held.edges, held.visitor, held.cell, held.dwell_s, held.tally, held.hours)
        people = [] if held.people is None else [held.people]
        return sum(one.nbytes for one in (*arrays, *people, held.insides, self.version))


def merged(parts: Sequence[HeldDays]) -> HeldDays:
    """Return all days of these parts of one site, none of which is in two, in order."""
    columns, version = together([one.columns for one in parts]), np.concatenate([one.version for one in parts])
    order = np.argsort(columns.day, kind="stable")
    return HeldDays(chosen(columns, order), version[order])


class HeldColumns:
    """Days by tenant and site, at most so many bytes of them: what was not asked for longest goes first.

    Beside them, one numbering of their people for each set of sites that was asked about.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._held: OrderedDict[tuple[UUID, ...], HeldDays | Numbering] = OrderedDict()
        self._lock = Lock()

    def get(self, tenant_id: UUID, site_id: UUID) -> HeldDays | None:
        """Return what is held of the site."""
        days = self._get((tenant_id, site_id))
        return days if isinstance(days, HeldDays) else None

    def put(self, tenant_id: UUID, site_id: UUID, days: HeldDays) -> None:
        """Hold these days of the site, in the place of what is held of it."""
        self._put((tenant_id, site_id), days)

    def numbering(self, tenant_id: UUID, sites: Sequence[UUID], peoples: Sequence[Numbers]) -> Numbering:
        """Return one numbering for the people of these sites, two or more: the one that is held, if it still holds."""
        known = self._get((tenant_id, *sites))
        if isinstance(known, Numbering) and known.holds_for(peoples):
            return known
        made = one_numbering(peoples)
        self._put((tenant_id, *sites), made)
        return made

    def _get(self, key: tuple[UUID, ...]) -> HeldDays | Numbering | None:
        with self._lock:
            if (found := self._held.get(key)) is not None:
                self._held.move_to_end(key)
            return found

    def _put(self, key: tuple[UUID, ...], new: HeldDays | Numbering) -> None:
        with self._lock:
            if (gone := self._held.pop(key, None)) is not None:
                self._bytes -= gone.size_bytes
            self._held[key] = new
            self._bytes += new.size_bytes
            while self._bytes > self._most_bytes:
                _, gone = self._held.popitem(last=False)
                self._bytes -= gone.size_bytes
