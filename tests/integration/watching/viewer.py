"""A viewer of live view, as the portal is one: reads the stream in a thread of its own and takes it apart."""

import json
import queue
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import httpx

from tests.waiting import PATIENCE_S


@dataclass(frozen=True)
class Message:
    """One message of the stream; kind `end` when it ended."""

    kind: str
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    jpeg: bytes = b""
    arrived_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Viewer:
    """Watches cameras until left; `held` keeps it from reading, as a slow line would."""

    def __init__(self, client: httpx.Client, cameras: Iterable[UUID], held: threading.Event | None = None) -> None:
        self._held = held
        request = client.build_request("GET", "/v1/live-view", params={"camera_id": [str(one) for one in cameras]})
        self._response = client.send(request, stream=True)
        assert self._response.status_code == 200, self._response.read()
        self.messages: queue.Queue[Message] = queue.Queue()
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Close the page."""
        self._left.set()
        connection = self._response.extensions["network_stream"].get_extra_info("socket")
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=PATIENCE_S)
        self._response.close()

    def next(self, kind: str, fits: Callable[[Message], bool] = lambda _: True) -> Message:
        """Return the next message of this kind that fits."""
        while True:
            message = self.messages.get(timeout=PATIENCE_S)
            if message.kind == kind and fits(message):
                return message
            assert message.kind != "end", "the stream ended"

    def _read(self) -> None:
        if self._held:
            self._held.wait(PATIENCE_S)
        waiting = b""
        try:
            for chunk in self._response.iter_raw():
                waiting += chunk
                while (message := _first(waiting)) is not None:
                    self.messages.put(message[0])
                    waiting = waiting[message[1] :]
                if self._left.is_set():
                    return
        except httpx.HTTPError:
            pass
        self.messages.put(Message("end"))


def _first(body: bytes) -> tuple[Message, int] | None:
    if len(body) < 8:
        return None
    told, pictured = struct.unpack_from(">II", body)
    if len(body) < 8 + told + pictured:
        return None
    facts = json.loads(body[8 : 8 + told])
    return Message(facts["kind"], facts, body[8 + told : 8 + told + pictured]), 8 + told + pictured
