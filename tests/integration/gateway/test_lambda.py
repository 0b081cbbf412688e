"""The same app on AWS Lambda: real event shapes of API Gateway's HTTP API (v2) and of an ALB go through the handler."""

import asyncio
import base64
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.gateway import handler as entry
from functions.gateway.auth.session_token import COOKIE
from regulars.settings import Settings
from tests.integration.gateway.conftest import PASSWORD, Chain, World

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def handler(gateway_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """The entry point as Lambda imports it, with its settings in the environment."""
    for name in ("database_url", "objects_url", "secret_key", "sealing_keys", "recognize_url", "events_token"):
        monkeypatch.setenv(f"REGULARS_{name.upper()}", getattr(gateway_settings, name))
    entry.adapter.cache_clear()
    loop = asyncio.new_event_loop()  # Mangum takes the thread's, and closes none
    asyncio.set_event_loop(loop)
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def call(event: dict[str, Any]) -> dict[str, Any]:
        return entry.handler(event, None)

    yield call
    root.handlers, root.level = before  # the run keeps its own log
    app: Any = entry.adapter().app
    app.state.parts.close()
    entry.adapter.cache_clear()
    asyncio.set_event_loop(None)
    loop.close()


def http_api_v2(method: str, path: str, *, body: str = "", cookies: list[str] | None = None, query: str = "") -> Any:
    """An event as the AWS documentation gives it for HTTP APIs, payload format 2.0."""
    headers = {"content-type": "application/json", "host": "id.execute-api.ap-southeast-1.amazonaws.com"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": cookies or [],
        "headers": headers | {"x-forwarded-proto": "https", "x-forwarded-port": "443"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "domainName": headers["host"],
            "domainPrefix": "id",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000",
            "timeEpoch": 1583348638390,
        },
        "body": base64.b64encode(body.encode()).decode() if body else None,
        "isBase64Encoded": bool(body),
    }


def load_balancer(method: str, path: str, *, body: str = "", headers: dict[str, str] | None = None) -> Any:
    """An event as the AWS documentation gives it for a Lambda target of an Application Load Balancer."""
    given = {"host": "lambda-alb.ap-southeast-1.elb.amazonaws.com", "x-forwarded-proto": "https"}
    return {
        "requestContext": {
            "elb": {
                "targetGroupArn": "arn:aws:elasticloadbalancing:ap-southeast-1:123456789012:targetgroup/lambda/49e9d65c"
            }
        },
        "httpMethod": method,
        "path": path,
        "queryStringParameters": {},
        "headers": given | {"x-forwarded-for": "203.0.113.7", "x-forwarded-port": "443"} | (headers or {}),
        "body": body,
        "isBase64Encoded": False,
    }


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


def test_the_live_stream_ends_there(handler: Call, world: World, chain: Chain) -> None:
    body = json.dumps({"email": chain.emails["owner"], "password": PASSWORD})
    cookies = handler(http_api_v2("POST", "/v1/auth/login", body=body))["cookies"]
    cookie = next(one for one in cookies if one.startswith(f"{COOKIE}="))
    answer = handler(http_api_v2("GET", "/v1/live", cookies=[cookie.split(";")[0]]))
    assert answer["statusCode"] == 200
    assert "event: ready" in answer["body"]
