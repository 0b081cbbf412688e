"""Between the RTSP server and who reads it: passes everything on, and notes when each picture has left the camera."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self

_INTERLEAVED = b"$"
"""RFC 2326, 10.12: `$`, channel and length come before each packet among the answers; the video is channel 0."""
_HEADER_BYTES, _RTP_HEADER_BYTES = 4, 12
_CONTENT_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


class Tap:
    """Listens on 127.0.0.1:`port` while the context is open and passes on to `target_port`."""

    def __init__(self, target_port: int) -> None:
        self.readers: list[dict[int, float]] = []
        """Of each connection, by RTP time stamp: when (Unix time) the last packet of that picture came by."""
        self._server = _server(target_port, self.readers)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="tap", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def through(self, url: str, target_port: int) -> str:
        """Return the RTSP address by way of this."""
        return url.replace(f":{target_port}/", f":{self.port}/")


def _server(target_port: int, readers: list[dict[int, float]]) -> ThreadingTCPServer:
    class Connection(BaseRequestHandler):
        def handle(self) -> None:
            left: dict[int, float] = {}
            readers.append(left)
            reader: socket.socket = self.request
            with socket.create_connection(("127.0.0.1", target_port)) as camera:
                asks = threading.Thread(target=_pass_on, args=(reader, camera, None), daemon=True)
                asks.start()
                _pass_on(camera, reader, left)
                asks.join()

    server = ThreadingTCPServer(("127.0.0.1", 0), Connection)
    server.daemon_threads = True
    server.block_on_close = False
    return server


def _pass_on(source: socket.socket, target: socket.socket, left: dict[int, float] | None) -> None:
    unread = bytearray()
    with suppress(OSError):
        while piece := source.recv(65_536):
            if left is not None:
                unread += piece
                left.update((stamp, time.time()) for stamp in _time_stamps(unread))
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _time_stamps(unread: bytearray) -> Iterator[int]:
    """Yield the RTP time stamp of each whole video packet and take what was understood out of `unread`."""
    while unread:
        if unread.startswith(_INTERLEAVED):
            if len(unread) < _HEADER_BYTES:
                return
            size = _HEADER_BYTES + int.from_bytes(unread[2:_HEADER_BYTES])
            if len(unread) < size:
                return
            if unread[1] == 0 and size >= _HEADER_BYTES + _RTP_HEADER_BYTES:
                yield int.from_bytes(unread[8:12])
        else:
            head = unread.find(b"\r\n\r\n")
            if head < 0:
                return
            body = _CONTENT_LENGTH.search(unread, 0, head)
            size = head + 4 + (int(body[1]) if body else 0)
            if len(unread) < size:
                return
        del unread[:size]
