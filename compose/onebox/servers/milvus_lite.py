"""Milvus Lite as a server: the vector index of the onebox."""

import signal
import sysconfig
from pathlib import Path

import grpc

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import wait_until_ready


class MilvusLiteServer:
    """One Milvus Lite on 127.0.0.1; `url` is the vectors URL. It has no users and no TLS."""

    name = "vectors"

    def __init__(self, place: Place, supervisor: Supervisor) -> None:
        self._place = place
        self._supervisor = supervisor
        self.port = 0

    @property
    def url(self) -> str:
        """The vectors URL."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and return when it answers."""
        self.port = self._place.port(self.name)
        home = self._place.folder("vectors")
        log = self._place.log(self.name)
        self._supervisor.start(
            Launch(
                self.name,
                (
                    *(str(Path(sysconfig.get_path("scripts")) / "milvus-lite"), "server", "--data-dir", str(home)),
                    # Its writes to one collection are not safe beside one another: one request at a time.
                    *("--host", "127.0.0.1", "--port", str(self.port), "--max-workers", "1"),
                ),
                cwd=home,
                log=log,
                env=child_environment(),
                stop_signal=signal.SIGINT,
            )
        )
        wait_until_ready(self._supervisor, self.name, log, self._ask)

    def stop(self) -> None:
        """Stop it; what was written is kept."""
        self._supervisor.stop(self.name)

    def _ask(self) -> str | None:
        """Ask with gRPC alone, since pymilvus takes seconds to import; it listens only once its data is open."""
        with grpc.insecure_channel(f"127.0.0.1:{self.port}") as channel:
            try:
                grpc.channel_ready_future(channel).result(timeout=1.0)
            except grpc.FutureTimeoutError:
                return f"port {self.port} does not answer"
        return None
