"""From MinIO's webhook to recognize by way of a Knative Broker: the bridge's own nginx configuration, run for real."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from compose.onebox.place import free_port
from regulars.events import ObjectCreated, parse_events
from tests.conftest import require
from tests.event_receiver import EventReceiver
from tests.infra.kubernetes_files import environment, named, workloads
from tests.nginx_server import find_nginx, wait_until_ready
from tests.waiting import PATIENCE_S, wait_for

TOKEN = EventReceiver.token
KEY = "tracks/t/s/c/2026/03/02/x/track.json"
TOLD = {
    "EventName": "s3:ObjectCreated:Put",
    "Key": f"faces/{KEY}",
    "Records": [
        {
            "eventVersion": "2.0",
            "eventSource": "minio:s3",
            "eventName": "s3:ObjectCreated:Put",
            "s3": {"bucket": {"name": "faces"}, "object": {"key": KEY.replace("/", "%2F")}},
        }
    ],
}


@dataclass(frozen=True)
class Bridge:
    """The bridge's address and what stands behind it: one receiver in the place of the Broker and of recognize."""

    url: str
    behind: EventReceiver
    log: Path


@pytest.fixture
def bridge(event_receiver: EventReceiver, tmp_path: Path) -> Iterator[Bridge]:
    program = find_nginx()
    require(None if program else "nginx is not installed")
    workload = next(one for one in workloads("knative") if one.name == "regulars-events-bridge")
    asked = environment("knative", workload.pod, workload.container("bridge"))
    port, log = free_port(), tmp_path / "dead.log"
    values = {
        "BROKER": event_receiver.url,
        "RECOGNIZE": event_receiver.url.removesuffix("/events"),
        "EVENTS_TOKEN": TOKEN,
        "LISTEN": f"127.0.0.1:{port}",
    }
    assert set(asked) == set(values)
    text = named("knative", "ConfigMap", "regulars-events-bridge")["data"]["bridge.conf.template"]
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    text = text.replace("/tmp/", f"{tmp_path}/").replace("/dev/stdout", str(log))  # noqa: S108 - the pod's own
    # The Broker takes no token, and what stands in its place here does.
    text = text.replace('Authorization "";', f'Authorization "Bearer {TOKEN}";')
    (tmp_path / "bridge.conf").write_text(text)
    process = subprocess.Popen(
        [str(program), "-p", str(tmp_path), "-c", str(tmp_path / "bridge.conf"), "-g", "daemon off;"]
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process, tmp_path)
        yield Bridge(f"http://127.0.0.1:{port}", event_receiver, log)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def test_a_webhook_becomes_a_cloudevent_that_the_trigger_lets_through(bridge: Bridge) -> None:
    mine = TOLD | {"bridge": "to-broker"}
    assert httpx.post(f"{bridge.url}/from-store", json=mine).status_code == 401
    assert httpx.post(f"{bridge.url}/from-store", json=mine, headers=bearer("wrong")).status_code == 401
    assert httpx.post(f"{bridge.url}/from-store", json=mine, headers=bearer(TOKEN)).status_code == 200
    [got] = bridge.behind.wait_for(b"to-broker", lambda found: len(found) == 1)
    attributes = {name.lower().removeprefix("ce-"): value for name, value in got.headers.items()}
    wanted = named("knative", "Trigger", "recognize")["spec"]["filter"]["attributes"]
    assert {name: attributes[name] for name in wanted} == wanted
    assert len(attributes["id"]) >= 16
    assert parse_events(got.body, got.headers) == [ObjectCreated("faces", KEY)]


def test_what_the_trigger_delivers_reaches_recognize_with_its_token(bridge: Bridge) -> None:
    subscriber = named("knative", "Trigger", "recognize")["spec"]["subscriber"]
    event = {"ce-specversion": "1.0", "ce-type": "t", "ce-source": "s", "ce-id": "of-the-broker"}
    answer = httpx.post(bridge.url + subscriber["uri"], json=TOLD | {"bridge": "to-recognize"}, headers=event)
    assert answer.status_code == 200, "the receiver refuses who comes without the token"
    [got] = bridge.behind.wait_for(b"to-recognize", lambda found: len(found) == 1)
    assert parse_events(got.body, got.headers) == [ObjectCreated("faces", KEY)]


def test_a_dead_letter_is_told_by_its_id_and_not_by_what_it_says(bridge: Bridge) -> None:
    uris = {named("knative", kind, name)["spec"]["delivery"]["deadLetterSink"]["uri"] for kind, name in DELIVER}
    [uri] = uris
    headers = {"ce-id": "an-event", "ce-knativeerrorcode": "503"}
    assert httpx.post(bridge.url + uri, json=TOLD, headers=headers).status_code == 202
    # nginx writes the line after it has answered, and writes it whole.
    told = json.loads(wait_for(bridge.log.read_text, "nginx told of the dead letter"))
    assert (told["event"], told["id"], told["code"]) == ("dead_letter", "an-event", "503")
    assert not re.search(r"tracks|faces", bridge.log.read_text())


DELIVER = (("Broker", "tracks"), ("Trigger", "recognize"))


def test_minio_tells_the_target_that_the_bucket_is_told_of() -> None:
    for overlay, endpoint in (("small", "http://regulars-recognize:8090/events"), ("knative", "/from-store")):
        [workload] = [one for one in workloads(overlay) if one.name == "minio"]
        given = environment(overlay, workload.pod, workload.containers[0])
        assert given["MINIO_NOTIFY_WEBHOOK_ENDPOINT_RECOGNIZE"].endswith(endpoint)
        assert given["MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_RECOGNIZE"] == "secret:regulars/regulars_events_token"
        assert given["MINIO_NOTIFY_WEBHOOK_QUEUE_DIR_RECOGNIZE"].startswith("/data/"), "on the volume"
        [bucket] = [one for one in workloads(overlay) if one.name == "regulars-bucket"]
        assert "--tell=arn:minio:sqs::RECOGNIZE:webhook" in bucket.containers[0]["command"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
