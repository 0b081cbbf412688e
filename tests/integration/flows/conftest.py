"""The flows in their own environment: a real Prefect server, PostgreSQL, SeaweedFS, Milvus and a recognize function."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from compose.onebox.place import Place
from compose.onebox.prepare import ENVIRONMENTS, is_ready
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.readiness import http_answers, wait_until_ready
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.settings import CHECKOUT, Settings
from regulars.store.migrate import migrate
from regulars.store.session import as_role, connect
from tests.conftest import require
from tests.sealing import DATA_KEYS, SEALING_KEYS
from tests.shop import Shop, open_shop
from tests.story.replica import TOKEN
from tests.turned import ROTATION_SECRET

READY_WITHIN_S = 180
ENDS_WITHIN_S = 180

RunFlow = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def flows_python() -> str:
    """The interpreter of the flows' environment."""
    made = ENVIRONMENTS["flows"]
    require(None if is_ready(made) else "the flows' environment is not there or not up to date: ./run prepare flows")
    return str(made.python)


@pytest.fixture(scope="session")
def database_url(postgres_server: PostgresServer) -> str:
    """A migrated database that only the flows' tests use, as the application's role: flows look at every tenant."""
    made = postgres_server.make_database("flows")
    owner = connect(made, pool_size=1)
    url = as_role(made, "regulars_app", "of-the-tests")
    migrate(owner, url)
    owner.dispose()
    return url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    connected = connect(database_url, pool_size=2, data_keys=DATA_KEYS)
    yield connected
    connected.dispose()


@pytest.fixture
def shop(engine: Engine, object_store_server: SeaweedServer) -> Shop:
    """A shop whose tracks recognize does not hear of: the store's events go to the tests' receiver."""
    return open_shop(engine, S3ObjectStore(object_store_server.url))


@pytest.fixture(scope="session")
def recognize_url(
    place: Place,
    supervisor: Supervisor,
    database_url: str,
    object_store_server: SeaweedServer,
    milvus_server: MilvusLiteServer,
) -> Iterator[str]:
    """A recognize function as its own process, with the fake pack."""
    port = place.port("flows-recognize")
    addresses = (database_url, object_store_server.url, milvus_server.url, str(port))
    name, log = "flows-recognize", place.log("flows-recognize")
    command = (sys.executable, "-m", "tests.story.replica", *addresses)
    supervisor.start(Launch(name, command, cwd=CHECKOUT, log=log, env=child_environment()))
    url = f"http://127.0.0.1:{port}"
    wait_until_ready(supervisor, name, log, lambda: http_answers(f"{url}/readyz", 200), READY_WITHIN_S)
    yield url
    supervisor.stop(name)


@pytest.fixture(scope="session")
def prefect_api(place: Place, supervisor: Supervisor, flows_python: str) -> Iterator[str]:
    """A real Prefect server."""
    port = place.port("prefect")
    log = place.log("prefect")
    command = (flows_python, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    environment = child_environment(
        PREFECT_HOME=str(place.folder("prefect")), PREFECT_SERVER_ANALYTICS_ENABLED="false", DO_NOT_TRACK="1"
    )
    supervisor.start(Launch("prefect", command, cwd=CHECKOUT, log=log, env=environment))
    api = f"http://127.0.0.1:{port}/api"
    wait_until_ready(supervisor, "prefect", log, lambda: http_answers(f"{api}/health", 200), READY_WITHIN_S)
    yield api
    supervisor.stop("prefect")


@pytest.fixture
def flows_environment(
    place: Place,
    prefect_api: str,
    postgres_server: PostgresServer,
    database_url: str,
    object_store_server: SeaweedServer,
    milvus_server: MilvusLiteServer,
    recognize_url: str,
) -> dict[str, str]:
    """What a process with flows in it is told."""
    return child_environment(
        PREFECT_HOME=str(place.folder("prefect")),
        PREFECT_API_URL=prefect_api,
        REGULARS_DATABASE_URL=database_url,
        REGULARS_DATABASE_OWNER_URL=postgres_server.database_url("flows"),
        REGULARS_POSTGRES_PROGRAMS_DIR=str(postgres_server.programs),
        REGULARS_BACKUP_DIR=str(place.folder("backups")),
        REGULARS_BACKUP_KEYS_DIR=str(place.folder("backup-keys")),
        REGULARS_OBJECTS_URL=object_store_server.url,
        REGULARS_VECTORS_URL=milvus_server.url,
        REGULARS_SEALING_KEYS=SEALING_KEYS,
        REGULARS_ROTATION_SECRET=ROTATION_SECRET,
        REGULARS_MODELS_DIR=str(Settings().models_dir),
        REGULARS_RECOGNIZE_URL=recognize_url,
        REGULARS_EVENTS_TOKEN=TOKEN,
    )


@pytest.fixture
def run_flow(flows_python: str, flows_environment: dict[str, str]) -> RunFlow:
    """Run flows one after another in one process, each given as its call; what they returned is in the last lines.

    None is tried again: what goes wrong is seen at once, not after Prefect has waited for five minutes.
    """

    def run(*calls: str, **settings: str) -> subprocess.CompletedProcess[str]:
        named = [call.partition("(") for call in calls]
        imports = [f"from flows.{name} import {name}" for name in sorted({name for name, _, _ in named})]
        said = [f"print(json.dumps({name}.with_options(retries=0)({given}))" for name, _, given in named]
        program = "\n".join(["import json", "from datetime import datetime", *imports, *said])
        return subprocess.run(
            [flows_python, "-c", program],
            cwd=CHECKOUT,
            env=flows_environment | settings,
            capture_output=True,
            text=True,
            timeout=ENDS_WITHIN_S,
            check=False,
        )

    return run
