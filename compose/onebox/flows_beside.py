"""Prefect and the flows, brought up beside a running onebox: nothing waits for them, nothing fails without them."""

import subprocess
import sys
import threading
from pathlib import Path

from compose.onebox.box import CHOSEN_OF_FLOWS, Onebox, Say
from compose.onebox.processes import Launch, child_environment
from compose.onebox.servers.readiness import http_answers
from regulars.settings import CHECKOUT

_PYTHON = CHECKOUT / ".regulars" / "venv-flows" / "bin" / "python"
_NEEDS = (
    "database_url sealing_keys objects_url vectors_url rotation_secret models_dir recognize_url events_token"
    f" database_owner_url postgres_programs_dir backup_dir backup_keys_dir {CHOSEN_OF_FLOWS}"
)
_ASK_EVERY_S = 1.0


class FlowsBeside:
    """Makes the flows' environment if need be, then runs a Prefect server and the process that serves our flows."""

    def __init__(self, box: Onebox, say: Say) -> None:
        self._box = box
        self._say = say
        self._closing = threading.Event()
        self._preparing: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._bring_up, name="flows-beside", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """Give up what is not up yet; what runs is stopped with the onebox."""
        self._closing.set()
        if self._preparing and self._preparing.poll() is None:
            self._preparing.terminate()
        self._thread.join(3.0)

    def _bring_up(self) -> None:
        if not self._prepare() or self._closing.is_set():
            return
        place = self._box.place
        port = place.port("prefect")
        api = f"http://127.0.0.1:{port}/api"
        self._launch_prefect(port)
        while http_answers(f"{api}/health", 200) is not None:
            if self._closing.wait(_ASK_EVERY_S):
                return
        self._launch_flows(api)
        self._say(f"flows (Prefect), in the background: http://127.0.0.1:{port}")

    def _prepare(self) -> bool:
        log = self._box.place.log("flows-prepare")
        prepare = Path(__file__).with_name("prepare.py")
        with log.open("ab") as written:
            self._preparing = subprocess.Popen(
                [sys.executable, str(prepare), "flows"],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if self._preparing.wait() == 0:
            return True
        if not self._closing.is_set():
            self._say(f"the flows are not installed, all else runs on; see {log}")
        return False

    def _launch_prefect(self, port: int) -> None:
        self._start(
            "prefect",
            (str(_PYTHON), "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)),
            {},
        )

    def _launch_flows(self, api: str) -> None:
        settings = {
            key: value
            for key, value in self._box.environment.items()
            if key.removeprefix("REGULARS_").lower() in _NEEDS.split()
        }
        self._start("flows", (str(_PYTHON), "-m", "flows.serve"), {**settings, "PREFECT_API_URL": api})

    def _start(self, name: str, command: tuple[str, ...], settings: dict[str, str]) -> None:
        place = self._box.place
        self._box.supervisor.start(
            Launch(
                name,
                command,
                cwd=CHECKOUT,
                log=place.log(name),
                env=child_environment(
                    REGULARS_DATA_DIR=str(place.root),
                    PREFECT_HOME=str(place.folder("prefect")),
                    PREFECT_SERVER_ANALYTICS_ENABLED="false",
                    DO_NOT_TRACK="1",
                    **settings,
                ),
                stage=2,
                stop_within_s=3.0,
            )
        )
