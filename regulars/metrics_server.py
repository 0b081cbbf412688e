"""GET /healthz and /metrics of a runtime that answers no other requests: the workers and the flows."""

import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from regulars.errors import ConfigurationRefused
from regulars.metrics import MEDIA_TYPE, may_read

log = logging.getLogger(__name__)

_PATIENCE_S = 10.0


class MetricsServer:
    """Listens at `listen` (host:port) in a thread of its own until closed; `port` says where, for port 0 too.

    `alive` says whether the process does its work; without a token there is no /metrics. Raises ConfigurationRefused
    for an address that cannot be listened at.
    """

    def __init__(self, listen: str, metrics_token: str, alive: Callable[[], bool], text: Callable[[], bytes]) -> None:
        host, _, port = listen.rpartition(":")
        try:
            if not host:
                raise ValueError("it names no host")
            self._server = _Server((host, int(port)), metrics_token, alive, text)
        except (OSError, ValueError, OverflowError) as refused:
            raise ConfigurationRefused(
                f"REGULARS_FIGURES_LISTEN={listen} cannot be listened at: {refused}. It reads host:port."
            ) from refused
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="figures", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], metrics_token: str, alive: Callable[[], bool], text: Callable[[], bytes]
    ) -> None:
        self.metrics_token, self.alive, self.text = metrics_token, alive, text
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    timeout = _PATIENCE_S
    server_version, sys_version = "regulars", ""

    def do_GET(self) -> None:
        if self.path == "/healthz":
            works = self._told().alive()
            self._answer(200 if works else 503, "text/plain", b"alive\n" if works else b"stuck\n")
        elif self.path == "/metrics" and may_read(self._told().metrics_token, self.headers.get("Authorization", "")):
            self._tell()
        else:
            self._answer(404, "text/plain", b"not found\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing of each request."""

    def _told(self) -> _Server:
        assert isinstance(self.server, _Server)  # noqa: S101 - narrows the library's type
        return self.server

    def _tell(self) -> None:
        try:
            figures = self._told().text()
        except Exception as failure:  # noqa: BLE001 - what figures are read from may be away
            log.warning("figures_cannot_be_read", extra={"error": type(failure).__name__})
            self._answer(503, "text/plain", b"the figures cannot be read now\n")
        else:
            self._answer(200, MEDIA_TYPE, figures)

    def _answer(self, status: int, media_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
