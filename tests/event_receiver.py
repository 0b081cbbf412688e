"""A real HTTP server in the place of recognize: keeps what a store posts to it, for tests to look at."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.waiting import wait_for


@dataclass(frozen=True, slots=True)
class Received:
    """One POST: its headers and body as they came."""

    headers: dict[str, str]
    body: bytes


class EventReceiver:
    """Listens on a free port of 127.0.0.1; answers 401 to a wrong bearer token and keeps nothing of it then."""

    token = "receiver-token"

    def __init__(self) -> None:
        self._received: list[Received] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                allowed = self.headers.get("Authorization") == f"Bearer {receiver.token}"
                if allowed:
                    receiver._received.append(Received(dict(self.headers.items()), body))
                self.send_response(200 if allowed else 401)
                self.end_headers()

            def do_HEAD(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden one
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="event-receiver", daemon=True)

    @property
    def url(self) -> str:
        """Where a store posts to."""
        return f"http://127.0.0.1:{self._server.server_port}/events"

    def __enter__(self) -> Self:
        """Start listening."""
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_for(self, text: bytes, enough: Callable[[list[Received]], bool] = bool) -> list[Received]:
        """Return every message kept so far that contains `text`, as soon as they are `enough`."""

        def come() -> list[Received]:
            found = [received for received in tuple(self._received) if text in received.body]
            return found if enough(found) else []

        return wait_for(come, f"enough messages with {text!r} came")
