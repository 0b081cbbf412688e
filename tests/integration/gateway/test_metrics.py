"""What Prometheus reads of the gateway, and who may: figures by route and state, nobody's name."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from functions.gateway.app import create_app
from regulars.settings import Settings
from tests.figures_told import FIGURES, families
from tests.integration.gateway.conftest import Chain, World, serving
from tests.integration.gateway.webhook_events import happen, make
from tests.waiting import wait_for
from tests.webhook_receiver import WebhookReceiver

TOKEN = {"Authorization": "Bearer of-prometheus"}


@pytest.fixture
def measured(gateway_settings: Settings) -> Iterator[httpx.Client]:
    """A client of a gateway that tells its figures."""
    settings = gateway_settings.model_copy(update={"metrics_token": "of-prometheus"})
    with serving(create_app(settings)) as url, httpx.Client(base_url=url) as client:
        yield client


def figures(client: httpx.Client) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200, answer.text
    families = text_string_to_metric_families(answer.text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def up(client: httpx.Client) -> dict[str, float]:
    """Return of each dependency whether it is told to answer."""
    return {
        dict(labels)["dependency"]: value for (name, labels), value in figures(client).items() if name.endswith("_up")
    }


def test_figures_are_told_to_who_has_the_token_and_only_where_there_is_one(
    world: World, measured: httpx.Client
) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert measured.get("/metrics", headers=headers).status_code == 404
    assert world.client().get("/metrics", headers=TOKEN).status_code == 404
    assert "/metrics" not in measured.get("/openapi.json").text


def test_requests_outbox_cameras_and_dependencies_are_counted_without_a_name(
    world: World, chain: Chain, measured: httpx.Client
) -> None:
    one = frozenset({("method", "GET"), ("route", "/v1/visits/{visit_id}"), ("status", "401")})
    unknown = frozenset({("method", "GET"), ("route", "-"), ("status", "404")})
    world.add_camera(chain)
    owner = world.logged_in(chain.emails["owner"])
    with WebhookReceiver() as receiver:
        make(owner, receiver)
        happen(world, chain)
        world.clock.pass_by(90)
        for path in ("/v1/visits", f"/v1/visits/{chain.tenant_id}", "/nothing/secret-path"):
            measured.get(path)
        # A request is counted when its answer has already gone out.
        wait_for(lambda: {one, unknown} <= {labels for _, labels in figures(measured)}, "all requests were counted")
        told = figures(measured)
        world.parts.courier.run()
    assert told["regulars_http_request_seconds_count", one] == 1
    assert told["regulars_http_request_seconds_count", unknown] == 1
    assert told["regulars_cameras_wanted", frozenset()] >= 1
    assert told["regulars_cameras_leased", frozenset()] <= told["regulars_cameras_wanted", frozenset()]
    assert told["regulars_outbox_waiting", frozenset()] >= 1
    assert told["regulars_outbox_oldest_seconds", frozenset()] > 0
    assert sum(value for (name, _), value in told.items() if name == "regulars_cameras") >= 1
    # What answers a second late, as on a busy machine, is told to be away.
    wait_for(lambda: up(measured) == {"postgresql": 1, "objects": 1, "recognize": 0}, "what is up was told so")
    text = measured.get("/metrics", headers=TOKEN).text
    assert families(text) == FIGURES["gateway"]
    assert "Phở" not in text
    assert str(chain.tenant_id) not in text


def test_who_reads_a_stream_is_counted_while_it_is_open(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    meter = world.parts.meter
    with owner.stream("GET", "/v1/live") as answer:
        assert answer.status_code == 200
        assert b'regulars_http_answers_open{route="/v1/live"} 1.0' in meter.text()


def test_with_postgresql_away_that_is_what_is_told(gateway_settings: Settings) -> None:
    away = {
        "database_url": "postgresql://regulars_app:of-the-tests@127.0.0.1:1/regulars",
        "metrics_token": "of-prometheus",
    }
    app = create_app(gateway_settings.model_copy(update=away))
    with serving(app) as url, httpx.Client(base_url=url) as client:
        wait_for(lambda: up(client)["objects"] == 1, "the object store was told to answer")
        assert up(client)["postgresql"] == 0


@pytest.mark.parametrize("counted", [10**30, -1])
def test_a_worker_that_counts_nonsense_spoils_no_figure(
    world: World, chain: Chain, measured: httpx.Client, counted: int
) -> None:
    world.add_camera(chain)
    [camera] = world.beat(chain.worker_key, "box", 1).cameras
    told = {"camera_id": str(camera.camera_id), "lease_id": str(camera.lease_id), "state": "running"}
    beat = {"worker_id": "box", "capacity": 1, "states": [told | {"counters": {"tracks_lost": counted}}]}
    key = {"Authorization": f"Bearer {chain.worker_key}"}
    assert world.client().post("/v1/worker/heartbeat", headers=key, json=beat).status_code == 422
    assert figures(measured)["regulars_tracks_lost", frozenset()] >= 0
