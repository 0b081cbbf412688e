"""What the gateway keeps to itself and puts up with: slow callers, and logs without a secret or a person."""

import json
import logging
import socket
from collections.abc import Iterator

import httpx
import pytest

from functions.gateway import connection, envelope
from functions.gateway.auth.limits import RULES, Limited
from regulars.ids import new_id
from regulars.logs import JsonLines
from tests.integration.gateway.conftest import PASSWORD, Chain, World
from tests.integration.gateway.seeding import add_person, add_visit
from tests.integration.gateway.webhook_events import happen, make
from tests.integration.watching.said_worker import SaidWorker, a_jpeg
from tests.waiting import PATIENCE_S, wait_for
from tests.webhook_receiver import WebhookReceiver


class Lines(logging.Handler):
    """Every line that the process would have written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[Lines]:
    handler, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    yield handler
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    root.setLevel(before)
    root.removeHandler(handler)


def test_the_log_of_a_whole_session_names_nobody_and_no_secret(world: World, chain: Chain, logged: Lines) -> None:
    email = chain.emails["owner"]
    wrong = {"email": email, "password": "wr0ng-passw0rd"}
    assert world.client().post("/v1/auth/login", json=wrong).status_code == 401
    owner = world.logged_in(email)
    camera = {"name": "door", "type": "rtsp", "rtsp_url": "rtsp://admin:t0p-s3cret@10.0.0.9/x"}
    made = owner.post("/v1/cameras", json=camera | {"site_id": str(chain.site_id)}).json()
    owner.post("/v1/cameras", json=camera | {"site_id": "no", "rtsp_url": "ftp://admin:t0p-s3cret@10.0.0.9/x"})
    owner.get(f"/v1/cameras/{made['camera_id']}", params={"q": "Nguyễn Thị Lan"})
    customer_id = add_person(world, chain, world.clock())
    owner.patch(f"/v1/customers/{customer_id}", json={"name": "Nguyễn Thị Lan", "phone": "0901234567"})
    owner.get("/v1/customers", params={"q": "0901234567"})
    owner.post("/v1/faces/search", content=b"\xff\xd8 no picture", headers={"Content-Type": "image/jpeg"})
    owner.get("/v1/visits", params={"cursor": "0901234567"})
    with WebhookReceiver() as receiver:
        secret = make(owner, receiver)["secret"]
        receiver.answers = [410]
        happen(world, chain)
        world.parts.courier.run()
    world.beat(chain.worker_key, "box", 4)
    # A line is written when its answer has already gone out.
    wait_for(lambda: any("/v1/worker/heartbeat" in line for line in tuple(logged.lines)), "the last line was written")
    text = "\n".join(logged.lines)
    for kept in (email, PASSWORD, "wr0ng-passw0rd", "t0p-s3cret", "admin:", "10.0.0.9", "Nguy", "Lan", "0901234567"):
        assert kept not in text, kept
    for kept in (secret, chain.worker_key, owner.cookies["regulars_session"], str(customer_id), made["camera_id"]):
        assert kept not in text
    lines = [json.loads(line) for line in logged.lines]
    answered = [line for line in lines if line["message"] == "answered"]
    assert {line["route"] for line in answered} >= {"/v1/auth/login", "/v1/cameras", "/v1/cameras/{camera_id}"}
    assert all(line["request_id"] and line["status"] and "took_ms" in line for line in answered)
    assert any(str(line.get("actor", "")).startswith("user:") for line in answered)
    assert "a webhook was switched off" in {line["message"] for line in lines}


def test_a_head_that_drips_is_cut_off_and_a_held_stream_is_not(
    world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, owner = httpx.URL(world.url), world.logged_in(chain.emails["owner"])
    monkeypatch.setattr(connection, "HEAD_WITHIN_S", 0.5)
    monkeypatch.setattr(envelope, "BODY_WITHIN_S", 0.5)
    # By a connection of its own: that of the login may be cut off at any moment now.
    with httpx.stream("GET", f"{world.url}/v1/live", cookies=owner.cookies) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "event: ready"
        whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        for begun in (b"", b"GET / HT", whole + b"GET / HT"):
            with socket.create_connection((address.host, address.port or 0), timeout=PATIENCE_S) as dripping:
                dripping.sendall(begun)
                answered = b""
                while part := dripping.recv(10_000):
                    answered += part
                assert answered.count(b"200 OK") == begun.count(whole)
        add_visit(world, chain, world.clock())
        assert any(line.startswith("event: visit_") for line in lines)


def test_a_body_that_drips_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "BODY_WITHIN_S", 0.2)
    address = httpx.URL(world.url)
    with socket.create_connection((address.host, address.port or 0), timeout=PATIENCE_S) as dripping:
        dripping.sendall(
            b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        assert dripping.recv(10_000).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("path", ["/v1/visits", "/v1/webhooks"])
def test_pages_of_elsewhere_may_read_nothing(world: World, chain: Chain, path: str) -> None:
    owner = world.logged_in(chain.emails["owner"])
    elsewhere = {"Origin": "https://elsewhere.example"}
    answer = owner.get(path, headers=elsewhere)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert owner.options(path, headers=elsewhere | {"Access-Control-Request-Method": "GET"}).status_code == 405


def test_over_tls_browsers_are_told_to_stay_there(world: World) -> None:
    plain = world.client().get("/healthz")
    assert "strict-transport-security" not in plain.headers
    forwarded = world.client().get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert "max-age" in forwarded.headers["strict-transport-security"]


@pytest.mark.parametrize("what", ["search", "uploads"])
def test_who_searches_or_sends_pictures_too_often_is_stopped(world: World, chain: Chain, what: Limited) -> None:
    owner = world.logged_in(chain.emails["owner"])
    actor, (most, window_s) = f"user:{owner.get('/v1/auth/me').json()['user_id']}", RULES[what]
    staff_id = owner.post("/v1/staff", json={"name": "Lan"}).json()["staff_id"]
    asked = {"site_id": str(chain.site_id), "visited_at": world.clock().isoformat()}
    path = {"search": "/v1/rights/find-me", "uploads": f"/v1/staff/{staff_id}/photographs"}[what]

    def send() -> tuple[int, str]:
        answer = owner.post(path, params=asked, content=b"\xff\xd8", headers={"Content-Type": "image/jpeg"})
        return answer.status_code, answer.json()["code"]

    for _ in range(most - 1):
        world.parts.limits.count(what, actor)
    assert send() == (503, "dependency_away"), "nothing looks at pictures here, and it was asked"
    assert send() == (429, "too_many_attempts")
    world.clock.pass_by(window_s + 1)
    assert send() == (503, "dependency_away")


def test_the_pictures_of_live_view_are_no_news_and_those_refused_are(world: World, chain: Chain, logged: Lines) -> None:
    world.add_camera(chain)
    worker = SaidWorker(world, chain)
    [camera] = worker.hold()
    assert worker.show(camera, a_jpeg()).status_code == 200
    assert worker.show(camera, a_jpeg(), lease_id=new_id()).status_code == 409

    def told() -> list[int]:
        answered = [json.loads(line) for line in tuple(logged.lines)]
        return [line["status"] for line in answered if str(line.get("route")).endswith("/picture")]

    assert wait_for(told, "the refusal was told") == [409]
