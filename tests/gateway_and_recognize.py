"""Fixtures: a gateway and the recognize that it asks, on one database, and people who are logged in there.

The model pack is the tests' fake one: a picture's colour says whose face it is. Needs the fixtures of
tests/recognizing.py beside it.
"""

from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import Engine

from compose.onebox.servers.seaweed import SeaweedServer
from functions.gateway.app import create_app
from functions.gateway.auth.passwords import Passwords
from regulars.ids import new_id
from regulars.settings import Settings
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.store.users import Role, User, add_user
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import PASSWORD
from tests.integration.gateway.conftest import serving as gateway_serving
from tests.recognize_server import TOKEN
from tests.recognize_server import serving as recognize_serving
from tests.sealing import SEALING_KEYS
from tests.shop import NOON, Shop

LogIn = Callable[..., httpx.Client]
_HASH = Passwords().hash(PASSWORD)


@pytest.fixture(scope="session")
def asking_settings(recognizer: Recognizer, engine: Engine, object_store_server: SeaweedServer) -> Iterator[Settings]:
    """Settings of a gateway that asks a recognize, which is served meanwhile."""
    with recognize_serving(recognizer) as recognize:
        yield Settings(
            database_url=engine.url.set(drivername="postgresql").render_as_string(False),
            objects_url=object_store_server.url,
            secret_key="a secret of these tests",
            sealing_keys=SEALING_KEYS,
            recognize_url=str(recognize.base_url),
            events_token=TOKEN,
        )


@pytest.fixture(scope="session")
def address(asking_settings: Settings) -> Iterator[str]:
    """The gateway's address; its clock stands at NOON."""
    with gateway_serving(create_app(asking_settings, clock=lambda: NOON)) as url:
        yield url


@pytest.fixture
def log_in(address: str, engine: Engine) -> Iterator[LogIn]:
    """Log somebody in: `log_in(shop, "manager")`, a manager of that shop's site; `log_in(None, "operator")`."""
    clients: list[httpx.Client] = []

    def logged_in(shop: Shop | None, role: Role = "owner") -> httpx.Client:
        email = f"{role}-{new_id().hex}@example.com"
        tenant_id = shop.tenant.tenant_id if shop else None
        sites = frozenset({shop.site_id}) if shop and role == "manager" else None
        with transaction(engine, PLATFORM) as connection:
            add_user(connection, User(new_id(), tenant_id, email, _HASH, role, NOON, sites))
        client = httpx.Client(base_url=address)
        clients.append(client)
        answer = client.post("/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return client

    yield logged_in
    for client in clients:
        client.close()
