"""The templates nearest to a face, in galleries of several sizes: ours, and what could be taken instead.

Templates are looks of people: a person's looks lie around a centre of their own, as embeddings do, with the pack's
dimension and the cosines that `./run eval` finds between two looks of one person. Searches come one at a time.

Ours is the gallery held in memory; its `insert` reads sealed templates from PostgreSQL and opens them. What recognize
waits for is more: `with PostgreSQL's state` asks as it does, up to the proposal. Peers hold copies that nobody keeps up
to date. Large graphs are left out: they take minutes to build, of a million templates a quarter of an hour.
"""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import numpy as np
import psutil

from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from regulars.adapters.vectors_milvus import MilvusVectorIndex
from regulars.domain.exact_search import ExactGallery
from regulars.domain.faces import FloatArray
from regulars.ports import VectorIndex
from regulars.settings import Settings
from regulars.steps.held_galleries import HeldGalleries
from regulars.steps.search_gallery import propose
from regulars.steps.set_up import open_tenant
from regulars.store.migrate import migrate
from regulars.store.session import Engine, as_role, connect, transaction
from regulars.store.templates import Gallery
from regulars.tenancy import PLATFORM, Tenancy
from regulars.wiring import pack_identity
from tests.bench.measuring import OURS, Row, in_turns, percentile, rows_of
from tests.bench.search_peers import HITS, Faiss, Hnswlib, Index, MilvusLite, PgVector
from tests.bench.templates_filled import write_templates
from tests.sealing import DATA_KEYS
from tests.shop import NOON

SIZES = (10_000, 100_000, 1_000_000)
LARGEST_WITH_GRAPHS, LARGEST_IN_PGVECTOR = 100_000, 10_000
WHOLLY_HERE = (OURS, "faiss, flat", "faiss, HNSW", "hnswlib")
LOOKS, QUERIES = 5, 100
COSINE_OF_ONE_PERSON = 0.6


@dataclass(frozen=True, slots=True)
class Looks:
    """Templates float32 [n, d] and queries [q, d], each of length 1; `nearest` [q] is each one's best row."""

    vectors: FloatArray
    queries: FloatArray
    nearest: list[int]


def looks_of(size: int, dimension: int, seed: int = 5) -> Looks:
    """Return looks of size / LOOKS people, and a further look of some of them to ask with."""
    rng = np.random.default_rng(seed)
    people = _unit(rng.normal(size=(size // LOOKS, dimension)))
    apart = float(np.sqrt(1 / COSINE_OF_ONE_PERSON - 1))

    def looks(centres: FloatArray) -> FloatArray:
        return _unit(centres + apart * _unit(rng.normal(size=centres.shape)))

    vectors = looks(np.repeat(people, LOOKS, axis=0))
    queries = looks(people[rng.integers(0, len(people), QUERIES)])
    return Looks(vectors, queries, (queries @ vectors.T).argmax(axis=1).tolist())


def _unit(vectors: Any) -> FloatArray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What recognize searches with."""

    engine: Engine
    vectors: VectorIndex
    held: HeldGalleries = field(default_factory=lambda: HeldGalleries(4_000_000_000))

    def before_index(self) -> None:
        """Let the index be asked."""


class Held:
    """Our gallery in memory, read from PostgreSQL: the first look reads some of it, the rest is read beside."""

    def __init__(self, gallery: Gallery, parts: Parts, row_of: Mapping[UUID, int]) -> None:
        self._gallery, self._parts, self._row_of = gallery, parts, row_of
        self._looks = ExactGallery(0)

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        while len(self._looks) < len(vectors):
            with transaction(self._parts.engine, Tenancy(None, self._gallery.scope_id)) as connection:
                [looked] = self._parts.held.look(connection, [self._gallery], self._parts.engine)
            if looked and looked.looks:
                self._looks = looked.looks
            time.sleep(0.01)

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        return [self._row_of[person] for person in self._looks.nearest(query, HITS, HITS)]


@dataclass(frozen=True, slots=True)
class Servers:
    """What was started: PostgreSQL as its owner and as the application, and through psycopg; Milvus Lite's URL."""

    owner: Engine
    engine: Engine
    plain: Any
    milvus_url: str


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of each size of gallery."""
    _, dimension = pack_identity(Settings())
    rows: list[Row] = []
    with servers() as started:
        for size in SIZES:
            rows += _of(looks_of(size, dimension), started, rounds or 5, say)
    return rows


@contextmanager
def servers() -> Generator[Servers]:
    """Start Milvus Lite and a migrated PostgreSQL."""
    psycopg: Any = import_module("psycopg")
    with ExitStack() as stack:
        place = Place(Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))))
        supervisor = stack.enter_context(Supervisor(place.run_dir))
        milvus, postgres = MilvusLiteServer(place, supervisor), PostgresServer(place, supervisor)
        milvus.start()
        postgres.start()
        owner = connect(postgres.url, pool_size=1, data_keys=DATA_KEYS)
        stack.callback(owner.dispose)
        application = as_role(postgres.url, "regulars_app", place.secret("regulars-app"))
        migrate(owner, application)
        engine = connect(application, pool_size=4, data_keys=DATA_KEYS)
        stack.callback(engine.dispose)
        plain = stack.enter_context(psycopg.connect(postgres.url, autocommit=True))
        yield Servers(owner, engine, plain, milvus.url)


def _of(given: Looks, started: Servers, rounds: int, say: Callable[[str], None]) -> list[Row]:
    size, many = f"{len(given.vectors):,} x {given.vectors.shape[1]}", len(given.vectors)
    with transaction(started.owner, PLATFORM) as connection:
        chain = open_tenant(connection, name=size, site_name="shop", now=NOON, sharing="isolated").tenant
    gallery = Gallery(chain.scope_id, "customer", f"bench{many}")
    people = write_templates(started.owner, gallery, given.vectors, LOOKS, DATA_KEYS)
    row_of = {person: place * LOOKS for place, person in enumerate(people)}
    say(f"{size}: written to PostgreSQL")
    parts = Parts(engine=started.engine, vectors=MilvusVectorIndex(started.milvus_url))
    indexes: dict[str, Index] = {OURS: Held(gallery, parts, row_of), "faiss, flat": Faiss("Flat")}
    if many <= LARGEST_WITH_GRAPHS:
        indexes["Milvus Lite"] = MilvusLite(parts.vectors, gallery, people, row_of)
        indexes |= {"faiss, HNSW": Faiss("HNSW16"), "hnswlib": Hnswlib()}
    if many <= LARGEST_IN_PGVECTOR:
        indexes["pgvector, HNSW"] = PgVector(started.plain)
    rows = _filled(size, given, indexes, say)
    rows += _timed(size, given, indexes, rounds)
    ways = {OURS: _Proposing(gallery, parts)}
    if "Milvus Lite" in indexes:
        ways["by Milvus Lite"] = _Proposing(gallery, replace(parts, held=HeldGalleries(0)))
    return rows + _timed(f"{size}, with PostgreSQL's state", given, ways, rounds)


def _timed(size: str, given: Looks, contestants: Mapping[str, Any], rounds: int) -> list[Row]:
    """Return the times of single searches: waited for, and of this process's own work, where it all happens here."""
    told: dict[str, dict[str, list[float]]] = {}

    def turn(name: str) -> float:
        waited, worked = list[float](), list[float]()
        for query in given.queries:
            begun_s, begun_cpu_s = time.perf_counter(), time.thread_time()
            contestants[name].search(query)
            waited.append((time.perf_counter() - begun_s) * 1000)
            worked.append((time.thread_time() - begun_cpu_s) * 1000)
        for clock, times in (("waited for", waited), ("processor time", worked)):
            for share in ("p50", "p99"):
                figure = percentile(times, float(share[1:]) / 100)
                if clock == "waited for" or name in WHOLLY_HERE:
                    told.setdefault(f"{size}: {share}, {clock}", {}).setdefault(name, []).append(figure)
        return 0.0

    in_turns({name: partial(turn, name) for name in contestants}, rounds)
    # The first turn warmed up.
    after = {case: {name: its[1:] for name, its in of_case.items()} for case, of_case in told.items()}
    return [row for case, of_case in after.items() for row in _compared(case, of_case)]


@dataclass(frozen=True, slots=True)
class _Proposing:
    """A search as recognize waits for it."""

    gallery: Gallery
    parts: Parts

    def search(self, query: FloatArray) -> object:
        """Propose."""
        return propose(query, [self.gallery], Tenancy(None, self.gallery.scope_id), within=self.parts)


def _filled(size: str, given: Looks, indexes: Mapping[str, Index], say: Callable[[str], None]) -> list[Row]:
    filled: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}
    for name, index in indexes.items():
        here = name in WHOLLY_HERE
        before, begun_s = _memory_mb(here), time.perf_counter()
        index.fill(given.vectors)
        filled[name] = [len(given.vectors) / (time.perf_counter() - begun_s)]
        memory[name] = [max(0.1, _memory_mb(here) - before) * 100_000 / len(given.vectors)]
        say(f"{size}: {name} filled in {time.perf_counter() - begun_s:.1f} s")
    recalls = {name: [_recall(index, given)] for name, index in indexes.items()}
    return [
        *_compared(f"{size}: insert", filled, "templates/s"),
        *_compared(f"{size}: memory of 100,000", memory, "MB"),
        *_compared(f"{size}: recall@1", recalls, "share"),
    ]


def _compared(case: str, figures: Mapping[str, list[float]], unit: str = "ms") -> list[Row]:
    return rows_of("search", case, unit, figures, [name for name in figures if name != OURS], None)


def _recall(index: Index, given: Looks) -> float:
    """Return of how many queries the first person found is who the nearest template is of."""
    found = [index.search(query)[0] // LOOKS for query in given.queries]
    return float(np.mean([one == best // LOOKS for one, best in zip(found, given.nearest, strict=True)]))


def _memory_mb(here: bool) -> float:
    """Return the resident memory of this process, and where not all happens here of the servers it started."""
    own, used = psutil.Process(), 0
    for one in [own] if here else [own, *own.children(recursive=True)]:
        with suppress(psutil.Error):
            used += one.memory_info().rss
    return used / 1e6
