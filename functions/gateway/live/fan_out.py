"""One listening connection of the process, shared by every open page: read once, handed to each reader's queue."""

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from uuid import UUID

from regulars.errors import DependencyAway
from regulars.store.listening import notifications
from regulars.store.live import LiveEvent, events_after, last_event_number
from regulars.store.session import Engine, transaction
from regulars.tenancy import Tenancy

QUEUE_LENGTH = 256
_log = logging.getLogger("regulars.gateway.live")


@dataclass(frozen=True, slots=True)
class CameraHint:
    """A camera's state changed; it is read anew, so it needs no number."""

    camera_id: UUID


News = LiveEvent | CameraHint


@dataclass(eq=False, slots=True)
class Reader:
    """One open page. `queue` gives None when this reader was too slow, or the process stops: the stream ends then."""

    tenant_id: UUID
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[News | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))
    dropped: bool = False

    def hand(self, news: News | None) -> None:
        """Put into the queue; called in the reader's own loop."""
        if self.dropped:
            return
        if news is None or self.queue.full():
            self.dropped = True
            while not self.queue.empty():
                self.queue.get_nowait()
            news = None
        self.queue.put_nowait(news)


class FanOut:
    """Listens while somebody reads. Threads may share it."""

    def __init__(self, database_url: str, engine: Engine) -> None:
        self._database_url = database_url
        self._engine = engine
        self._readers: dict[UUID, set[Reader]] = {}
        self._last: dict[UUID, int] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self, reader: Reader) -> int:
        """Hand all later news of the tenant to this reader; return the number of the newest event until now.

        Raises DependencyAway when PostgreSQL does not answer.
        """
        last = self._read_last(reader.tenant_id)
        with self._lock:
            self._readers.setdefault(reader.tenant_id, set()).add(reader)
            self._last.setdefault(reader.tenant_id, last)
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._listen, name="live-listener", daemon=True)
                self._thread.start()
        return last

    def leave(self, reader: Reader) -> None:
        """Stop handing news to this reader."""
        with self._lock:
            readers = self._readers.get(reader.tenant_id, set())
            readers.discard(reader)
            if not readers:
                self._readers.pop(reader.tenant_id, None)
                self._last.pop(reader.tenant_id, None)

    def missed(self, tenant_id: UUID, after: int) -> list[LiveEvent]:
        """Return the tenant's events after this number, oldest first; raises DependencyAway."""
        with transaction(self._engine, Tenancy(tenant_id)) as connection:
            return events_after(connection, tenant_id, after)

    def close(self) -> None:
        """End every stream and stop listening."""
        self._stop.set()
        with self._lock:
            readers = [reader for group in self._readers.values() for reader in group]
        for reader in readers:
            self._hand(reader, None)

    def _listen(self) -> None:
        for payload in notifications(self._database_url, self._stop):
            try:
                self._heard(payload)
            except DependencyAway:
                _log.warning("PostgreSQL went away while news was read; it is read at the next connection")
            except Exception:  # noqa: BLE001 - one thread serves every page: what it cannot read must not end it
                _log.exception("a notification could not be read")

    def _heard(self, payload: str | None) -> None:
        with self._lock:
            waiting = set(self._readers)
        if payload is None:
            for tenant_id in waiting:
                self._pass_on(tenant_id)
            return
        tenant, *rest = payload.split(" ")
        tenant_id = UUID(tenant)
        if tenant_id not in waiting:
            return
        if len(rest) == 2:
            self._give(tenant_id, [CameraHint(UUID(rest[1]))])
        else:
            self._pass_on(tenant_id)

    def _pass_on(self, tenant_id: UUID) -> None:
        with self._lock:
            last = self._last.get(tenant_id)
        if last is None:
            return
        events = self.missed(tenant_id, last)
        if events:
            with self._lock:
                if tenant_id in self._last:
                    self._last[tenant_id] = events[-1].event_number
            self._give(tenant_id, events)

    def _give(self, tenant_id: UUID, news: list[LiveEvent] | list[CameraHint]) -> None:
        with self._lock:
            readers = list(self._readers.get(tenant_id, ()))
        for reader in readers:
            for one in news:
                self._hand(reader, one)

    def _hand(self, reader: Reader, news: News | None) -> None:
        try:
            reader.loop.call_soon_threadsafe(reader.hand, news)
        except RuntimeError:  # its loop is closed: the page went with it
            self.leave(reader)

    def _read_last(self, tenant_id: UUID) -> int:
        with transaction(self._engine, Tenancy(tenant_id)) as connection:
            return last_event_number(connection, tenant_id)
