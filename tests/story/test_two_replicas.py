"""Two recognize processes behind one object store: the same person, in the same second, is one customer, one visit."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from compose.onebox.place import free_port
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.settings import CHECKOUT
from tests.shop import Shop, at
from tests.story.replica import TOKEN
from tests.visits_seen import people, sightings_of, templates, visits_of
from tests.waiting import PATIENCE_S, wait_for


class Replica:
    """One recognize process; `stop` ends it as an orchestrator does, `kill` as a power cut does."""

    def __init__(self, engine: Engine, objects_url: str, vectors_url: str, log: Path) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self._log = log
        database_url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with log.open("wb") as opened:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.story.replica", database_url, objects_url, vectors_url, str(port)],
                cwd=CHECKOUT,
                stderr=opened,
            )

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, self._log.read_text()[-2000:]
            return httpx.get(f"{self.url}/readyz").status_code == 200

        wait_for(ready, f"the replica was ready, of which {self._log} tells", despite=(httpx.TransportError,))

    def tell(self, key: str) -> dict[str, int]:
        answer = httpx.post(f"{self.url}/events", json={"key": key}, headers={"Authorization": f"Bearer {TOKEN}"})
        answer.raise_for_status()
        return answer.json()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE_S)


@pytest.fixture
def replicas(
    engine: Engine, object_store_server: SeaweedServer, milvus_server: MilvusLiteServer, tmp_path: Path
) -> Iterator[list[Replica]]:
    with ExitStack() as ending:
        made: list[Replica] = []
        for number in range(2):
            log = tmp_path / f"replica-{number}.log"
            made.append(Replica(engine, object_store_server.url, milvus_server.url, log))
            ending.callback(made[-1].end)
        for replica in made:
            replica.wait_until_ready()
        yield made


def test_the_same_person_at_two_doors_in_one_second(shop: Shop, replicas: list[Replica]) -> None:
    pairs = [
        [shop.walk_in(person, at(person), camera=0), shop.walk_in(person, at(person, 0.4), camera=1)]
        for person in range(6)
    ]
    with ThreadPoolExecutor(2) as pool:
        for pair in pairs:
            for wait in [pool.submit(replica.tell, key) for replica, key in zip(replicas, pair, strict=True)]:
                assert wait.result() == {"handled": 1, "set_aside": 0}
    assert people(shop) == 6
    assert [visit.sightings for visit in visits_of(shop)] == [2] * 6
    assert all(indexed_at for _, indexed_at in templates(shop))


def test_one_event_told_to_both_is_one_sighting(shop: Shop, replicas: list[Replica]) -> None:
    keys = [shop.walk_in(person, at(person)) for person in range(4)]
    with ThreadPoolExecutor(8) as pool:
        waits = [pool.submit(replica.tell, key) for key in keys for replica in replicas]
        assert [wait.result() for wait in waits] == [{"handled": 1, "set_aside": 0}] * 8
    assert len(sightings_of(shop)) == 4
    assert [visit.sightings for visit in visits_of(shop)] == [1] * 4


def test_a_replica_that_is_killed_in_the_middle_loses_and_doubles_nothing(shop: Shop, replicas: list[Replica]) -> None:
    keys = [shop.walk_in(person, at(person, 20 * again)) for person in range(8) for again in range(2)]
    dying, living = replicas
    with ThreadPoolExecutor(4) as pool:
        waits = [pool.submit(dying.tell, key) for key in keys]
        # The thread that hears the first answer kills before it tells of another track.
        waits[0].add_done_callback(lambda _: dying.process.kill())
        answered = [wait.exception() is None for wait in waits]
    assert answered.count(False) > 0, "it was killed too late to try anything"
    for key in keys:
        assert living.tell(key) == {"handled": 1, "set_aside": 0}
    assert people(shop) == 8
    assert [visit.sightings for visit in visits_of(shop)] == [2] * 8
