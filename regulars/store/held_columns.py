"""Rolled-up days that a process has read before, so that a page of reports reads only what is new of them.

Whether a day is still what it was, and whether the caller may see it, PostgreSQL is asked every time: nothing is
answered from here that it has not just named.
"""

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.columns import Columns, chosen, together
from regulars.domain.reports.local_time import Ints


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
    """Days and the version [d] of each; those of one site by their order."""

    columns: Columns
    version: NDArray[Any]

    def of(self, site_id: UUID) -> "HeldDays":
        """Return those of one of the sites."""
        if len(self.columns.sites) == 1:
            return self
        places = np.flatnonzero(self.columns.site_row == self.columns.sites.index(site_id))
        own = replace(chosen(self.columns, places), sites=[site_id], site_row=np.zeros(places.size, dtype=np.int64))
        return HeldDays(own, self.version[places])

    def among(self, days: Ints) -> Columns:
        """Return those of these days that are there."""
        return chosen(self.columns, np.flatnonzero(np.isin(self.columns.day, days)))

    def without(self, days: Ints) -> "HeldDays":
        """Return all but these days."""
        if not days.size:
            return self
        places = np.flatnonzero(~np.isin(self.columns.day, days))
        return HeldDays(chosen(self.columns, places), self.version[places])

    @property
    def memory(self) -> dict[int, int]:
        """The pieces of memory that they keep from being freed, which other days may share: how many bytes each has."""
        of_columns = (getattr(self.columns, one.name) for one in fields(self.columns) if one.name != "sites")
        arrays = [one for one in (*of_columns, self.version) if one is not None]
        return {id(whole): whole.nbytes for whole in (one if one.base is None else one.base for one in arrays)}


def merged(parts: Sequence[HeldDays]) -> HeldDays:
    """Return all days of these parts of one site, numbered alike, none of which is in two, in order."""
    columns, version = together([one.columns for one in parts]), np.concatenate([one.version for one in parts])
    order = np.argsort(columns.day, kind="stable")
    if len(parts) == 1 and (order[1:] > order[:-1]).all():
        return parts[0]
    return HeldDays(chosen(columns, order), version[order])


class HeldColumns:
    """Days by tenant and site, in at most so many bytes: what was not asked for longest goes first.

    Sites that were read together lie in the same memory, which is counted once, and freed when the last of them goes.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._held: OrderedDict[tuple[UUID, UUID], HeldDays] = OrderedDict()
        self._sharing: Counter[int] = Counter()
        self._lock = Lock()

    def get(self, tenant_id: UUID, site_id: UUID) -> HeldDays | None:
        """Return what is held of the site."""
        with self._lock:
            if (found := self._held.get((tenant_id, site_id))) is not None:
                self._held.move_to_end((tenant_id, site_id))
            return found

    def put(self, tenant_id: UUID, site_id: UUID, days: HeldDays) -> None:
        """Hold these days of the site, in the place of what is held of it."""
        with self._lock:
            if (gone := self._held.pop((tenant_id, site_id), None)) is not None:
                self._let_go(gone)
            self._held[tenant_id, site_id] = days
            for piece, size_bytes in days.memory.items():
                self._bytes += 0 if self._sharing[piece] else size_bytes
                self._sharing[piece] += 1
            while self._bytes > self._most_bytes:
                self._let_go(self._held.popitem(last=False)[1])

    def _let_go(self, gone: HeldDays) -> None:
        for piece, size_bytes in gone.memory.items():
            self._sharing[piece] -= 1
            if not self._sharing[piece]:
                del self._sharing[piece]
                self._bytes -= size_bytes
