"""Turns what PostgreSQL announces into news, read once for all open pages of this process and handed to each."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from functions.gateway.live.ear import Ear
from functions.gateway.live.news import CameraNews, News, Reader
from regulars.errors import DependencyAway
from regulars.store.cameras import states_of
from regulars.store.live import CHANNEL, LiveEvent, events_after, last_event_number
from regulars.store.session import Engine, transaction
from regulars.store.site_counts import SiteCounts, counts_of_today
from regulars.tenancy import Tenancy

APART_S = 0.1
"""From one reading to the next at least: one event is read at once, a hundred a second cost ten readings."""
COUNTS_EVERY_S = 2.0
COUNTS_ANYWAY_S = 60.0
"""A day ends without an event."""
_log = logging.getLogger("regulars.gateway.live")


@dataclass(slots=True)
class _Audience:
    """The open pages of one tenant, and what is to be read for them; times in seconds of the monotonic clock."""

    last: int
    readers: set[Reader] = field(default_factory=set[Reader])
    happened: bool = False
    cameras: dict[UUID, UUID | None] = field(default_factory=dict[UUID, UUID | None])
    counts: dict[UUID, SiteCounts] = field(default_factory=dict[UUID, SiteCounts])
    counts_due: bool = False
    counted_s: float = field(default_factory=time.monotonic)


class FanOut:
    """Reads while somebody listens. Threads may share it."""

    def __init__(self, ear: Ear, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._ear, self._engine, self._clock = ear, engine, clock
        self._audiences: dict[UUID, _Audience] = {}
        self._changed = threading.Condition()
        self._closed = self._fresh = False
        self._thread: threading.Thread | None = None
        ear.on(CHANNEL, self._heard)

    def join(self, reader: Reader) -> int:
        """Hand all later news of the tenant to this reader; return the number of the newest event until now.

        Raises DependencyAway when PostgreSQL does not answer.
        """
        with transaction(self._engine, Tenancy(reader.tenant_id)) as connection:
            last = last_event_number(connection, reader.tenant_id)
        with self._changed:
            self._audiences.setdefault(reader.tenant_id, _Audience(last)).readers.add(reader)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._read, name="live-fan-out", daemon=True)
                self._thread.start()
        self._ear.open()
        return last

    def leave(self, reader: Reader) -> None:
        """Stop handing news to this reader."""
        with self._changed:
            audience = self._audiences.get(reader.tenant_id)
            if audience:
                audience.readers.discard(reader)
                if not audience.readers:
                    del self._audiences[reader.tenant_id]

    def missed(self, tenancy: Tenancy, after: int) -> list[LiveEvent]:
        """Return what a tenant's reader may see of the events after this number, oldest first."""
        assert tenancy.tenant_id is not None  # noqa: S101
        with transaction(self._engine, tenancy) as connection:
            return events_after(connection, tenancy.tenant_id, after)

    def counts(self, tenancy: Tenancy) -> list[SiteCounts]:
        """Return the present counts of the sites that a tenant's reader may see."""
        assert tenancy.tenant_id is not None  # noqa: S101
        with transaction(self._engine, tenancy) as connection:
            return list(counts_of_today(connection, tenancy.tenant_id, self._clock()).values())

    def close(self) -> None:
        """End every stream."""
        with self._changed:
            self._closed = True
            readers = [reader for audience in self._audiences.values() for reader in audience.readers]
            self._changed.notify()
        for reader in readers:
            self._hand(reader, None)

    def _heard(self, message: str | None) -> None:
        """Note what a notification says is new; `tenant_id number` or `tenant_id camera camera_id [site_id]`."""
        tenant, *rest = message.split(" ") if message else ("",)
        with self._changed:
            if message is None:
                for audience in self._audiences.values():
                    audience.happened = True
            elif audience := self._audiences.get(UUID(tenant)):
                if rest[0] == "camera":
                    audience.cameras[UUID(rest[1])] = UUID(rest[2]) if rest[2:] else None
                else:
                    audience.happened = True
            self._fresh = True
            self._changed.notify()

    def _read(self) -> None:
        read_s = -APART_S
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: self._fresh or self._closed, COUNTS_EVERY_S)
                self._fresh = False
            time.sleep(max(0.0, read_s + APART_S - time.monotonic()))
            read_s = time.monotonic()
            for tenant_id, audience in list(self._audiences.items()):
                try:
                    self._tell(tenant_id, audience)
                except DependencyAway:
                    _log.warning("PostgreSQL went away while news was read; it is read at the next connection")
                except Exception:  # noqa: BLE001 - one thread reads for every page: what it cannot read must not end it
                    _log.exception("news could not be read")

    def _tell(self, tenant_id: UUID, audience: _Audience) -> None:
        if audience.happened:
            audience.happened = False
            while events := self.missed(Tenancy(tenant_id), audience.last):
                audience.last, audience.counts_due = events[-1].event_number, True
                self._give(audience, newest_of_each(events))
        if audience.cameras:
            self._give(audience, self._states(tenant_id, audience))
        unsaid_s = time.monotonic() - audience.counted_s
        if unsaid_s >= COUNTS_ANYWAY_S or (audience.counts_due and unsaid_s >= COUNTS_EVERY_S):
            audience.counts_due, audience.counted_s = False, time.monotonic()
            counted = {counts.site_id: counts for counts in self.counts(Tenancy(tenant_id))}
            self._give(audience, [one for key, one in counted.items() if audience.counts.get(key) != one])
            audience.counts = counted

    def _states(self, tenant_id: UUID, audience: _Audience) -> list[CameraNews]:
        with self._changed:
            changed, audience.cameras = audience.cameras, {}
        with transaction(self._engine, Tenancy(tenant_id)) as connection:
            now = {state.camera_id: state for state in states_of(connection, tenant_id, list(changed))}
        return [
            CameraNews(key, state.site_id, state.state, state.reason, state.detail)
            if (state := now.get(key))
            else CameraNews(key, site_id, None)
            for key, site_id in changed.items()
        ]

    def _give(self, audience: _Audience, news: Iterable[News]) -> None:
        with self._changed:
            readers = list(audience.readers)
        for one in news:
            for reader in readers:
                if reader.may_see(one):
                    self._hand(reader, one)

    def _hand(self, reader: Reader, news: News | None) -> None:
        try:
            reader.loop.call_soon_threadsafe(reader.hand, news)
        except RuntimeError:  # its loop is closed: the page went with it
            self.leave(reader)


def newest_of_each(events: Iterable[LiveEvent]) -> list[LiveEvent]:
    """Return of the same kind of event on the same subject only the newest, still by number."""
    newest = {(event.kind, event.subject_id): event for event in events}
    return sorted(newest.values(), key=lambda event: event.event_number)
