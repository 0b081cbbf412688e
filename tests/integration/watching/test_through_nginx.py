"""The gateway behind a real nginx with the configuration of production."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.gateway.conftest import PASSWORD, Chain, World
from tests.integration.gateway.seeding import add_visit
from tests.integration.gateway.test_live import listening
from tests.integration.watching.said_worker import SaidWorker, a_jpeg
from tests.integration.watching.test_live_view import held_camera
from tests.integration.watching.viewer import Viewer
from tests.nginx_server import nginx_before

SECURITY = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "cache-control",
)


@pytest.fixture
def outside(world: World, tmp_path: Path) -> Iterator[str]:
    """The address of nginx, before the gateway and a portal of two files."""
    portal = tmp_path / "portal"
    (portal / "assets").mkdir(parents=True)
    (portal / "index.html").write_text("<!doctype html><title>portal</title>")
    (portal / "assets" / "app-1a2b.js").write_text("export const words = {};\n" * 200)
    with nginx_before(world.url, tmp_path, portal) as url:
        yield url


def client_of(world: World, chain: Chain, url: str) -> httpx.Client:
    client = httpx.Client(base_url=url)
    world.clients.append(client)
    login = client.post("/v1/auth/login", json={"email": chain.emails["owner"], "password": PASSWORD})
    assert login.status_code == 200, login.text
    return client


def test_a_login_and_what_it_may_see_and_every_header_once(world: World, chain: Chain, outside: str) -> None:
    client = client_of(world, chain, outside)
    cameras = client.get("/v1/cameras")
    assert cameras.json()["items"] == []
    for answer in (cameras, client.get("/"), client.get("/customers/any")):
        assert [len(answer.headers.get_list(name)) for name in SECURITY] == [1] * len(SECURITY)
    assert "portal" in client.get("/customers/any").text
    assert client.get("/assets/gone.js").status_code == 404
    assert "immutable" in client.get("/assets/app-1a2b.js").headers["cache-control"]
    assert client.get("/assets/app-1a2b.js").headers["content-encoding"] == "gzip"
    assert client.get("/openapi.json").headers["content-encoding"] == "gzip"
    for inside in ("/metrics", "/readyz"):
        assert "portal" in client.get(inside).text
    assert "server" not in {name for name in cameras.headers if "nginx/" in cameras.headers[name]}


def test_what_happens_is_told_while_the_stream_is_open(world: World, chain: Chain, outside: str) -> None:
    with listening(world, client_of(world, chain, outside)) as page:
        assert page.next().kind == "ready"
        for _ in range(2):
            visit_id = add_visit(world, chain, world.clock())
            assert page.next().data["subject_id"] == str(visit_id)


def test_live_view_arrives_picture_by_picture_and_a_slow_viewer_skips(world: World, chain: Chain, outside: str) -> None:
    worker, camera = held_camera(world, chain)
    client, read_on = client_of(world, chain, outside), threading.Event()
    with Viewer(client, [camera.camera_id]) as quick, Viewer(client, [camera.camera_id], read_on) as slow:
        for shade in (10, 90, 200):
            worker.show(camera, a_jpeg(shade))
            assert quick.next("picture").jpeg == a_jpeg(shade)
        for number in range(40):
            worker.show(camera, a_jpeg(number % 2, (540, 960), noisy=True))
        worker.show(camera, a_jpeg())
        quick.next("picture", lambda message: message.jpeg == a_jpeg())
        read_on.set()
        seen = 0
        while slow.next("picture").jpeg != a_jpeg():
            seen += 1
    assert seen < 40


def test_a_worker_hears_of_a_wish_at_once(world: World, chain: Chain, outside: str) -> None:
    _, camera = held_camera(world, chain)
    worker = SaidWorker(world, chain, url=outside)
    told = worker.told_to_watch([camera.camera_id])
    with Viewer(client_of(world, chain, outside), [camera.camera_id]):
        told.result()
        assert worker.show(camera, a_jpeg()).json() == {"watched": True}


def test_too_large_a_body_is_refused_as_a_problem_by_the_gateway_and_beyond_it_by_nginx(
    world: World, chain: Chain, outside: str
) -> None:
    client = client_of(world, chain, outside)
    for size in (2_000_000, 14_000_000):
        answer = client.post("/v1/cameras", content=b" " * size, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert answer.json()["code"] == "too_large"


def test_a_gateway_that_is_away_is_told_as_a_problem(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("portal")
    with nginx_before("http://127.0.0.1:9", tmp_path, tmp_path) as url:
        answer = httpx.get(f"{url}/v1/cameras")
    assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (503, "dependency_away", True)
