"""Under every request: the connection, closed when the head of a request takes too long; used by main.py alone.

Behind a proxy that reads requests first this never happens; without one, a caller who sends a letter a minute would
hold a connection for ever.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN_S = 15.0


class PatientProtocol(H11Protocol):
    """HTTP/1.1 by h11, whose own bound on a head's size stays; uvicorn itself waits for a first head without end."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        """Read on; what comes after a request is the head of the next one, and has its own time."""
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _watch_head(self) -> None:
        heading = self.conn.their_state is h11.IDLE
        if not heading and self._deadline:
            self._deadline.cancel()
            self._deadline = None
        elif heading and self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_WITHIN_S, self._too_slow)

    def _too_slow(self) -> None:
        self.transport.close()
