"""A onebox made to suffer: two recognizes, two workers, a proxy on every way between parts, clocks that can jump."""

import threading
from pathlib import Path

from compose.onebox.box import Onebox
from compose.onebox.first_start import APPLICATION_ROLE
from compose.onebox.place import free_port
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.rtsp import RtspServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.settings import Settings
from regulars.store.session import as_role
from tests.torture.clocks import Clock
from tests.torture.links import Link, Network
from tests.torture.relay import Relay

WORKERS, RECOGNIZERS = ("worker", "worker-2"), ("recognize", "recognize-2")
JUMPING = (*WORKERS, *RECOGNIZERS, "gateway")
"""Parts whose clock can be made to jump."""
CAPACITY = 6
"""Of eight cameras: each worker has some, and takes most of the other's when that one is away for long."""
FIGURES_TOKEN = "of-the-torture"
WAYS = (
    *("worker-gateway", "worker-objects", "worker-rtsp", "gateway-postgres"),
    *("recognize-postgres", "recognize-objects", "recognize-vectors"),
)


class BesetBox(Onebox):
    """The onebox's own parts, some twice; `network` serves WAYS and `relay` its events before it starts."""

    def __init__(self, data_dir: Path, network: Network, relay: Relay, shim: Path | None, capacity: int) -> None:
        super().__init__(data_dir, Settings().models_dir, lambda _: None, heartbeat_every_s=0.5)
        self.network, self.relay, self._capacity = network, relay, capacity
        self._launching = threading.Lock()
        token = self.place.secret("events-token")
        self.objects = SeaweedServer(self.place, self.supervisor, events_url=relay.url, events_token=token)
        self.second_recognize_url = f"http://127.0.0.1:{self.place.port('recognize-2')}"
        relay.replicas = [self.recognize_url, self.second_recognize_url]
        self.figures_ports = {name: free_port() for name in WORKERS}
        clocks = self.place.folder("clocks")
        self.clocks = {name: Clock(clocks, name, shim) for name in JUMPING} if shim else {}

    def start(self) -> None:
        """Start everything but cameras and flows."""
        super().start()
        self.start_second_recognize()
        self.launch_worker("worker-2")

    def start_second_recognize(self) -> None:
        """Start the other replica, and return when it is ready."""
        self.start_recognize("recognize-2", int(self.second_recognize_url.rpartition(":")[2]))

    def start_cameras(self, media: Path) -> RtspServer:
        """Start the RTSP server behind its link."""
        server = RtspServer(self.place, self.supervisor, media)
        server.start()
        self.way("worker-rtsp").target_port = server.port
        return server

    def way(self, name: str) -> Link:
        """Return a link by its name."""
        return self.network.links[name]

    def spool(self, worker: str) -> Path:
        """Return a worker's spool folder."""
        return self.place.folder("spool" if worker == "worker" else f"spool-{worker}")

    def point_at(self, server: PostgresServer) -> None:
        """Let what is started from now on use another PostgreSQL, which may be empty still."""
        self.postgres = server
        secret = self.place.secret("postgres-application")
        self.database_url = as_role(server.url, APPLICATION_ROLE, secret)
        self.environment |= {
            "REGULARS_DATABASE_URL": self.database_url,
            "REGULARS_DATABASE_OWNER_URL": server.url,
        }

    def write_environment(self) -> None:
        """Tell the operator's commands where everything is now."""
        self._write_environment()

    def launch(self, name: str, module: str, needs: str, *arguments: str, python: str = "", stage: int = 1) -> None:
        """Start a part on the links, and by its own clock where it has one."""
        own = self._own_environment(name)
        with self._launching:
            direct = self.environment
            self.environment = direct | own
            try:
                clock = self.clocks.get(name)
                needs = f"{needs} figures_listen metrics_token" if name in WORKERS else needs
                chosen = python or (str(clock.python) if clock else "")
                super().launch(name, module, needs, *arguments, python=chosen, stage=stage)
            finally:
                self.environment = direct

    def _own_environment(self, name: str) -> dict[str, str]:
        if name in WORKERS:
            return {
                "REGULARS_GATEWAY_URL": self._over("worker-gateway", self.gateway_url),
                "REGULARS_WORKER_ID": name,
                "REGULARS_WORKER_CAPACITY": str(self._capacity),
                "REGULARS_SPOOL_DIR": str(self.spool(name)),
                "REGULARS_FIGURES_LISTEN": f"127.0.0.1:{self.figures_ports[name]}",
                "REGULARS_METRICS_TOKEN": FIGURES_TOKEN,
            }
        if name == "gateway":
            return {
                "REGULARS_DATABASE_URL": self._over("gateway-postgres", self.database_url),
                "REGULARS_OBJECTS_URL": self._over("worker-objects", self.objects.url),  # its signed links lead there
            }
        if name in RECOGNIZERS:
            return {
                "REGULARS_DATABASE_URL": self._over("recognize-postgres", self.database_url),
                "REGULARS_OBJECTS_URL": self._over("recognize-objects", self.objects.url),
                "REGULARS_VECTORS_URL": self._over("recognize-vectors", self.vectors.url),
            }
        return {}

    def _over(self, way: str, url: str) -> str:
        """Return the URL by way of a link, which is pointed at where the URL leads."""
        link = self.way(way)
        before, _, after = url.partition("127.0.0.1:")
        port = after.partition("/")[0]
        link.target_port = int(port)
        return f"{before}127.0.0.1:{link.port}{after[len(port) :]}"
