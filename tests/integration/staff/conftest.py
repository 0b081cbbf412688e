"""A gateway and the recognize that it asks, on one database, and chains with their people logged in."""

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
from tests.integration.recognize.test_http import TOKEN
from tests.integration.recognize.test_http import serving as recognize_serving
from tests.recognizing import engine, objects, opens, owner, recognizer, recognizer_alone, shop, vectors
from tests.sealing import SEALING_KEYS
from tests.shop import NOON, Shop

__all__ = ["engine", "objects", "opens", "owner", "recognizer", "recognizer_alone", "shop", "vectors"]
LogIn = Callable[..., httpx.Client]
_HASH = Passwords().hash(PASSWORD)


@pytest.fixture(scope="session")
def address(recognizer: Recognizer, engine: Engine, object_store_server: SeaweedServer) -> Iterator[str]:
    """The gateway's address; its clock stands at NOON."""
    with recognize_serving(recognizer) as recognize:
        settings = Settings(
            database_url=engine.url.set(drivername="postgresql").render_as_string(False),
            objects_url=object_store_server.url,
            secret_key="a secret of these tests",
            sealing_keys=SEALING_KEYS,
            recognize_url=str(recognize.base_url),
            events_token=TOKEN,
        )
        with gateway_serving(create_app(settings, clock=lambda: NOON)) as url:
            yield url


@pytest.fixture
def log_in(address: str) -> Iterator[LogIn]:
    """Log somebody of a shop's chain in: `log_in(shop, "manager")`, a manager of that shop's site."""
    clients: list[httpx.Client] = []

    def logged_in(shop: Shop, role: Role = "owner") -> httpx.Client:
        email = f"{role}-{new_id().hex}@example.com"
        sites = frozenset({shop.site_id}) if role == "manager" else None
        with transaction(shop.engine, PLATFORM) as connection:
            add_user(connection, User(new_id(), shop.tenant.tenant_id, email, _HASH, role, NOON, sites))
        client = httpx.Client(base_url=address)
        clients.append(client)
        answer = client.post("/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return client

    yield logged_in
    for client in clients:
        client.close()
