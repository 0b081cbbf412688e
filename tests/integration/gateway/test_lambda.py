"""The same app on AWS Lambda: real event shapes of API Gateway's HTTP API (v2) and of an ALB go through the handler."""

import asyncio
import base64
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.gateway import handler as entry
from functions.gateway.auth import known_browser
from functions.gateway.auth.limits import RULES, Limits
from functions.gateway.auth.session_token import COOKIE
from functions.gateway.auth.sessions import REFRESH_COOKIE
from functions.gateway.csv_answer import BOM
from functions.gateway.parts import Parts
from regulars.domain.watching import LivePicture, pack_picture
from regulars.ids import new_id
from regulars.settings import Settings
from regulars.store.session import transaction
from regulars.store.watching import WatchedCamera, newest_picture, watch
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import PASSWORD, Chain, World
from tests.integration.gateway.lambda_events import http_api_v2, load_balancer
from tests.integration.gateway.seeding import add_person, add_visit

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def handler(gateway_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """The entry point as Lambda imports it, with its settings in the environment."""
    for name in ("database_url", "objects_url", "secret_key", "sealing_keys", "recognize_url", "events_token"):
        monkeypatch.setenv(f"REGULARS_{name.upper()}", getattr(gateway_settings, name))
    _begin_anew()
    loop = asyncio.new_event_loop()  # Mangum takes the thread's, and closes none
    asyncio.set_event_loop(loop)
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def call(event: dict[str, Any]) -> dict[str, Any]:
        return entry.handler(event, None)

    yield call
    root.handlers, root.level = before  # the run keeps its own log
    entry.gateway().state.parts.close()
    _begin_anew()
    asyncio.set_event_loop(None)
    loop.close()


def _begin_anew() -> None:
    entry.gateway.cache_clear()
    entry.adapter.cache_clear()


def cookies_of(answer: dict[str, Any]) -> dict[str, str]:
    """Return the cookies that an answer sets, by name, as a browser sends them back."""
    given = answer.get("cookies") or [
        value
        for name, values in (answer.get("multiValueHeaders") or answer["headers"]).items()
        if name.lower() == "set-cookie"
        for value in ([values] if isinstance(values, str) else values)
    ]
    assert all("Secure" in one and "HttpOnly" in one for one in given)
    return {one.partition("=")[0]: one.partition(";")[0] for one in given}


def logged_in(handler: Call, chain: Chain) -> dict[str, str]:
    """Log the owner in through the HTTP API; return the cookies."""
    body = json.dumps({"email": chain.emails["owner"], "password": PASSWORD})
    return cookies_of(handler(http_api_v2("POST", "/v1/auth/login", body=body)))


def test_login_and_a_list_through_the_http_api(handler: Call, chain: Chain) -> None:
    body = json.dumps({"email": chain.emails["owner"], "password": PASSWORD})
    answer = handler(http_api_v2("POST", "/v1/auth/login", body=body))
    assert answer["statusCode"] == 200
    cookie = next(one for one in answer["cookies"] if one.startswith(f"{COOKIE}="))
    assert all("Secure" in one for one in answer["cookies"])
    listed = handler(http_api_v2("GET", "/v1/sites", cookies=[cookie.split(";")[0]]))
    assert [site["site_id"] for site in json.loads(listed["body"])["items"]] == [str(chain.site_id)]
    assert listed["isBase64Encoded"] is False
    refused = handler(http_api_v2("GET", "/v1/visits", query="limit=5"))
    assert (refused["statusCode"], json.loads(refused["body"])["code"]) == (401, "not_authenticated")


def test_a_workers_heartbeat_through_the_load_balancer(handler: Call, world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    answer = handler(
        load_balancer(
            "POST",
            "/v1/worker/heartbeat",
            body=json.dumps({"worker_id": "box", "capacity": 1}),
            headers={"authorization": f"Bearer {chain.worker_key}", "content-type": "application/json"},
        )
    )
    assert answer["statusCode"] == 200
    assert [camera["camera_id"] for camera in json.loads(answer["body"])["cameras"]] == [str(camera_id)]


def test_behind_a_cdn_only_the_cdn_is_answered_and_the_viewer_is_counted(
    handler: Call, world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = entry.gateway()
    parts: Parts = app.state.parts
    edged = replace(parts, settings=parts.settings.model_copy(update={"edge_token": "of-the-edge"}))
    monkeypatch.setattr(app.state, "parts", edged)
    around = handler(http_api_v2("GET", "/healthz"))
    assert (around["statusCode"], json.loads(around["body"])["code"]) == (403, "not_allowed")
    seen: list[str] = []

    def count(_limits: Limits, _kind: str, who: str) -> None:
        seen.append(who)

    monkeypatch.setattr(Limits, "count", count)
    body = json.dumps({"email": chain.emails["owner"], "password": PASSWORD})
    through: Any = {"x_regulars_edge": "of-the-edge", "x_regulars_viewer": "2001:db8::7"}
    assert handler(http_api_v2("POST", "/v1/auth/login", body=body, **through))["statusCode"] == 200
    assert "2001:db8::/64" in seen


@pytest.mark.parametrize("several", [False, True])
def test_a_browser_logs_in_renews_and_searches_through_the_load_balancer(
    handler: Call, world: World, chain: Chain, several: bool
) -> None:
    for name in ("Cửa trước", "Cửa sau"):
        world.add_camera(chain, name=name)
    own_page = {"content-type": "application/json", "sec-fetch-site": "same-origin"}
    body = json.dumps({"email": chain.emails["owner"], "password": PASSWORD})
    given = cookies_of(handler(load_balancer("POST", "/v1/auth/login", body=body, headers=own_page, several=several)))
    assert given.keys() == {COOKIE, REFRESH_COOKIE, known_browser.COOKIE}
    back = own_page | {"cookie": "; ".join(given.values())}
    renewed = handler(load_balancer("POST", "/v1/auth/refresh", headers=back, several=several))
    assert (renewed["statusCode"], cookies_of(renewed).keys()) == (200, {COOKIE, REFRESH_COOKIE})
    back |= {"cookie": "; ".join(cookies_of(renewed).values())}
    query = {"q": urlencode({"q": "cửa sau"}).removeprefix("q="), "limit": "5"}
    found = handler(load_balancer("GET", "/v1/cameras", headers=back, query=query, several=several))
    assert [camera["name"] for camera in json.loads(found["body"])["items"]] == ["Cửa sau"]
    elsewhere = back | {"sec-fetch-site": "cross-site"}
    refused = handler(load_balancer("POST", "/v1/auth/logout-everywhere", headers=elsewhere, several=several))
    assert refused["statusCode"] == 403


@pytest.mark.parametrize("several", [False, True])
def test_who_writes_another_address_into_a_header_has_no_more_tries(handler: Call, several: bool) -> None:
    """The load balancer adds who has connected to what was sent."""
    most, _ = RULES["login"]
    body = json.dumps({"email": f"{new_id().hex}@example.com", "password": "x"})

    def status_of(forwarded: str) -> int:
        headers = {"content-type": "application/json", "x-forwarded-for": forwarded}
        return handler(load_balancer("POST", "/v1/auth/login", body=body, headers=headers, several=several))[
            "statusCode"
        ]

    told = [status_of(f"192.0.2.{number}, 198.51.100.7") for number in range(most + 1)]
    assert told == [401] * most + [429]
    assert status_of("198.51.100.7, 198.51.100.8") == 401, "somebody else"


def test_tables_are_text_archives_are_bytes_and_nobodys_id_is_logged(
    handler: Call, world: World, chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    customer_id = add_person(world, chain, world.clock())
    add_visit(world, chain, world.clock(), customer_id=customer_id, status="new")
    cookies = list(logged_in(handler, chain).values())
    table = handler(http_api_v2("GET", "/v1/visits", query="format=csv", cookies=cookies))
    assert (table["statusCode"], table["isBase64Encoded"]) == (200, False)
    assert table["body"].startswith(f"{BOM}visit_id,")
    assert str(customer_id) in table["body"]
    archive = handler(http_api_v2("GET", f"/v1/customers/{customer_id}/export", cookies=cookies))
    assert archive["isBase64Encoded"] is True
    assert "about.json" in zipfile.ZipFile(io.BytesIO(base64.b64decode(archive["body"]))).namelist()
    logged = capsys.readouterr().err
    assert "/v1/customers/{customer_id}/export" in logged
    assert str(customer_id) not in logged


def test_pictures_come_through_whole(handler: Call, world: World, chain: Chain) -> None:
    world.add_camera(chain)
    [leased] = world.beat(chain.worker_key, "box", 1).cameras
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        place = WatchedCamera(chain.tenant_id, leased.camera_id, chain.site_id)
        watch(connection, place, new_id(), world.clock())
    jpeg = bytes.fromhex("ffd8ffe0") + bytes(range(256)) * 900
    facts = LivePicture(lease_id=leased.lease_id, at=world.clock(), width=16, height=9, recognition=True)
    taken = handler(
        http_api_v2(
            "POST",
            f"/v1/worker/cameras/{leased.camera_id}/picture",
            body=pack_picture(facts, jpeg),
            content_type="application/vnd.regulars.picture",
            authorization=f"Bearer {chain.worker_key}",
        )
    )
    assert (taken["statusCode"], json.loads(taken["body"])) == (200, {"watched": True})
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        kept = newest_picture(connection, chain.tenant_id, leased.camera_id)
    assert kept
    assert kept.jpeg == jpeg


def test_a_photograph_is_taken_from_the_form_and_judged_elsewhere(handler: Call, chain: Chain) -> None:
    cookies = list(logged_in(handler, chain).values())
    body = json.dumps({"name": "Lan", "site_ids": [str(chain.site_id)]})
    key = {"idempotency_key": new_id().hex}
    made, again = (handler(http_api_v2("POST", "/v1/staff", body=body, cookies=cookies, **key)) for _ in range(2))
    assert (made["statusCode"], again["body"]) == (201, made["body"])
    path = f"/v1/staff/{json.loads(made['body'])['staff_id']}/photographs"
    photograph = bytes(range(256)) * 8_000  # two megabytes: beyond the limit of a body that is no picture
    sent = handler(http_api_v2("POST", path, body=photograph, cookies=cookies, content_type="image/jpeg"))
    assert (sent["statusCode"], json.loads(sent["body"])["code"]) == (503, "dependency_away"), "recognize is not here"
    too_large = handler(http_api_v2("POST", path, body=photograph, cookies=cookies))
    assert too_large["statusCode"] == 413


def test_the_live_stream_ends_there(handler: Call, world: World, chain: Chain) -> None:
    cookie = logged_in(handler, chain)[COOKIE]
    answer = handler(http_api_v2("GET", "/v1/live", cookies=[cookie]))
    assert answer["statusCode"] == 200
    assert "event: ready" in answer["body"]
    last = next(line for line in answer["body"].splitlines() if line.startswith("id: ")).removeprefix("id: ")
    visit_id = add_visit(world, chain, world.clock())
    asked = {"cookie": cookie, "last-event-id": last}
    missed = handler(load_balancer("GET", "/v1/live", headers=asked))
    assert (missed["statusCode"], str(visit_id) in missed["body"]) == (200, True)
