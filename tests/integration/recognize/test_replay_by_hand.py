"""The operator lets a track be tried again, through the gateway and a real recognize."""

from collections.abc import Iterator

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
from regulars.store.users import User, add_user
from regulars.tenancy import PLATFORM
from tests.fake_pack import face_of
from tests.integration.gateway.conftest import PASSWORD
from tests.integration.gateway.conftest import serving as gateway_serving
from tests.integration.recognize.test_http import TOKEN
from tests.integration.recognize.test_http import serving as recognize_serving
from tests.sealing import SEALING_KEYS
from tests.shop import NOON, Shop, at
from tests.visits_seen import visits_of
from tests.waiting import wait_for


@pytest.fixture
def operator(recognizer: Recognizer, engine: Engine, object_store_server: SeaweedServer) -> Iterator[httpx.Client]:
    """The platform's operator, logged in at a gateway that asks a real recognize."""
    email = f"operator-{new_id().hex}@example.com"
    with transaction(engine, PLATFORM) as connection:
        add_user(connection, User(new_id(), None, email, Passwords().hash(PASSWORD), "operator", NOON))
    with recognize_serving(recognizer) as recognize:
        settings = Settings(
            database_url=engine.url.set(drivername="postgresql").render_as_string(False),
            objects_url=object_store_server.url,
            secret_key="a secret of these tests",
            sealing_keys=SEALING_KEYS,
            recognize_url=str(recognize.base_url),
            events_token=TOKEN,
        )
        with (
            gateway_serving(create_app(settings, clock=lambda: NOON)) as url,
            httpx.Client(base_url=url) as client,
        ):
            answer = client.post("/v1/auth/login", json={"email": email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            yield client


def replayed(operator: httpx.Client, path: str) -> httpx.Response:
    """Replay; recognize that has just started still compares its index, and asks to be asked again."""

    def answered() -> httpx.Response | None:
        answer = operator.post(path)
        return None if answer.status_code == 503 else answer

    return wait_for(answered, "recognize had compared its index")


def test_a_track_that_was_put_right_is_recognized_and_leaves_the_list(
    shop: Shop, recognizer: Recognizer, operator: httpx.Client
) -> None:
    manifest = shop.manifest(at(0))
    key = shop.write(manifest, b"no picture at all")
    assert recognizer.handle(key).result == "set_aside"
    [held] = operator.get("/v1/sightings/set-aside", params={"q": str(manifest.track_id)}).json()["items"]
    path = f"/v1/sightings/set-aside/{held['set_aside_id']}/replay"
    again = replayed(operator, path).json()
    assert (again["recognized"], again["reason"]) == (False, held["reason"])
    shop.write(manifest, face_of(7))
    assert replayed(operator, path).json()["recognized"] is True
    assert len(visits_of(shop)) == 1
    assert operator.get("/v1/sightings/set-aside", params={"q": str(manifest.track_id)}).json()["items"] == []
    assert operator.post(path).status_code == 404
    noted = operator.get("/v1/audit", params={"action": "track.replayed"}).json()["items"]
    assert len(noted) == 2
