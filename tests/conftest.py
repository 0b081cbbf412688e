"""Real parts for every test: embedded servers in throw-away folders on free ports, stopped by own handle.

A part that cannot run here skips its tests with the reason, but fails them when CI is set. The kind of a test is the
folder it lies in; the run ends with their count by kind.
"""

import gc
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.rtsp import RtspServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.logs import JsonLines
from tests.counted import hand_over, take_over, tell
from tests.event_receiver import EventReceiver
from tests.lanes import Lanes, heavy_first
from tests.servers.juicefs import JuicefsServer
from tests.servers.milvus_full import MilvusFullServer
from tests.servers.moto import MotoServer
from tests.waiting import make_httpx_patient

CHECKOUT = Path(__file__).resolve().parents[1]
os.environ["REGULARS_DATA_DIR"] = str(CHECKOUT / ".regulars" / "no-demo")  # one that ran here lends no settings
KINDS = {
    "unit": "pure, in memory",
    "contract": "one suite per port, over every backend",
    "integration": "several of our parts with real servers",
    "story": "what a user does, from the outside",
    "tenancy": "no tenant sees another's",
    "infra": "what is deployed: manifests, images, schemas",
    "e2e": "through a browser",
    "bench": "measurements, run on request",
}


# Examples are not timed: a busy machine is no defect. CI tries the same ones each time, so that what it refuses is the
# change; elsewhere others are tried at each run, and what failed can be run again from its printed blob.
settings.register_profile(
    "regulars",
    deadline=None,
    print_blob=True,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("regulars")
make_httpx_patient()


@pytest.fixture(autouse=True, scope="module")
def _what_was_left_open_is_told_here() -> Iterator[None]:
    """Let a socket or file that these tests left open fail them, and not a later test that the collector runs in.

    What is still in use then belongs to the session; to walk it again after each of 200 files took minutes.
    """
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _nobody_logs_for_long() -> Iterator[None]:
    """Take away the log that an entry point set up for its process: its stream ends with the test."""
    yield
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one.formatter, JsonLines)]:
        root.removeHandler(handler)


def pytest_configure(config: pytest.Config) -> None:
    """Register a marker per kind."""
    for kind, meaning in KINDS.items():
        config.addinivalue_line("markers", f"{kind}: {meaning}")


def _kind(item: pytest.Item) -> str:
    folder = item.path.relative_to(CHECKOUT / "tests").parts[0]
    return folder if folder in KINDS else "other"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test with the kind that its folder names."""
    heavy_first(items)
    for item in items:
        if _kind(item) in KINDS:
            item.add_marker(_kind(item))
        if _kind(item) == "story":
            item.add_marker(pytest.mark.timeout(900))  # the whole system, where others keep the machine busy


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes:
    """Share the tests out, where pytest-xdist runs them in several processes."""
    return Lanes(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what was counted, if this is one of several processes."""
    hand_over(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what one of them has counted; one that died has handed over nothing."""
    take_over(getattr(node, "workeroutput", {}).get("counted", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests of each kind ran and how many did not."""
    counted: Counter[tuple[str, str]] = Counter()
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            if isinstance(report, pytest.TestReport) and (report.when == "call" or outcome in {"skipped", "error"}):
                folder = report.nodeid.split("/")[1] if report.nodeid.count("/") > 1 else "other"
                counted[folder, outcome] += 1
    tell(terminalreporter)
    terminalreporter.section("tests by kind")
    for kind in dict.fromkeys(kind for kind, _ in counted):
        told = [f"{counted[kind, outcome]} {outcome}" for outcome in ("passed", "failed", "error", "skipped")]
        terminalreporter.write_line(f"{kind}: " + ", ".join(text for text in told if not text.startswith("0 ")))


def require(missing: str | None) -> None:
    """Skip the test with this reason, or fail it when CI is set; None is no reason."""
    if missing is None:
        return
    if os.environ.get("CI"):
        pytest.fail(f"a real part is missing, and CI runs with all: {missing}")
    pytest.skip(missing)


@pytest.fixture(scope="session")
def testdata() -> Path:
    """The folder of sample faces and clips that is no part of the repository (REGULARS_TESTDATA)."""
    folder = Path(os.environ.get("REGULARS_TESTDATA", CHECKOUT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no test data in {folder}: set REGULARS_TESTDATA")
    return folder


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    """The data directory of the session's servers, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="regulars-tests-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder))


@pytest.fixture(scope="session")
def supervisor(place: Place) -> Iterator[Supervisor]:
    """Whoever starts and stops the session's servers."""
    with Supervisor(place.run_dir) as keeping:
        yield keeping


@pytest.fixture(scope="session")
def event_receiver() -> Iterator[EventReceiver]:
    """A real HTTP receiver of object events, in the place of recognize."""
    with EventReceiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def postgres_server(place: Place, supervisor: Supervisor) -> PostgresServer:
    """PostgreSQL, with the empty database `regulars`."""
    server = PostgresServer(place, supervisor)
    server.start()
    return server


@pytest.fixture
def empty_database_url(postgres_server: PostgresServer) -> Generator[str]:
    """The superuser's URL of a database made for one test."""
    name = f"test_{uuid4().hex}"
    yield postgres_server.make_database(name)
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def object_store_server(place: Place, supervisor: Supervisor, event_receiver: EventReceiver) -> SeaweedServer:
    """SeaweedFS, whose events go to `event_receiver`."""
    server = SeaweedServer(place, supervisor, events_url=event_receiver.url, events_token=event_receiver.token)
    server.start()
    return server


@pytest.fixture(scope="session")
def minio_dialect_server(place: Place, supervisor: Supervisor, event_receiver: EventReceiver) -> JuicefsServer:
    """The JuiceFS gateway, a fork of MinIO: no MinIO server can be had as a package."""
    require(JuicefsServer.missing_here())
    server = JuicefsServer(place, supervisor, events_url=event_receiver.url, events_token=event_receiver.token)
    server.start()
    return server


@pytest.fixture(scope="session")
def aws_mock_server(place: Place, supervisor: Supervisor) -> MotoServer:
    """Moto, for the shape of AWS events."""
    server = MotoServer(place, supervisor)
    server.start()
    return server


@pytest.fixture(scope="session")
def milvus_server(place: Place, supervisor: Supervisor) -> MilvusLiteServer:
    """Milvus Lite as a server."""
    server = MilvusLiteServer(place, supervisor)
    server.start()
    return server


@pytest.fixture(scope="session")
def milvus_full_server(place: Place, supervisor: Supervisor) -> Iterator[MilvusFullServer]:
    """The full Milvus 2.3, in a network namespace of its own."""
    require(MilvusFullServer.missing_here())
    server = MilvusFullServer(place, supervisor)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def rtsp_server(tmp_path: Path) -> Iterator[Callable[[Path], RtspServer]]:
    """Start an RTSP server for a folder of clips; call it once per test."""
    with Supervisor(tmp_path / "rtsp" / "run") as keeping:

        def start(media: Path) -> RtspServer:
            server = RtspServer(Place(tmp_path / "rtsp"), keeping, media)
            server.start()
            return server

        yield start
