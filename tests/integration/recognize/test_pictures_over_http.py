"""The gateway's question about pictures: searched among one chain's customers, and never kept."""

import base64
import json
from collections.abc import Iterator

import httpx
import pytest

from functions.recognize.handler import over_http
from regulars.ids import new_id
from regulars.steps.recognize import Recognizer
from tests.fake_pack import photograph_of
from tests.recognize_server import BEARER, TOKEN, serving
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import sightings_of


@pytest.fixture
def client(recognizer: Recognizer) -> Iterator[httpx.Client]:
    with serving(recognizer) as serves:
        yield serves


def search(client: httpx.Client, shop: Shop, picture: bytes) -> httpx.Response:
    tenant_id = str(shop.tenant.tenant_id)
    return client.post("/faces/search", headers=BEARER, content=picture, params={"tenant_id": tenant_id})


def test_only_who_has_the_token_may_ask(client: httpx.Client) -> None:
    path = f"/faces/search?tenant_id={new_id()}"
    assert client.post(path, content=photograph_of(3)).status_code == 401
    assert client.post(path, headers={"Authorization": "Bearer x"}, content=photograph_of(3)).status_code == 401


def test_a_customer_is_found_by_a_picture_in_words(client: httpx.Client, recognizer: Recognizer, shop: Shop) -> None:
    recognizer.handle(shop.walk_in(40, at(0)))
    recognizer.handle(shop.walk_in(41, at(1)))
    customer_id = sightings_of(shop)[0].customer_id
    told = search(client, shop, photograph_of(40))
    assert told.json() == {"candidates": [{"customer_id": str(customer_id), "verdict": "match"}]}
    perhaps = search(client, shop, photograph_of(40, 38)).json()["candidates"]
    assert [one["verdict"] for one in perhaps] == ["possible"]
    assert search(client, shop, photograph_of(77)).json() == {"candidates": []}
    assert len(sightings_of(shop)) == 2


def test_a_chain_finds_only_those_who_visited_it(client: httpx.Client, recognizer: Recognizer, opens: OpenShop) -> None:
    here, there, alone = opens(sharing="network"), opens(sharing="network"), opens()
    recognizer.handle(here.walk_in(203, at(0)))
    assert len(search(client, here, photograph_of(203)).json()["candidates"]) == 1
    assert search(client, there, photograph_of(203)).json() == {"candidates": []}
    assert search(client, alone, photograph_of(203)).json() == {"candidates": []}
    recognizer.handle(there.walk_in(203, at(5)))
    assert search(client, there, photograph_of(203)).json() == search(client, here, photograph_of(203)).json()


def test_what_cannot_be_searched_with_is_refused_with_its_reason(client: httpx.Client, shop: Shop) -> None:
    told = search(client, shop, photograph_of(3, people=2))
    assert (told.status_code, told.json()["reason"]) == (422, "several_faces")
    assert search(client, shop, b"x" * 10_000_001).json()["reason"] == "file_too_large"
    unknown = client.post(
        "/faces/search", headers=BEARER, content=photograph_of(3), params={"tenant_id": str(new_id())}
    )
    assert unknown.status_code == 404


def test_the_same_question_is_answered_on_lambda(recognizer: Recognizer, shop: Shop) -> None:
    event = {
        "version": "2.0",
        "rawPath": "/faces/search",
        "rawQueryString": f"tenant_id={shop.tenant.tenant_id}",
        "headers": {"authorization": f"Bearer {TOKEN}", "content-type": "image/png"},
        "requestContext": {
            "http": {"method": "POST", "path": "/faces/search", "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1"},
            "stage": "$default",
        },
        "body": base64.b64encode(photograph_of(3)).decode(),
        "isBase64Encoded": True,
    }
    told = over_http(recognizer, TOKEN)(event, None)  # pyright: ignore[reportArgumentType] - Lambda's own context
    assert (told["statusCode"], json.loads(told["body"])) == (200, {"candidates": []})
    stranger = over_http(recognizer, "another")(event, None)  # pyright: ignore[reportArgumentType]
    assert stranger["statusCode"] == 401
