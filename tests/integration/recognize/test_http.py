"""The function over HTTP, with real events of the object store's dialect, and what it answers when it cannot work."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from functions.recognize.app import MOST_AT_ONCE
from regulars.errors import DependencyAway
from regulars.events import MAX_BODY_BYTES
from regulars.steps.held_galleries import HeldGalleries
from regulars.steps.lost_tracks import YOUNGEST, find_lost_tracks
from regulars.steps.recognize import Recognizer
from regulars.steps.rest_after_failure import RestAfterFailure
from regulars.store.session import connect
from tests.recognize_server import BEARER, TOKEN, serving
from tests.shop import Shop, at
from tests.visits_seen import visits_of
from tests.waiting import PATIENCE_S, wait_for


def wait_until_ready(serves: httpx.Client) -> None:
    def ready() -> bool:
        told = serves.get("/readyz")
        assert told.status_code == 200 or told.headers["Retry-After"]
        return told.status_code == 200

    wait_for(ready, "recognize was ready")


@pytest.fixture
def client(recognizer: Recognizer) -> Iterator[httpx.Client]:
    with serving(recognizer) as serves:
        wait_until_ready(serves)
        yield serves


def minio_event(*keys: str) -> dict[str, Any]:
    return {
        "Records": [
            {"eventName": "s3:ObjectCreated:Put", "s3": {"bucket": {"name": "faces"}, "object": {"key": key}}}
            for key in keys
        ]
    }


def test_an_event_becomes_a_visit(client: httpx.Client, shop: Shop) -> None:
    keys = [shop.walk_in(person, at(person)) for person in (1, 2)]
    told = client.post("/events", headers=BEARER, json=minio_event(*keys))
    assert (told.status_code, told.json()) == (200, {"handled": 2, "set_aside": 0})
    again = client.post("/events", headers=BEARER, json={"key": keys[0]})
    assert again.json() == {"handled": 1, "set_aside": 0}
    assert len(visits_of(shop)) == 2


def test_a_track_of_no_use_is_answered_as_done_so_that_nobody_repeats_it(client: httpx.Client, shop: Shop) -> None:
    bad, good = shop.write(shop.manifest(at(0)), b"junk"), shop.walk_in(1, at(1))
    told = client.post("/events", headers=BEARER, json=minio_event(bad, good))
    assert (told.status_code, told.json()) == (200, {"handled": 1, "set_aside": 1})


def test_events_of_other_objects_are_nothing_to_do(client: httpx.Client) -> None:
    told = client.post("/events", headers=BEARER, json=minio_event("tracks/a/b/c/2026/03/02/d/shot-0.jpg"))
    assert told.json() == {"handled": 0, "set_aside": 0}


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}])
def test_without_the_token_nothing_is_done(given: dict[str, str], client: httpx.Client, shop: Shop) -> None:
    told = client.post("/events", headers=given, json={"key": shop.walk_in(1, at(0))})
    assert (told.status_code, told.json()["code"]) == (401, "not_authenticated")
    assert visits_of(shop) == []


def test_what_was_refused_while_the_token_was_rotated_is_found_later(recognizer: Recognizer, shop: Shop) -> None:
    key, day, rotated = shop.walk_in(1, at(0)), at(0).date(), "the token after"
    with serving(recognizer, rotated) as client:
        wait_until_ready(client)
        assert client.post("/events", headers=BEARER, json=minio_event(key)).status_code == 401
        lost = find_lost_tracks(
            engine=recognizer.engine,
            objects=recognizer.objects,
            now=datetime.now(UTC) + YOUNGEST * 2,
            since=day,
            until=day,
            tenant_name=shop.tenant.name,
        )
        assert [one for found in lost for one in found.keys] == [key]
        told = client.post("/events", headers={"Authorization": f"Bearer {rotated}"}, json={"key": key})
        assert told.json() == {"handled": 1, "set_aside": 0}
    assert len(visits_of(shop)) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"{", "bad_json"), (b'{"hello": 1}', "unknown_event"), (b" " * (MAX_BODY_BYTES + 1), "event_too_large")],
)
def test_what_is_no_event_is_refused_and_the_function_lives_on(body: bytes, reason: str, client: httpx.Client) -> None:
    told = client.post("/events", headers=BEARER, content=body)
    assert (told.status_code, told.json()["reason"]) == (422, reason)
    assert client.get("/healthz").status_code == 200


def test_it_is_ready_when_all_three_dependencies_answer(client: httpx.Client) -> None:
    wait_for(lambda: set(client.get("/readyz").json().values()) == {"ready", "ok"}, "all were told to answer")


class ObjectsAreAway:
    """An object store that never answers, in the place of a server that is down."""

    def get(self, key: str, max_bytes: int) -> bytes:
        raise DependencyAway("away for this test")

    def check(self) -> None:
        raise DependencyAway("away for this test")

    def list(self, prefix: str) -> object:
        raise DependencyAway("away for this test")


class IndexIsAway:
    """An index that never answers, in the place of a server that is down: the real client waits for 10 s each time."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        def ask(*_: object, **__: object) -> None:
            raise DependencyAway("away for this test")

        return ask


def test_a_dependency_that_is_away_asks_the_sender_to_come_again(recognizer: Recognizer, shop: Shop) -> None:
    key = shop.walk_in(1, at(0))
    with serving(replace(recognizer, objects=ObjectsAreAway())) as client:

        def tell() -> httpx.Response | None:
            told = client.post("/events", headers=BEARER, json={"key": key})
            assert told.status_code == 503
            return None if "compared" in told.json()["detail"] else told

        told = wait_for(tell, "the index was compared")
        assert (told.status_code, told.json()["code"]) == (503, "dependency_away")
        assert int(told.headers["Retry-After"]) > 0
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
    assert visits_of(shop) == []


def test_it_starts_and_recognizes_small_galleries_while_the_index_is_down(recognizer: Recognizer, shop: Shop) -> None:
    away = replace(recognizer, vectors=IndexIsAway(), held=HeldGalleries())
    key = shop.walk_in(1, at(0))
    with serving(replace(away, index_rests=RestAfterFailure())) as client:
        told = client.post("/events", headers=BEARER, json={"key": key})
        assert (told.status_code, told.json()) == (200, {"handled": 1, "set_aside": 0})
        wait_until_ready(client)
        assert client.get("/readyz").json()["vectors"] == "dependency_away"
    with serving(replace(away, held=HeldGalleries(0))) as client:
        told = client.post("/events", headers=BEARER, json={"key": shop.walk_in(1, at(60))})
        assert (told.status_code, told.json()["code"]) == (503, "dependency_away"), "a larger one has to ask the index"
    assert len(visits_of(shop)) == 1


class ObjectsAreSlow(ObjectsAreAway):
    """An object store that gives nothing before `open` is set, in the place of one that is asked for too much."""

    def __init__(self) -> None:
        self.asked, self.open = threading.Semaphore(0), threading.Event()

    def get(self, key: str, max_bytes: int) -> bytes:
        self.asked.release()
        self.open.wait()
        return super().get(key, max_bytes)

    def check(self) -> None:
        pass


def test_it_tells_that_it_is_ready_while_more_events_wait_than_it_has_threads(
    recognizer: Recognizer, shop: Shop
) -> None:
    slow, key = ObjectsAreSlow(), shop.walk_in(1, at(0))
    with (
        serving(replace(recognizer, objects=slow)) as client,
        ThreadPoolExecutor(MOST_AT_ONCE + 4) as senders,
    ):
        try:
            wait_until_ready(client)
            sent = [
                senders.submit(client.post, "/events", headers=BEARER, json={"key": key})
                for _ in range(MOST_AT_ONCE + 4)
            ]
            for _ in range(MOST_AT_ONCE):
                assert slow.asked.acquire(timeout=PATIENCE_S)
            wait_until_ready(client)
        finally:
            slow.open.set()
        assert {one.result().status_code for one in sent} == {503}


def test_it_starts_while_postgresql_is_down(recognizer: Recognizer) -> None:
    nowhere = connect("postgresql://regulars_app:none@127.0.0.1:9/regulars")
    with serving(replace(recognizer, engine=nowhere)) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        told = client.post("/events", headers=BEARER, content=json.dumps({"key": "tracks/x/track.json"}))
        assert told.status_code == 503
    nowhere.dispose()


def test_tracks_of_before_the_start_are_found_by_themselves(recognizer: Recognizer, shop: Shop) -> None:
    shop.walk_in(1, datetime.now(UTC))
    in_a_minute = replace(recognizer, clock=lambda: datetime.now(UTC) + timedelta(minutes=1))
    with serving(in_a_minute):
        wait_for(lambda: visits_of(shop), "the track was found")
    assert len(visits_of(shop)) == 1
