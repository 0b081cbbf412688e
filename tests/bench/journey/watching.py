"""Who notes when a track passes: one looks at the worker's spool, one listens to the gateway as an open page does."""

import json
import socket
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

import httpx

_LOOK_EVERY_S = 0.002


class SpoolClock:
    """Notes (Unix time) when a track was first in the spool, its person gone or not, and when the store had it."""

    def __init__(self, spool: Path) -> None:
        self.kept_s: dict[UUID, float] = {}
        self.sent_s: dict[UUID, float] = {}
        self.waiting = 0
        self._folders = [spool / part for part in ("ongoing", "ready")]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="spool-clock", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        there: set[Path] = set()
        while not self._ended.wait(_LOOK_EVERY_S):
            now_s = time.time()
            now = {file for folder in self._folders for file in folder.glob("*.zip")}
            for moments, files in ((self.kept_s, now - there), (self.sent_s, there - now)):
                for file in files:
                    moments.setdefault(UUID(file.stem), now_s)
            there, self.waiting = now, len(now)


class OpenPage:
    """Holds the live stream open as the portal does; `told_s`: when (Unix time) each moment of recognizing was told."""

    def __init__(self, gateway_url: str, email: str, password: str) -> None:
        self.told_s: dict[datetime, float] = {}
        self._client = httpx.Client(base_url=gateway_url, timeout=httpx.Timeout(30.0), trust_env=False)
        login = {"email": email, "password": password}
        self._client.post("/v1/auth/login", json=login).raise_for_status()
        self._answer = self._client.send(self._client.build_request("GET", "/v1/live"), stream=True)
        self._thread = threading.Thread(target=self._listen, name="open-page", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection: socket.socket = self._answer.extensions["network_stream"].get_extra_info("socket")
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._answer.close()
        self._client.close()

    def asks_again_s(self) -> float:
        """Return how long the two questions take that the page of today asks at news of a visit."""
        begun_s = time.perf_counter()
        for path in ("/v1/figures/today", "/v1/visits?limit=50"):
            self._client.get(path).raise_for_status()
        return time.perf_counter() - begun_s

    def _listen(self) -> None:
        kind = ""
        with suppress(httpx.HTTPError):
            for line in self._answer.iter_lines():
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:") and kind.startswith("visit_"):
                    self.told_s.setdefault(datetime.fromisoformat(json.loads(line[5:])["at"]), time.time())
