"""The templates nearest to a face, in galleries of several sizes: the index as deployed, and what else could be.

Templates are looks of people: a person's looks lie around a centre of their own, as embeddings do, with the pack's
dimension and the cosines that `./run eval` finds between two looks of one person. Searches come one at a time. The
times are waited for, since most contestants work in a process of their own.
"""

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from uuid import UUID

import numpy as np
import psutil

from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from regulars.adapters.vectors_milvus import MilvusVectorIndex
from regulars.domain.faces import FloatArray
from regulars.ids import new_id
from regulars.ports import IndexEntry, VectorIndex
from regulars.settings import Settings
from regulars.wiring import pack_identity
from tests.bench.measuring import OURS, Row, in_turns, percentile, rows_of

SIZES = (10_000, 100_000)
LOOKS, HITS, QUERIES = 5, 50, 100
COSINE_OF_ONE_PERSON = 0.6
COLLECTION = "pack_bench"


class Index(Protocol):
    """A contestant: finds the rows of the gallery nearest to a query."""

    def fill(self, vectors: FloatArray) -> None:
        """Take the gallery, float32 [n, d], each of length 1."""
        ...

    def search(self, query: FloatArray) -> list[int]:
        """Return at most HITS rows, nearest first."""
        ...


@dataclass(frozen=True, slots=True)
class Gallery:
    """Templates float32 [n, d] and queries [q, d], each of length 1; `nearest` [q] is each one's best row."""

    vectors: FloatArray
    queries: FloatArray
    nearest: list[int]


def gallery(size: int, dimension: int, seed: int = 5) -> Gallery:
    """Return looks of size / LOOKS people, and a further look of some of them to ask with."""
    rng = np.random.default_rng(seed)
    people = _unit(rng.normal(size=(size // LOOKS, dimension)))
    apart = float(np.sqrt(1 / COSINE_OF_ONE_PERSON - 1))

    def looks(centres: FloatArray) -> FloatArray:
        return _unit(centres + apart * _unit(rng.normal(size=centres.shape)))

    vectors = looks(np.repeat(people, LOOKS, axis=0))
    queries = looks(people[rng.integers(0, len(people), QUERIES)])
    return Gallery(vectors, queries, (queries @ vectors.T).argmax(axis=1).tolist())


def _unit(vectors: Any) -> FloatArray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


class ThroughPort:
    """An adapter of ours, through the port that recognize uses."""

    def __init__(self, index: VectorIndex) -> None:
        self._index, self._scope, self._rows = index, new_id(), dict[UUID, int]()

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        self._index.drop(COLLECTION)
        self._index.ensure(COLLECTION, vectors.shape[1])
        for begin in range(0, len(vectors), 2000):
            part = [
                IndexEntry(new_id(), self._scope, "customer", new_id(), one) for one in vectors[begin : begin + 2000]
            ]
            self._rows |= {one.template_id: begin + place for place, one in enumerate(part)}
            self._index.upsert(COLLECTION, part)

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        found = self._index.search(COLLECTION, self._scope, "customer", query[None], HITS)
        return [self._rows[hit.template_id] for hit in found[0]]


class Faiss:
    """faiss, flat or HNSW."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._index: Any = None

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        faiss: Any = import_module("faiss")
        faiss.omp_set_num_threads(1)
        self._index = faiss.index_factory(vectors.shape[1], self._kind, faiss.METRIC_INNER_PRODUCT)
        if self._kind != "Flat":
            self._index.hnsw.efConstruction, self._index.hnsw.efSearch = 200, 128
        self._index.add(vectors)

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        return self._index.search(query[None], HITS)[1][0].tolist()


class Hnswlib:
    """hnswlib."""

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        self._index: Any = import_module("hnswlib").Index("ip", vectors.shape[1])
        self._index.init_index(len(vectors), ef_construction=200, M=16)
        self._index.set_ef(128)
        self._index.set_num_threads(1)
        self._index.add_items(vectors, num_threads=1)

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        return self._index.knn_query(query[None], HITS, num_threads=1)[0][0].tolist()


class PgVector:
    """pgvector's HNSW in PostgreSQL."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        ask = self._connection.execute
        ask("create extension if not exists vector")
        ask("drop table if exists looks")
        ask(f"create table looks (row integer primary key, look vector({vectors.shape[1]}))")
        with self._connection.cursor().copy("copy looks from stdin") as copy:
            for row, one in enumerate(vectors):
                copy.write_row((row, f"[{','.join(map(repr, one.tolist()))}]"))
        ask("set maintenance_work_mem = '1GB'")
        ask("create index on looks using hnsw (look vector_ip_ops) with (m = 16, ef_construction = 200)")
        ask("set hnsw.ef_search = 128")

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        asked = f"[{','.join(map(repr, query.tolist()))}]"
        rows = self._connection.execute("select row from looks order by look <#> %s limit 50", (asked,), prepare=True)
        return [row[0] for row in rows.fetchall()]


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of each size of gallery."""
    _, dimension = pack_identity(Settings())
    rows: list[Row] = []
    with servers() as (milvus, postgres):
        for size in SIZES:
            rows += _of(gallery(size, dimension), contestants(milvus, postgres), rounds or 5, say)
    return rows


@contextmanager
def servers() -> Generator[tuple[str, Any]]:
    """Start Milvus Lite and PostgreSQL; yield the URL of the one and a connection to the other."""
    psycopg: Any = import_module("psycopg")
    with ExitStack() as stack:
        place = Place(Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))))
        supervisor = stack.enter_context(Supervisor(place.run_dir))
        milvus, postgres = MilvusLiteServer(place, supervisor), PostgresServer(place, supervisor)
        milvus.start()
        postgres.start()
        connection = stack.enter_context(psycopg.connect(postgres.url, autocommit=True))
        yield milvus.url, connection


def contestants(milvus: str, postgres: Any) -> dict[str, Index]:
    """Return them by name, ours first."""
    return {
        OURS: ThroughPort(MilvusVectorIndex(milvus)),
        "faiss, flat": Faiss("Flat"),
        "faiss, HNSW": Faiss("HNSW16"),
        "hnswlib": Hnswlib(),
        "pgvector, HNSW": PgVector(postgres),
    }


def _of(given: Gallery, indexes: dict[str, Index], rounds: int, say: Callable[[str], None]) -> list[Row]:
    size = f"{len(given.vectors):,} x {given.vectors.shape[1]}"
    filled: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}
    for name, index in indexes.items():
        before, begun_s = _memory_mb(), time.perf_counter()
        index.fill(given.vectors)
        filled[name] = [len(given.vectors) / (time.perf_counter() - begun_s)]
        memory[name] = [max(0.1, _memory_mb() - before)]
        say(f"{size}: {name} filled in {time.perf_counter() - begun_s:.1f} s")
    peers = [name for name in indexes if name != OURS]
    rows = rows_of("search", f"{size}: insert", "templates/s", filled, peers, None)
    rows += rows_of("search", f"{size}: memory", "MB", memory, peers, None)
    recalls = {name: [_recall(index, given)] for name, index in indexes.items()}
    rows += rows_of("search", f"{size}: recall@1", "share", recalls, peers, None)
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        work = {one: partial(_waited_ms, index, given, share) for one, index in indexes.items()}
        rows += rows_of("search", f"{size}: {name}", "ms", in_turns(work, rounds), peers, None)
    return rows


def _waited_ms(index: Index, given: Gallery, share: float) -> float:
    waited: list[float] = []
    for query in given.queries:
        begun_s = time.perf_counter()
        index.search(query)
        waited.append((time.perf_counter() - begun_s) * 1000)
    return percentile(waited, share)


def _recall(index: Index, given: Gallery) -> float:
    """Return of how many queries the first hit is the nearest template."""
    found = [index.search(query)[:1] == [best] for query, best in zip(given.queries, given.nearest, strict=True)]
    return max(0.001, float(np.mean(found)))


def _memory_mb() -> float:
    """Return the resident memory of this process and the servers it started."""
    own, used = psutil.Process(), 0
    for one in [own, *own.children(recursive=True)]:
        with suppress(psutil.Error):
            used += one.memory_info().rss
    return used / 1e6
