"""A real RTSP server that plays a folder's clips: the sample camera of the demo, and the cameras of the tests."""

import socket
import sys
from pathlib import Path

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import wait_until_ready
from regulars.settings import CHECKOUT


class RtspServer:
    """One RTSP server (RTP over TCP) on 127.0.0.1 for the clips in `media`, played from the start to each reader."""

    name = "rtsp"

    def __init__(self, place: Place, supervisor: Supervisor, media: Path) -> None:
        self._place = place
        self._supervisor = supervisor
        self._media = media
        self.port = 0

    def url(self, clip: str, *, repeat: bool = True) -> str:
        """Return the address of a clip of the folder, played once or over and over."""
        return f"rtsp://127.0.0.1:{self.port}/{clip}?play_count={0 if repeat else 1}"

    def start(self) -> None:
        """Start, and return when it answers an RTSP request."""
        self.port = self._place.port(self.name)
        control_port = self._place.port("rtsp-control")
        log = self._place.log(self.name)
        self._supervisor.start(
            Launch(
                self.name,
                (
                    *(sys.executable, "-m", "compose.onebox.servers.rtsp_process"),
                    *(str(self._media), str(self.port), str(control_port)),
                ),
                cwd=CHECKOUT,
                log=log,
                env=child_environment(),
                stop_within_s=2.0,
            )
        )
        wait_until_ready(self._supervisor, self.name, log, self._ask)

    def stop(self) -> None:
        """Stop it: every reader loses its stream."""
        self._supervisor.stop(self.name)

    def _ask(self) -> str | None:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2.0) as connection:
                connection.sendall(f"OPTIONS rtsp://127.0.0.1:{self.port}/ RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
                answer = connection.recv(200)
        except OSError as error:
            return f"port {self.port} does not answer ({type(error).__name__})"
        return None if answer.startswith(b"RTSP/1.0 200") else f"it answers {answer[:40]!r}"
