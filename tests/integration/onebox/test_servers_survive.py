"""The embedded servers keep what they were given: through kill -9, a restart, and ports that others took."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import numpy as np
import psycopg
import pytest

from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.adapters.vectors_milvus import MilvusVectorIndex
from regulars.errors import DependencyAway
from regulars.ports import IndexEntry
from tests.waiting import wait_for

AWAY = (psycopg.OperationalError, DependencyAway)


@pytest.fixture
def home(tmp_path: Path) -> Place:
    return Place(tmp_path / "data")


@pytest.fixture
def keeping(home: Place) -> Iterator[Supervisor]:
    with Supervisor(home.run_dir) as supervisor:
        yield supervisor


def kill(supervisor: Supervisor, name: str) -> None:
    pid = supervisor.pid(name)
    assert pid
    os.kill(pid, signal.SIGKILL)


def rows(url: str) -> int:
    with psycopg.connect(url, connect_timeout=60) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert found
    return int(found[0])


def test_postgres_keeps_what_it_committed(home: Place, keeping: Supervisor) -> None:
    server = PostgresServer(home, keeping)
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
    for _ in range(2):
        kill(keeping, "postgres")
        assert wait_for(lambda: rows(server.url), "PostgreSQL was back", despite=AWAY) == 1000
    server.stop()
    again = PostgresServer(home, keeping)
    again.start()
    assert again.url == server.url
    assert rows(again.url) == 1000


def test_postgres_asks_for_its_password(postgres_server: PostgresServer) -> None:
    for wrong in (postgres_server.url.replace("postgres:", "postgres:x", 1), f"{postgres_server.url}x"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong, connect_timeout=60)


def test_postgres_logs_neither_statements_nor_values(home: Place, keeping: Supervisor) -> None:
    server = PostgresServer(home, keeping)
    server.start()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (phone text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('0901234567')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES ('0901234567')")
    server.stop()
    log = home.log("postgres").read_text()
    assert "people_phone_key" in log
    assert "0901234567" not in log


def test_postgres_starts_over_a_lock_whose_process_is_another_program(home: Place, keeping: Supervisor) -> None:
    server = PostgresServer(home, keeping)
    server.start()
    lock = home.root / "postgres" / "data" / "postmaster.pid"
    content = lock.read_text()
    server.stop()
    lock.write_text(content.replace(content.split("\n")[0], str(os.getpid()), 1))
    server.start()
    assert psycopg.connect(server.url).close() is None


def test_the_store_keeps_its_objects_and_its_events(home: Place, keeping: Supervisor) -> None:
    server = SeaweedServer(home, keeping)
    server.start()
    store = S3ObjectStore(server.url)
    for number in range(20):
        store.put(f"tracks/{number}/track.json", b"{}", "application/json")
    kill(keeping, "objects")
    assert wait_for(lambda: store.get("tracks/19/track.json", 10), "the store was back", despite=AWAY) == b"{}"
    assert len(list(store.list("tracks/"))) == 20

    def written() -> bool:
        store.put("tracks/new/track.json", b"{}", "application/json")
        return True

    wait_for(written, "the store took objects again", despite=AWAY)


def test_the_store_shows_no_face_without_a_signature(object_store_server: SeaweedServer, place: Place) -> None:
    store = S3ObjectStore(object_store_server.url)
    store.put(f"tracks/{uuid4()}/shot-0.jpg", b"face", "image/jpeg")
    [shot, *_] = [info.key for info in store.list("tracks/") if info.key.endswith("shot-0.jpg")]
    for part in ("s3", "filer"):
        port = place.pinned_port(f"objects-{part}")
        where = f"http://127.0.0.1:{port}/{'' if part == 's3' else 'buckets/'}faces/{shot}"
        for ask in (httpx.get, httpx.delete, httpx.put):
            assert ask(where).status_code in {401, 403}


def test_the_index_keeps_its_templates(home: Place, keeping: Supervisor) -> None:
    server = MilvusLiteServer(home, keeping)
    server.start()
    index = MilvusVectorIndex(server.url)
    index.ensure("pack", 8)
    vectors = np.eye(8, dtype=np.float32)
    scope_id = uuid4()
    entries = [IndexEntry(uuid4(), scope_id, "customer", uuid4(), vector) for vector in vectors]
    index.upsert("pack", entries)
    kill(keeping, "vectors")
    found = wait_for(lambda: index.search("pack", scope_id, "customer", vectors, 1), "the index was back", despite=AWAY)
    assert [hits[0].template_id for hits in found] == [entry.template_id for entry in entries]

    def written() -> bool:
        index.upsert("pack", entries[:1])
        return True

    wait_for(written, "the index took templates again", despite=AWAY)
    assert len(list(index.template_ids("pack"))) == 8


def test_a_taken_port_moves_the_server_and_keeps_its_data(home: Place) -> None:
    with Supervisor(home.run_dir) as keeping:
        postgres, objects = PostgresServer(home, keeping), SeaweedServer(home, keeping)
        postgres.start()
        objects.start()
        with psycopg.connect(postgres.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1")
        S3ObjectStore(objects.url).put("tracks/a/track.json", b"{}", "application/json")
    taken = [postgres.port, *(home.pinned_port(f"objects-{part}") for part in ("s3", "master", "volume", "filer"))]
    others = [socket.create_server(("127.0.0.1", port)) for port in taken]
    try:
        with Supervisor(home.run_dir) as keeping:
            moved, elsewhere = PostgresServer(home, keeping), SeaweedServer(home, keeping)
            moved.start()
            elsewhere.start()
            assert {moved.port, elsewhere.port}.isdisjoint(taken)
            assert rows(moved.url) == 1
            assert S3ObjectStore(elsewhere.url).get("tracks/a/track.json", 10) == b"{}"
    finally:
        for other in others:
            other.close()
