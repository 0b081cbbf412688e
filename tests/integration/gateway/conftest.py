"""A gateway on real PostgreSQL and SeaweedFS, with two tenants in it and a clock that tests move."""

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from sqlalchemy import make_url, update

from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.seaweed import SeaweedServer
from functions.gateway.app import create_app
from functions.gateway.auth.passwords import Passwords
from functions.gateway.cameras import trial
from functions.gateway.main import GatewayServer
from functions.gateway.parts import Parts
from regulars.domain.cameras import HeartbeatAnswer
from regulars.ids import new_id
from regulars.settings import Settings
from regulars.store.api_keys import add_api_key
from regulars.store.cameras import CameraSetup, add_camera
from regulars.store.migrate import migrate
from regulars.store.session import connect, transaction
from regulars.store.tenants import Site, Tenant, add_site, add_tenant
from regulars.store.users import Role, User, add_user
from regulars.store.webhook_tables import webhooks
from regulars.tenancy import PLATFORM, Tenancy
from tests.overheard import Overheard
from tests.waiting import wait_for

PASSWORD = "correct horse battery"
_HASH = Passwords().hash(PASSWORD)


class MovableClock:
    """The time a test says it is."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Chain:
    """One tenant with one site, an account of each role and a worker's key."""

    tenant_id: UUID
    site_id: UUID
    worker_key: str
    emails: dict[Role, str] = field(default_factory=dict[Role, str])


@dataclass
class World:
    """A running app and what was put into it."""

    app: FastAPI
    settings: Settings
    clock: MovableClock
    platform_key: str
    operator_email: str
    url: str
    clients: list[httpx.Client] = field(default_factory=list[httpx.Client])

    @property
    def parts(self) -> Parts:
        return self.app.state.parts

    def client(self) -> httpx.Client:
        client = httpx.Client(base_url=self.url)
        self.clients.append(client)
        return client

    def logged_in(self, email: str) -> httpx.Client:
        client = self.client()
        answer = client.post("/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return client

    def add_chain(self, name: str) -> Chain:
        """Add a tenant of its own, so that tests do not see each other's rows."""
        tenant_id, site_id, now = new_id(), new_id(), self.clock()
        with transaction(self.parts.engine, PLATFORM) as connection:
            add_tenant(connection, Tenant(tenant_id, name, "network", now))
            add_site(connection, Site(tenant_id, site_id, f"{name} 1", "Asia/Ho_Chi_Minh", 30.0, now))
            chain = Chain(
                tenant_id, site_id, add_api_key(connection, tenant_id, "box", ["worker"], now, created_by="test")
            )
            roles: tuple[Role, ...] = ("owner", "manager", "analyst")
            for role in roles:
                chain.emails[role] = f"{role}-{tenant_id.hex}@example.com"
                sites = frozenset({site_id}) if role == "manager" else None
                add_user(connection, User(new_id(), tenant_id, chain.emails[role], _HASH, role, now, sites))
        return chain

    def add_camera(self, chain: Chain, **different: Any) -> UUID:
        """Add a webcam that should run, unless told otherwise."""
        camera_id = new_id()
        setup: dict[str, Any] = {
            "name": "door",
            "type": "webcam",
            "webcam_index": 0,
            "rtsp_url_sealed": None,
            "file_path": None,
            "file_starts_at": None,
            "line": None,
            "role": "both",
            "recognition": True,
            "wanted_state": "running",
        }
        with transaction(self.parts.engine, Tenancy(chain.tenant_id)) as connection:
            add_camera(
                connection, chain.tenant_id, chain.site_id, camera_id, CameraSetup(**(setup | different)), self.clock()
            )
        return camera_id

    def beat(
        self, key: str, worker_id: str, capacity: int, states: list[dict[str, Any]] | None = None
    ) -> HeartbeatAnswer:
        """Send one heartbeat and return its answer."""
        answer = self.client().post(
            "/v1/worker/heartbeat",
            headers={"Authorization": f"Bearer {key}"},
            json={"worker_id": worker_id, "capacity": capacity, "states": states or []},
        )
        assert answer.status_code == 200, answer.text
        return HeartbeatAnswer.model_validate(answer.json())


@pytest.fixture(scope="session")
def gateway_settings(postgres_server: PostgresServer, object_store_server: SeaweedServer) -> Settings:
    """Settings of a gateway whose database is migrated, connecting as the role that row-level security holds."""
    owner_url = postgres_server.make_database(f"gateway_{new_id().hex}")
    application = make_url(owner_url).set(username="regulars_app", password="of-the-tests").render_as_string(False)
    owner = connect(owner_url)
    migrate(owner, application)
    owner.dispose()
    return Settings(
        database_url=application,
        objects_url=object_store_server.url,
        secret_key="a secret of these tests",
        sealing_keys=Fernet.generate_key().decode(),
        recognize_url="http://127.0.0.1:1",  # away, until a test brings it up
        events_token="events token of these tests",
    )


@pytest.fixture
def world(gateway_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # On a busy machine a worker that is there may hear of a trial late.
    monkeypatch.setattr(trial, "TAKEN_WITHIN_S", trial.TRIAL_WITHIN_S)
    clock = MovableClock()
    app = create_app(gateway_settings, clock=clock)
    parts: Parts = app.state.parts
    operator_email = f"operator-{new_id().hex}@example.com"
    with transaction(parts.engine, PLATFORM) as connection:
        platform_key = add_api_key(connection, None, "platform", ["worker"], clock(), created_by="test")
        add_user(connection, User(new_id(), None, operator_email, _HASH, "operator", clock()))
        # The database is the session's: what earlier tests left in their chains' outboxes is nobody's concern now.
        connection.execute(update(webhooks).values(active=False))
    with serving(app) as url:
        world = World(app, gateway_settings, clock, platform_key, operator_email, url)
        yield world
        for client in world.clients:
            client.close()


@contextmanager
def serving(app: FastAPI) -> Generator[str]:
    """Run the app under uvicorn on a free port of 127.0.0.1; yield its address. No answer may tell of vectors."""
    told_too_much: list[str] = []
    app.add_middleware(Overheard, found=told_too_much)
    server = GatewayServer(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started or not thread.is_alive(), "the gateway has started")
        assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
    assert told_too_much == []


@pytest.fixture
def chain(world: World) -> Chain:
    return world.add_chain("Phở Ngon")
