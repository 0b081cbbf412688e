"""Milvus Lite as a server: the vector index of the onebox."""

import signal
import sysconfig
from pathlib import Path

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import port_answers, wait_until_ready


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
        """Launch it, and return when it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start; returns at once."""
        self.port = self._place.port(self.name)
        home = self._place.folder("vectors")
        self._supervisor.start(
            Launch(
                self.name,
                (
                    *(str(Path(sysconfig.get_path("scripts")) / "milvus-lite"), "server", "--data-dir", str(home)),
                    # Its writes to one collection are not safe beside one another: one request at a time.
                    *("--host", "127.0.0.1", "--port", str(self.port), "--max-workers", "1"),
                ),
                cwd=home,
                log=self._place.log(self.name),
                env=child_environment(),
                stop_signal=signal.SIGINT,
            )
        )

    def wait(self) -> None:
        """Return when it answers: it listens only once its data is open."""
        log = self._place.log(self.name)
        wait_until_ready(self._supervisor, self.name, log, lambda: port_answers(self.port))

    def stop(self) -> None:
        """Stop it; what was written is kept."""
        self._supervisor.stop(self.name)
