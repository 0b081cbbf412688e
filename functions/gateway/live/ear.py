"""The one connection on which a process of the gateway listens to PostgreSQL, for everything that it is told."""

import logging
import threading
from collections.abc import Callable

from regulars.errors import DependencyAway
from regulars.store.listening import notifications

Hears = Callable[[str | None], None]
_log = logging.getLogger("regulars.gateway.live")


class Ear:
    """Listens from the first `open` on. Who hears is called in the listening thread, and must be quick."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._hearing: dict[str, list[Hears]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def on(self, channel: str, hears: Hears) -> None:
        """Call `hears` with each message of the channel, and with None when some may have been missed."""
        self._hearing.setdefault(channel, []).append(hears)

    def open(self) -> None:
        """Listen from now on, until closed."""
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._listen, name="live-listener", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()

    def _listen(self) -> None:
        for heard in notifications(self._database_url, self._stop):
            for channel, hearing in self._hearing.items():
                if heard is None or heard.channel == channel:
                    for hears in hearing:
                        self._pass_on(hears, heard.message if heard else None)

    def _pass_on(self, hears: Hears, message: str | None) -> None:
        try:
            hears(message)
        except DependencyAway:
            _log.warning("PostgreSQL went away while news was read; it is read at the next connection")
        except Exception:  # noqa: BLE001 - one thread hears for every page: what it cannot read must not end it
            _log.exception("a notification could not be read")
