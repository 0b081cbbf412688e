"""Beside search_gallery: galleries held in memory, brought to what PostgreSQL says at each look.

They are bounded in memory over all galleries; who was not asked for longest goes first. See
docs/decisions/017-small-galleries-in-memory.md.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from regulars.domain.exact_search import ExactGallery
from regulars.errors import RegularsError
from regulars.store.gallery_changes import Added, Changes, ReadUpTo, has_more_than, read_changes, read_gone
from regulars.store.session import Connection, Engine, transaction
from regulars.store.templates import Gallery
from regulars.tenancy import PLATFORM, Tenancy

MOST_BYTES = 1_300_000_000
AT_ONCE = 2000
"""Looks read while somebody waits (50 ms); what lacks more is read beside, and the index is asked meanwhile."""
HOT_S = 300.0
"""A gallery asked this lately is not given up for another one: two that do not fit would chase each other out."""
IDLE_S = 3600.0
BELIEVED_FOR = timedelta(days=1)
"""What left is noted for longer (`regulars.steps.purge_records`); a copy that was not compared since is read anew."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """A gallery as a transaction sees it: `looks` (None: there are none) up to `seq`, and how many people are in it."""

    looks: ExactGallery | None
    seq: int
    people: int


class _Copy:
    """A gallery in memory; threads may bring it up to date side by side, in any order."""

    def __init__(self, gallery: Gallery, now_s: float) -> None:
        self.gallery, self.asked_at_s, self.refused_until_s = gallery, now_s, 0.0
        self.up_to = ReadUpTo()
        self._looks: ExactGallery | None = None
        self._people_elsewhere = 0
        self._gone_ahead = set[int]()
        self._changing = threading.Lock()

    @property
    def size_bytes(self) -> int:
        return self._looks.size_bytes if self._looks else 0

    @property
    def bytes_of_a_look(self) -> float:
        return self._looks.size_bytes / len(self._looks) if self._looks else 1.0

    def is_believed(self, before: ReadUpTo, now: ReadUpTo) -> bool:
        """Say whether what was read `before` goes on with what is read `now`."""
        if before.at is None or now.at is None:
            return True
        return before.database == now.database and now.at - before.at < BELIEVED_FOR

    def apply(self, changes: Changes) -> Looked:
        """Take what came and went."""
        with self._changing:
            if changes.added:
                self._add(changes.added)
            self._remove(changes.gone)
            self._people_elsewhere = changes.people_elsewhere
            self._read(changes.up_to)
            people = self._people_elsewhere + (self._looks.people if self._looks else 0)
            return Looked(self._looks, self.up_to.seq, people)

    def forget(self, gone: Sequence[int], up_to: ReadUpTo) -> None:
        """Take what went."""
        with self._changing:
            self._remove(gone)
            self._read(up_to)

    def _add(self, added: Added) -> None:
        new = [row for row, seq in enumerate(added.seqs) if seq > self.up_to.seq and seq not in self._gone_ahead]
        if not new:
            return
        if self._looks is None:
            self._looks = ExactGallery(added.vectors.shape[1])
        self._looks.add([added.seqs[row] for row in new], [added.people[row] for row in new], added.vectors[new])

    def _remove(self, gone: Sequence[int]) -> None:
        """Forget looks; one that somebody who read before is still to add must not come back."""
        self._gone_ahead.update(seq for seq in gone if seq > self.up_to.seq)
        if self._looks and gone:
            self._looks.remove(gone)
            if self._looks.is_sparse:
                self._looks = self._looks.without_gaps()

    def _read(self, up_to: ReadUpTo) -> None:
        before = self.up_to
        newest = up_to if before.at is None or (up_to.at and up_to.at > before.at) else before
        self.up_to = replace(newest, seq=max(before.seq, up_to.seq), gone_in=max(before.gone_in, up_to.gone_in))
        self._gone_ahead = {seq for seq in self._gone_ahead if seq > self.up_to.seq}


class HeldGalleries:
    """Galleries of at most half of `most_bytes`, `most_bytes` in all; 0: none is held. Used by many threads at once."""

    def __init__(self, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_bytes, self._clock = most_bytes, clock
        self._copies: dict[Gallery, _Copy] = {}
        self._to_read: deque[_Copy] = deque()
        self._reads = False
        self._lock = threading.Lock()

    @property
    def size_bytes(self) -> int:
        """How much memory they take, nearly."""
        with self._lock:
            return sum(copy.size_bytes for copy in self._copies.values())

    def look(self, connection: Connection, galleries: Sequence[Gallery], engine: Engine) -> list[Looked | None]:
        """Return each as this transaction sees it; None: it is not held, or not yet, and the index has to be asked."""
        copies = {gallery: copy for gallery in galleries if (copy := self._wanted(gallery))}
        before = [(gallery, copy.up_to) for gallery, copy in copies.items()]
        found: dict[Gallery, Looked | None] = {}
        for (gallery, up_to), changes in zip(before, read_changes(connection, before, AT_ONCE), strict=True):
            found[gallery] = self._follow(copies[gallery], up_to, changes)
            if found[gallery] is None:
                self._read_beside(copies[gallery], engine)
        return [found.get(gallery) for gallery in galleries]

    def forget_gone(self, engine: Engine) -> None:
        """Forget what left galleries that nobody asked for meanwhile, and galleries that nobody asks for any more.

        Raises DependencyAway.
        """
        now_s = self._clock()
        with self._lock:
            self._copies = {key: copy for key, copy in self._copies.items() if now_s - copy.asked_at_s < IDLE_S}
            copies = [copy for copy in self._copies.values() if copy.up_to.at]
        before = [(copy.gallery, copy.up_to) for copy in copies]
        with transaction(engine, PLATFORM) as connection:
            found = read_gone(connection, before)
        for copy, (_, up_to), left in zip(copies, before, found, strict=True):
            if left and copy.is_believed(up_to, left[1]):
                copy.forget(*left)
            else:
                self._drop(copy)

    def _wanted(self, gallery: Gallery) -> _Copy | None:
        now_s = self._clock()
        with self._lock:
            if not self._most_bytes:
                return None
            copy = self._copies.setdefault(gallery, _Copy(gallery, now_s))
            copy.asked_at_s = now_s
            return copy if now_s >= copy.refused_until_s else None

    def _follow(self, copy: _Copy, before: ReadUpTo, changes: Changes) -> Looked | None:
        """Bring the copy to what was read; None when it is not whole then."""
        if not copy.is_believed(before, changes.up_to):
            self._drop(copy)
            return None
        looked = copy.apply(changes)
        if changes.added:
            self._make_room(copy)
        return looked if changes.whole else None

    def _make_room(self, copy: _Copy) -> None:
        now_s = self._clock()
        with self._lock:
            used = sum(one.size_bytes for one in self._copies.values())
            if copy.size_bytes > self._most_bytes // 2:
                self._refuse(copy, now_s + IDLE_S)
                return
            for one in sorted(self._copies.values(), key=lambda one: one.asked_at_s):
                if used <= self._most_bytes or now_s - one.asked_at_s < HOT_S:
                    break
                used -= one.size_bytes
                del self._copies[one.gallery]
            if used > self._most_bytes:
                self._refuse(copy, now_s + HOT_S)

    def _refuse(self, copy: _Copy, until_s: float) -> None:
        """Hold it no longer, and do not try again before then; the caller holds the lock."""
        refused = self._copies[copy.gallery] = _Copy(copy.gallery, copy.asked_at_s)
        refused.refused_until_s = copy.refused_until_s = until_s

    def _drop(self, copy: _Copy) -> None:
        with self._lock:
            if self._copies.get(copy.gallery) is copy:
                del self._copies[copy.gallery]

    def _read_beside(self, copy: _Copy, engine: Engine) -> None:
        """Have the rest of it read by a thread that ends when all is read: one gallery at a time, in small parts."""
        with self._lock:
            if self._copies.get(copy.gallery) is not copy or copy in self._to_read or copy.refused_until_s:
                return
            self._to_read.append(copy)
            if self._reads:
                return
            self._reads = True
        threading.Thread(target=self._read_all, args=(engine,), name="galleries", daemon=True).start()

    def _read_all(self, engine: Engine) -> None:
        while True:
            with self._lock:
                if not self._to_read:
                    self._reads = False
                    return
                copy = self._to_read[0]
            try:
                self._read(copy, engine)
            except RegularsError as failure:
                _log.warning("a gallery was not read into memory: %s", failure)
            except Exception:  # noqa: BLE001 - the next gallery is read all the same
                _log.exception("a defect while a gallery was read into memory")
            finally:
                with self._lock:
                    self._to_read.popleft()

    def _read(self, copy: _Copy, engine: Engine) -> None:
        tenancy, begun_s = Tenancy(None, copy.gallery.scope_id), self._clock()
        with transaction(engine, tenancy) as connection:
            if has_more_than(connection, copy.gallery, self._most_looks(copy)):
                with self._lock:
                    self._refuse(copy, begun_s + IDLE_S)
        while not copy.refused_until_s:
            before = copy.up_to
            with transaction(engine, tenancy) as connection:
                [changes] = read_changes(connection, [(copy.gallery, before)], AT_ONCE)
            if self._follow(copy, before, changes) or not copy.is_believed(before, changes.up_to):
                break

    def _most_looks(self, copy: _Copy) -> int:
        return int(self._most_bytes // 2 / copy.bytes_of_a_look)
