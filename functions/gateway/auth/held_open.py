"""How many streams one login holds open at this process, so that one page gone wild does not take all connections."""

import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from functions.gateway.auth.limits import Actor
from regulars.domain.bounds import STREAMS_OF_A_LOGIN
from regulars.errors import RegularsError


class TooManyStreams(RegularsError):
    """This login holds as many live streams open as one may; those go on. Close a page, then open this one again."""

    code = "too_many_streams"
    http_status = 429
    retry = True


class HeldOpen:
    """Counts streams of each account and key. Threads may share it."""

    def __init__(self) -> None:
        self._streams: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def by(self, caller: Actor) -> Generator[None]:
        """Count a stream of the caller's while it is held open; raises TooManyStreams."""
        with self._lock:
            if self._streams[caller.actor] >= STREAMS_OF_A_LOGIN:
                raise TooManyStreams(
                    f"This login holds {STREAMS_OF_A_LOGIN} live streams open, the most that one may; those go on."
                    " Close a page, then open this one again."
                )
            self._streams[caller.actor] += 1
        try:
            yield
        finally:
            with self._lock:
                self._streams[caller.actor] -= 1
                if not self._streams[caller.actor]:
                    del self._streams[caller.actor]
