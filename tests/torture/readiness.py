"""Whether a part works: what is asked after a fault, from outside and past the links."""

import re
import socket
from collections.abc import Callable

import httpx

from compose.onebox.servers.readiness import http_answers
from compose.onebox.servers.rtsp import RtspServer
from regulars.errors import RegularsError
from regulars.store.session import is_there
from tests.story.stage import Stage
from tests.torture.beset_box import FIGURES_TOKEN, RECOGNIZERS, WORKERS, BesetBox

HEARD_WITHIN_S = 3.0
"""A worker that works was answered this lately by the gateway; it asks twice a second."""


class Readiness:
    """Asks the parts of one box; `prefect_url` is there once Prefect runs."""

    def __init__(self, stage: Stage, box: BesetBox, cameras: RtspServer) -> None:
        self._stage, self._box, self._cameras = stage, box, cameras

    def works(self, part: str) -> bool:
        """Say whether a part does its work now; none that is stopped or starting does."""
        if self._box.supervisor.pid(part) is None:
            return False
        try:
            return self._asked(part)()
        except (RegularsError, OSError, httpx.HTTPError):
            return False

    def _asked(self, part: str) -> Callable[[], bool]:
        if part in WORKERS:
            return lambda: self._heard(part)
        if part in RECOGNIZERS or part == "gateway":
            urls = dict(zip(RECOGNIZERS, self._box.relay.replicas, strict=True)) | {"gateway": self._box.gateway_url}
            return lambda: http_answers(f"{urls[part]}/readyz", 200) is None
        return {
            "postgres": lambda: is_there(self._stage.engine) is None,
            "objects": lambda: self._stage.objects.check() is None,
            "vectors": lambda: self._stage.vectors.check() is None,
            "rtsp": self._plays,
            "prefect": lambda: http_answers(f"{self._prefect()}/health", 200) is None,
        }[part]

    def _heard(self, worker: str) -> bool:
        url = f"http://127.0.0.1:{self._box.figures_ports[worker]}/metrics"
        headers = {"Authorization": f"Bearer {FIGURES_TOKEN}"}
        text = httpx.get(url, headers=headers, timeout=2.0, trust_env=False).text
        found = re.search(r"^regulars_worker_lease_seconds (\S+)", text, re.MULTILINE)
        return found is not None and float(found[1]) < HEARD_WITHIN_S

    def _plays(self) -> bool:
        with socket.create_connection(("127.0.0.1", self._cameras.port), timeout=2.0) as asking:
            asking.sendall(f"OPTIONS rtsp://127.0.0.1:{self._cameras.port}/ RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
            return asking.recv(200).startswith(b"RTSP/1.0 200")

    def _prefect(self) -> str:
        return f"http://127.0.0.1:{self._box.place.pinned_port('prefect')}/api"
