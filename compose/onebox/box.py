"""The whole system on one machine: starts the embedded servers and then the very processes of production."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.readiness import http_answers, wait_until_ready
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.settings import CHECKOUT, Settings, onebox_file

Say = Callable[[str], None]
_CHOSEN = "pack inference_engine inference_threads wanted_fpir"
_OUTSIDE = "public_url objects_public_url smtp_url mail_from retention_days link_expires_s"
_CHOSEN_OF_GATEWAY = (
    f"{_OUTSIDE} trusted_proxies oidc_issuer oidc_client_id oidc_client_secret metrics_token held_reports_mb"
)
_CHOSEN_OF_RECOGNIZE = f"{_CHOSEN} held_galleries_mb"
CHOSEN_OF_FLOWS = f"{_OUTSIDE} pack wanted_fpir backup_days"
BY_THE_USER = f"{_CHOSEN_OF_GATEWAY} {_CHOSEN_OF_RECOGNIZE} {CHOSEN_OF_FLOWS}"
"""Settings that the user's own environment decides; all others follow from what is started here."""
_WORKER_NEEDS = f"gateway_url worker_key worker_id worker_capacity spool_dir models_dir heartbeat_every_s {_CHOSEN}"
WORKER_STAGE, FUNCTION_STAGE = 2, 1
"""Stopped highest first: the worker can still hand over its last tracks while the functions run, servers go last."""


class Onebox:
    """One running system in one data directory; leaving the context stops all of it.

    `port` is the gateway's, 0 for any free one. `heartbeat_every_s` is the worker's; short where somebody waits.
    """

    def __init__(self, data_dir: Path, models_dir: Path, say: Say, *, port: int = 0, heartbeat_every_s: float = 5.0):
        self.place = Place(data_dir)
        self._say = say
        self._begun_s = time.monotonic()
        self.supervisor = Supervisor(self.place.run_dir)
        self._gateway_port = port or self.place.port("gateway")
        self._recognize_port = self.place.port("recognize")
        self.gateway_url = f"http://127.0.0.1:{self._gateway_port}"
        self.recognize_url = f"http://127.0.0.1:{self._recognize_port}"
        self._models_dir = models_dir
        self._heartbeat_every_s = heartbeat_every_s
        events_token = self.place.secret("events-token")
        self.postgres = PostgresServer(self.place, self.supervisor)
        self.vectors = MilvusLiteServer(self.place, self.supervisor)
        self.objects = SeaweedServer(
            self.place, self.supervisor, events_url=f"{self.recognize_url}/events", events_token=events_token
        )
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Return itself; `start` is called apart, so that what goes wrong there is stopped, too."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything within 9 s."""
        self.supervisor.close()

    def start(self) -> None:
        """Start all but the flows; returns when the gateway, recognize and the worker run.

        Gateway and recognize read their modules beside the store and the index, on a database that is up to date.
        Raises DependencyAway with the last lines of its log when a part does not come up.
        """
        for server in (self.objects, self.vectors, self.postgres):
            server.launch()
        self._open_database()
        self._launch_gateway()
        self._launch_recognize("recognize", self._recognize_port)
        self._open_store()
        self.vectors.wait()
        self._say("vector index (Milvus Lite)")
        self._wait_for("gateway", self._gateway_port)
        self._wait_for("recognize", self._recognize_port)
        self.launch_worker()
        self._say("camera worker")

    def settings(self) -> Settings:
        """Return the settings of this onebox, for code that runs in the launcher's own process."""
        told = {name.removeprefix("REGULARS_").lower(): value for name, value in self.environment.items()}
        return Settings(**told)  # pyright: ignore[reportArgumentType] - pydantic parses the texts

    def launch_worker(self, name: str = "worker") -> None:
        """Start a worker under this name."""
        self.launch(name, "realtime_workers.main", _WORKER_NEEDS, stage=WORKER_STAGE)

    def start_gateway(self) -> None:
        """Start the gateway, and return when it is ready."""
        self._launch_gateway()
        self._wait_for("gateway", self._gateway_port)

    def start_recognize(self, name: str = "recognize", port: int = 0) -> None:
        """Start a replica of recognize, at its usual port unless told another, and return when it is ready."""
        self._launch_recognize(name, port or self._recognize_port)
        self._wait_for(name, port or self._recognize_port)

    def launch(self, name: str, module: str, needs: str, *arguments: str, python: str = "", stage: int = 1) -> None:
        """Start `python -m module` with the settings it needs and no others, logging to logs/<name>.log."""
        given = {f"REGULARS_{need.upper()}" for need in needs.split()}
        environment = {key: value for key, value in self.environment.items() if key in given}
        self.supervisor.start(
            Launch(
                name,
                (python or sys.executable, "-m", module, *arguments),
                cwd=CHECKOUT,
                log=self.place.log(name),
                env=child_environment(REGULARS_DATA_DIR=str(self.place.root), **environment),
                stage=stage,
            )
        )

    def _open_database(self) -> None:
        # What speaks SQL takes longer to import than PostgreSQL to start.
        from compose.onebox.first_start import migrated

        self.postgres.wait()
        self._say("PostgreSQL")
        password = self.place.secret("postgres-application")
        self.database_url = migrated(self.postgres.url, self._sealing_key(), password)
        self._write_environment()

    def _open_store(self) -> None:
        self.objects.wait()
        self.objects.client().ensure_bucket(Settings().retention_days)
        self._say("object store (SeaweedFS)")

    def _sealing_key(self) -> str:
        return self.place.secret("sealing-key") + "="

    def _write_environment(self) -> None:
        from compose.onebox.first_start import ensure_worker_key

        self.environment = {
            "REGULARS_DATA_DIR": str(self.place.root),
            "REGULARS_MODELS_DIR": str(self._models_dir),
            "REGULARS_PORTAL_DIR": str(CHECKOUT / ".regulars" / "portal"),
            "REGULARS_DATABASE_URL": self.database_url,
            "REGULARS_DATABASE_OWNER_URL": self.postgres.url,
            "REGULARS_POSTGRES_PROGRAMS_DIR": str(self.postgres.programs),
            "REGULARS_BACKUP_DIR": str(self.place.root / "backups"),
            "REGULARS_BACKUP_KEYS_DIR": str(self.place.root / "backup-keys"),
            "REGULARS_OBJECTS_URL": self.objects.url,
            "REGULARS_VECTORS_URL": self.vectors.url,
            "REGULARS_ROTATION_SECRET": self.place.secret("rotation-secret"),
            "REGULARS_SECRET_KEY": self.place.secret("secret-key"),
            "REGULARS_SEALING_KEYS": self._sealing_key(),
            "REGULARS_EVENTS_TOKEN": self.place.secret("events-token"),
            "REGULARS_GATEWAY_URL": self.gateway_url,
            "REGULARS_RECOGNIZE_URL": self.recognize_url,
            "REGULARS_WORKER_KEY": ensure_worker_key(self.place, self.database_url),
            "REGULARS_WORKER_ID": "onebox",
            "REGULARS_WORKER_CAPACITY": "8",
            "REGULARS_SPOOL_DIR": str(self.place.folder("spool")),
            "REGULARS_HEARTBEAT_EVERY_S": str(self._heartbeat_every_s),
            **_chosen_by_the_user(),
        }
        file = onebox_file(self.place.root)
        partial = file.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(self.environment, indent=1), encoding="utf-8")
        partial.replace(file)

    def _launch_gateway(self) -> None:
        needs = "database_url objects_url secret_key sealing_keys recognize_url events_token portal_dir"
        self._launch_function("gateway", "gateway", self._gateway_port, f"{needs} {_CHOSEN_OF_GATEWAY}")

    def _launch_recognize(self, name: str, port: int) -> None:
        needs = "database_url sealing_keys objects_url vectors_url rotation_secret events_token models_dir"
        self._launch_function("recognize", name, port, f"{needs} {_CHOSEN_OF_RECOGNIZE}")

    def _launch_function(self, kind: str, name: str, port: int, needs: str) -> None:
        self.launch(name, f"functions.{kind}.main", needs, "--host", "127.0.0.1", "--port", str(port))

    def _wait_for(self, name: str, port: int) -> None:
        url = f"http://127.0.0.1:{port}/readyz"
        wait_until_ready(self.supervisor, name, self.place.log(name), lambda: http_answers(url, 200))
        self._say(name)


def _chosen_by_the_user() -> dict[str, str]:
    names = [f"REGULARS_{name.upper()}" for name in BY_THE_USER.split()]
    chosen = {name: os.environ[name] for name in names if name in os.environ}
    pack = Path(chosen.get("REGULARS_PACK", ""))
    return chosen | ({"REGULARS_PACK": str(pack.absolute())} if pack.is_file() else {})
