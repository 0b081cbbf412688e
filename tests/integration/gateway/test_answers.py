"""What every answer has: problems with a stable code, an id, security headers; and what the app says of its health."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from functions.gateway.app import create_app
from functions.gateway.envelope import MAX_BODY_BYTES, MAX_UPLOAD_BYTES
from functions.gateway.errors import MOST_AT_FAULT
from regulars.settings import Settings
from tests.integration.gateway.conftest import Chain, World, serving
from tests.waiting import wait_for


@pytest.fixture
def unreachable(gateway_settings: Settings) -> Iterator[httpx.Client]:
    """A client of a gateway whose PostgreSQL and object store are away."""
    away = {
        "database_url": "postgresql://regulars_app:of-the-tests@127.0.0.1:1/regulars",
        "objects_url": "s3://key:secret@127.0.0.1:1/faces?secure=false",
    }
    with (
        serving(create_app(gateway_settings.model_copy(update=away))) as url,
        httpx.Client(base_url=url) as client,
    ):
        yield client


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, told["code"]


def test_every_refusal_is_a_problem_with_a_code(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    assert problem(world.client().get("/v1/visits")) == (401, "not_authenticated")
    assert problem(owner.get("/nothing")) == (404, "not_found")
    elsewhere = owner.get("/v1/visits/", headers={"Host": "evil.example"})
    assert (problem(elsewhere), elsewhere.headers.get("location")) == ((404, "not_found"), None)
    not_so = owner.put("/v1/visits")
    assert (problem(not_so), not_so.headers["allow"]) == ((405, "method_not_allowed"), "GET")
    assert problem(owner.get("/v1/visits/not-an-id")) == (422, "invalid_request")
    assert problem(owner.get("/v1/visits", params={"cursor": "bad"})) == (422, "input_refused")
    broken = owner.post("/v1/sites", content="{", headers={"Content-Type": "application/json"})
    assert problem(broken) == (422, "invalid_request")


def test_of_very_many_fields_at_fault_some_are_told(world: World) -> None:
    body = {"email": "a@b.vn", "password": "x"} | {f"field {number}": 1 for number in range(MOST_AT_FAULT + 50)}
    refused = world.client().post("/v1/auth/login", json=body)
    assert problem(refused) == (422, "invalid_request")
    assert len(refused.json()["errors"]) == MOST_AT_FAULT


def test_a_field_at_fault_is_named_and_its_value_not_repeated(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    camera = {"name": "door", "type": "rtsp", "rtsp_url": "ftp://admin:t0p-secret@x", "site_id": str(chain.site_id)}
    refused = owner.post("/v1/cameras", json=camera)
    assert problem(refused) == (422, "invalid_request")
    assert refused.json()["errors"]
    assert "t0p-secret" not in refused.text


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("kind", "limit"), [("application/json", MAX_BODY_BYTES), ("image/jpeg", MAX_UPLOAD_BYTES)])
def test_a_body_beyond_the_limit_is_refused(world: World, chain: Chain, kind: str, limit: int, chunked: bool) -> None:
    owner = world.logged_in(chain.emails["owner"])
    for beyond, expected in ((0, (422, "invalid_request")), (1, (413, "too_large"))):
        body = b" " * (limit + beyond)
        sent: Any = iter([body]) if chunked else body
        answer = owner.post("/v1/sites", content=sent, headers={"Content-Type": kind})
        assert problem(answer) == expected


def test_no_request_waits_until_routes_are_analysed(
    gateway_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FastAPI would do it in the first request, with warnings of the whole process silenced meanwhile."""
    app = create_app(gateway_settings)

    def too_late(*_: Any, **__: Any) -> None:
        raise AssertionError("a route was analysed while the app answers")

    monkeypatch.setattr("fastapi.routing.get_dependant", too_late)
    with serving(app) as url, httpx.Client(base_url=url) as client:
        assert problem(client.get("/v1/visits")) == (401, "not_authenticated")
        assert problem(client.get("/nothing")) == (404, "not_found")


def test_every_answer_carries_the_security_headers(world: World) -> None:
    client = world.client()
    for path in ("/", "/v1/visits", "/healthz", "/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-request-id"]
        assert "server" not in headers
    assert client.get("/v1/visits").headers["cache-control"] == "no-store"


def test_a_given_request_id_is_kept_and_a_hostile_one_is_not(world: World) -> None:
    client = world.client()
    assert client.get("/healthz", headers={"X-Request-ID": "trace-0001"}).headers["x-request-id"] == "trace-0001"
    hostile = "x" * 500
    assert client.get("/healthz", headers={"X-Request-ID": hostile}).headers["x-request-id"] != hostile


def test_the_app_is_ready_when_its_parts_answer(world: World) -> None:
    told = {"status": "ok", "postgresql": "ok", "objects": "ok", "recognize": "away"}
    # What answers a second late, as on a busy machine, is told to be away.
    for client, path in ((world.client(), "/readyz"), (world.logged_in(world.operator_email), "/v1/system/health")):
        ready = wait_for(partial(_when_ok, client, path), f"{path} told that all is well")
        assert (ready.status_code, ready.json()) == (200, told)


def _when_ok(client: httpx.Client, path: str) -> httpx.Response | None:
    answer = client.get(path)
    return answer if answer.json()["status"] == "ok" else None


def test_parts_away_are_told_as_such_and_asked_to_come_back(unreachable: httpx.Client) -> None:
    assert unreachable.get("/healthz").status_code == 200
    ready = unreachable.get("/readyz")
    assert (ready.status_code, ready.json()["postgresql"], ready.json()["objects"]) == (503, "away", "away")
    refused = unreachable.post("/v1/auth/login", json={"email": "a@b.vn", "password": "x"})
    assert problem(refused) == (503, "dependency_away")
    assert refused.json()["retry"] is True
    assert refused.headers["retry-after"]
    assert "127.0.0.1" not in refused.text


def test_a_fault_of_our_own_tells_nothing_of_the_inside(
    world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("lan@example.com of tenant 7")

    owner = world.logged_in(chain.emails["owner"])
    monkeypatch.setattr("functions.gateway.figures.routes.tell_today", fail)
    answer = owner.get("/v1/figures/today")
    assert problem(answer) == (500, "internal")
    assert "tenant 7" not in answer.text
    assert answer.headers["content-security-policy"]


def test_the_document_is_whole_and_every_route_tells_its_errors(world: World) -> None:
    document = world.client().get("/openapi.json").json()
    text = json.dumps(document)
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))
    wanted = {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}
    assert wanted <= set(document["components"]["schemas"])
    for path, item in document["paths"].items():
        for operation in item.values():
            if operation.keys() & {"security", "parameters", "requestBody"}:  # else there is nothing to refuse
                assert any(status.startswith("4") for status in operation["responses"]), path
            assert operation["description"], path
