"""Between the object store and recognize's replicas: hands each event to one of them in turn, as a balancer does.

While a mood is set it does to events what networks and queues do: tells one twice, loses one, or holds them back and
tells them in another order, much later. None of that is an error to the store, which tells everything once.
"""

import random
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Literal, Self

import httpx

Mood = Literal["calm", "twice", "lost", "reordered", "delayed by a day"]
PATIENCE_S = 60.0


class Relay:
    """Listens on 127.0.0.1:`port` at /events while the context is open."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"{seed} events")
        self._turn, self._guard = count(), threading.Lock()
        self._client = httpx.Client(trust_env=False, timeout=PATIENCE_S)
        self._held: list[tuple[bytes, dict[str, str]]] = []
        self.late: list[bytes] = []
        """Bodies of the events that are told a day later."""
        self.mood: Mood = "calm"
        self.replicas: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self._take))
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/events"
        self._thread = threading.Thread(target=self._server.serve_forever, name="relay", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._client.close()

    def calm(self) -> None:
        """End the mood; what was held back is told now, the last first."""
        with self._guard:
            self.mood, held, self._held = "calm", self._held, []
        for body, headers in reversed(held):
            self._tell(body, headers)

    def _take(self, body: bytes, headers: dict[str, str]) -> int:
        with self._guard:
            mood = self.mood if self._chance.random() < 0.7 else "calm"
            if mood == "reordered":
                self._held.append((body, headers))
            if mood == "delayed by a day":
                self.late.append(body)
        if mood in ("lost", "reordered", "delayed by a day"):
            return 200
        if mood == "twice":
            threading.Thread(target=self._tell, args=(body, headers), daemon=True).start()
        return self._tell(body, headers)

    def _tell(self, body: bytes, headers: dict[str, str]) -> int:
        """Ask the replicas in turn; one that is away is passed over, as nothing was begun there."""
        first = next(self._turn)
        for number in range(len(self.replicas)):
            url = self.replicas[(first + number) % len(self.replicas)]
            try:
                return self._client.post(f"{url}/events", content=body, headers=headers).status_code
            except httpx.ConnectError:
                continue
            except httpx.HTTPError:
                return 502
        return 503


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when the store was killed while it told something."""


def _handler(take: Callable[[bytes, dict[str, str]], int]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            wanted = ("content-type", "authorization")
            status = take(body, {name: value for name, value in self.headers.items() if name.lower() in wanted})
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            pass

    return Handler
