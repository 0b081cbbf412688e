"""A page that listens to the live stream, for the tests of it."""

import json
import queue
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from tests.integration.gateway.conftest import World
from tests.waiting import PATIENCE_S


@dataclass(frozen=True)
class Heard:
    """One event of the stream; kind `end` when the server ended it."""

    kind: str
    number: str | None = None
    data: Any = None


class Listener:
    """Reads a stream in its own thread, as a browser's EventSource would."""

    def __init__(self, client: httpx.Client, last_event_id: str | None, site_id: UUID | None = None) -> None:
        headers = {"Last-Event-ID": last_event_id} if last_event_id is not None else {}
        params = {"site_id": str(site_id)} if site_id else {}
        self._request = client.build_request("GET", "/v1/live", params=params, headers=headers)
        self._response = client.send(self._request, stream=True)
        assert self._response.status_code == 200
        self._heard: queue.Queue[Heard] = queue.Queue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def next(self, kind: str = "") -> Heard:
        """Return what comes next: of this kind, or without one whatever is not `counts`."""
        while True:
            heard = self._heard.get(timeout=PATIENCE_S)
            if heard.kind == kind or (not kind and heard.kind != "counts"):
                return heard

    def leave(self) -> None:
        """Close the page."""
        connection = self._response.extensions["network_stream"].get_extra_info("socket")
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        self.join()

    def join(self) -> None:
        self._thread.join(timeout=PATIENCE_S)
        self._response.close()

    def _read(self) -> None:
        fields: dict[str, str] = {}
        try:
            for line in self._response.iter_lines():
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                elif "event" in fields:
                    self._heard.put(Heard(fields["event"], fields.get("id"), json.loads(fields["data"])))
                    fields = {}
        except httpx.HTTPError:
            pass
        self._heard.put(Heard("end"))


@contextmanager
def listening(
    world: World, client: httpx.Client, last_event_id: str | None = None, site_id: UUID | None = None
) -> Generator[Listener]:
    listener = Listener(client, last_event_id, site_id)
    try:
        yield listener
    finally:
        listener.leave()
