"""The operator lets a track be tried again, through the gateway and a real recognize."""

import httpx
import pytest

from regulars.steps.recognize import Recognizer
from tests.fake_pack import face_of
from tests.gateway_and_recognize import LogIn
from tests.shop import Shop, at
from tests.visits_seen import visits_of
from tests.waiting import wait_for


@pytest.fixture
def operator(log_in: LogIn) -> httpx.Client:
    """The platform's operator, logged in at a gateway that asks a real recognize."""
    return log_in(None, "operator")


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
