"""FakeRtspCamera: answers every RTSP request with one status, or not at all.

The real RTSP server of the tests knows no passwords and never hangs.
"""

import socket
import threading
from contextlib import suppress
from typing import Self


class FakeRtspCamera:
    """`answer` is the status line's end (`401 Unauthorized`), raw bytes to send, or None to keep silent."""

    def __init__(self, answer: str | bytes | None) -> None:
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.url = f"rtsp://user:secret@127.0.0.1:{self._listening.getsockname()[1]}/live"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            connection.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self._open.append(connection)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while request := connection.recv(4096).decode():
                if isinstance(self._answer, bytes):
                    connection.sendall(self._answer)
                elif self._answer:
                    number = next(line for line in request.splitlines() if line.lower().startswith("cseq"))
                    challenge = 'WWW-Authenticate: Basic realm="camera"\r\n'
                    connection.sendall(f"RTSP/1.0 {self._answer}\r\n{number}\r\n{challenge}\r\n".encode())
