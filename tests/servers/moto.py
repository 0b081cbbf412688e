"""Moto, a mock of AWS: in tests it shows what an S3 event looks like in a queue, and proves nothing else."""

import sysconfig
from pathlib import Path

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import http_answers, wait_until_ready


class MotoServer:
    """One mock of AWS on 127.0.0.1; `endpoint` takes the calls of every service, with any credentials."""

    name = "moto"

    def __init__(self, place: Place, supervisor: Supervisor) -> None:
        self._place = place
        self._supervisor = supervisor
        self.port = 0

    @property
    def endpoint(self) -> str:
        """The endpoint URL for an AWS client."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and return when it answers."""
        self.port = self._place.port(self.name)
        log = self._place.log(self.name)
        self._supervisor.start(
            Launch(
                self.name,
                (str(Path(sysconfig.get_path("scripts")) / "moto_server"), "-H", "127.0.0.1", "-p", str(self.port)),
                cwd=self._place.folder("moto"),
                log=log,
                env=child_environment(),
                stop_within_s=2.0,
            )
        )
        health = f"{self.endpoint}/moto-api/data.json"
        wait_until_ready(self._supervisor, self.name, log, lambda: http_answers(health, 200))

    def stop(self) -> None:
        """Stop it; it keeps nothing."""
        self._supervisor.stop(self.name)
