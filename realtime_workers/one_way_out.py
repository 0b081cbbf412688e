"""Between FFmpeg and a chain's camera: a door on this machine that leads to one address and nowhere else.

FFmpeg goes wherever a camera's `Location` header sends it and has no switch for that. So a camera that may be on the
public internet only is read through this door, which was opened to the address that was looked at, and which shuts
when the camera sends on. TLS ends here, as FFmpeg would end it: encrypted, its certificate not asked for.
"""

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from realtime_workers.source import Picture, Rest, Source, SourceFailedError

CONNECT_WITHIN_S = 10.0
SILENT_FOR_S = 30.0
"""FFmpeg gives a silent camera up long before; this only keeps a forgotten connection from staying."""
_SENDS_ON = b"location:"
_CHUNK_BYTES = 65_536


class OneWayOut:
    """Connects to the host of an RTSP URL at once; `url` is what FFmpeg opens in its place, one single time.

    Raises SourceFailedError `unreachable` where nobody listens.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._camera = _connected(parts.hostname or "", parts.port or 554, tls=parts.scheme == "rtsps")
        self._door = socket.create_server(("127.0.0.1", 0), backlog=1)
        self._door.settimeout(CONNECT_WITHIN_S)
        self._reader: socket.socket | None = None
        self._tail = b""
        self.sent_on = False
        login, at, _ = parts.netloc.rpartition("@")
        here = f"{login}{at}127.0.0.1:{self._door.getsockname()[1]}"
        self.url = urlunsplit(parts._replace(scheme="rtsp", netloc=here))
        threading.Thread(target=self._let_through, name="one-way-out", daemon=True).start()

    def close(self) -> None:
        """Shut the door and hang up on both sides."""
        for one in (self._door, self._reader, self._camera):
            if one is not None:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()

    def _let_through(self) -> None:
        try:
            reader, _ = self._door.accept()
            self._reader = reader
            self._door.close()
            while self._carry(reader):
                pass
            reader.shutdown(socket.SHUT_WR)  # it reads what it has not yet read, and then hangs up itself
            while reader.recv(_CHUNK_BYTES):
                pass
        except (OSError, ValueError):  # closed meanwhile, or silent for too long
            pass
        self.close()

    def _carry(self, reader: socket.socket) -> bool:
        """Wait for either side and carry what it says to the other; False when no more goes on.

        One thread does both: TLS of one connection must not be read and written at the same time.
        """
        held = isinstance(self._camera, ssl.SSLSocket) and self._camera.pending() > 0
        heard, _, _ = select.select([reader, self._camera], [], [], 0.0 if held else SILENT_FOR_S)
        if reader in heard:
            asked = reader.recv(_CHUNK_BYTES)
            self._camera.sendall(asked)
            if not asked:
                return False
        if self._camera in heard or held:
            said = self._said()
            if said is None:
                return True
            self.sent_on = self._sends_on(said)
            if self.sent_on or not said:
                return False
            reader.sendall(said)
        return bool(heard or held)

    def _said(self) -> bytes | None:
        """Return what the camera has said, None where it was part of a TLS record or one of TLS's own."""
        self._camera.settimeout(0.0)
        try:
            return self._camera.recv(_CHUNK_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        finally:
            self._camera.settimeout(SILENT_FOR_S)

    def _sends_on(self, part: bytes) -> bool:
        """Say whether what was said so far holds the header, as FFmpeg reads it: in any case, returns left out."""
        said = self._tail + part.replace(b"\r", b"").lower()
        self._tail = said[-len(_SENDS_ON) + 1 :]
        return _SENDS_ON in said


class ThroughOneWayOut:
    """A source that is read through the door, which closes with it."""

    def __init__(self, source: Source, way: OneWayOut) -> None:
        self._source, self._way = source, way

    def pictures(self, rest: Rest | None = None) -> Iterator[Picture]:
        """Yield the source's pictures. Raises SourceFailedError."""
        return self._source.pictures(rest)

    def close(self) -> None:
        """Let the camera go."""
        self._source.close()
        self._way.close()


def _connected(host: str, port: int, *, tls: bool) -> socket.socket:
    try:
        camera = socket.create_connection((host, port), timeout=CONNECT_WITHIN_S)
    except OSError:
        raise SourceFailedError("unreachable", "No camera listens at this address and port.") from None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            camera = context.wrap_socket(camera)
        except OSError:
            camera.close()
            raise SourceFailedError("unreachable", "The camera does not speak TLS as rtsps:// asks for.") from None
    camera.settimeout(SILENT_FOR_S)
    return camera
