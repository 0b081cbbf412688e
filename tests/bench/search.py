"""The templates nearest to a face, in galleries of several sizes: ours, and what could be taken instead.

Searches come one at a time. A graph finds more the more of its nodes a search looks at: each looks at as few as find
what ours finds, or at as many as it may, and its recall@1 stands beside its name. Peers hold copies that nobody keeps
up to date. What recognize waits for is more: `with PostgreSQL's state` asks as it does, up to the proposal.

`search_million` does the same with a million, which takes a quarter of an hour: few peers are filled so far, and what
is left out is said. A graph of a million is built by all processors.
"""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

import numpy as np
import psutil

from regulars.adapters.vectors_milvus import MilvusVectorIndex
from regulars.settings import Settings
from regulars.steps.held_galleries import HeldGalleries
from regulars.steps.set_up import open_tenant
from regulars.store.session import transaction
from regulars.store.templates import Gallery
from regulars.tenancy import PLATFORM
from regulars.wiring import pack_identity
from tests.bench.measuring import OURS, Row, in_turns, percentile, rows_of
from tests.bench.search_looks import LOOKS, Looks, looks_of
from tests.bench.search_ours import Held, Parts, Proposing, Servers, servers
from tests.bench.search_peers import Faiss, FaissGraph, Graph, Hnswlib, Index, MilvusLite, PgVector
from tests.bench.templates_filled import write_templates
from tests.sealing import DATA_KEYS
from tests.shop import NOON

SIZES = (10_000, 100_000)
LARGEST = {
    "Milvus Lite": (100_000, "a search of it takes as long as the gallery is large"),
    "hnswlib": (100_000, "its graph is faiss', and takes as long to build"),
    "pgvector, HNSW": (100_000, "its graph takes a quarter of an hour to build"),
}
WIDTHS = (64, 96, 128, 192, 256, 512, 1000, 2000)
TIMED, ASKED_OF_SERVERS = 200, 200


def run(rounds: int | None, say: Callable[[str], None], sizes: Sequence[int] = SIZES) -> list[Row]:
    """Return the rows of each size of gallery."""
    _, dimension = pack_identity(Settings())
    rows: list[Row] = []
    with servers() as started:
        for size in sizes:
            rows += _of(looks_of(size, dimension), started, rounds or 5, say)
    return rows


def _of(given: Looks, started: Servers, rounds: int, say: Callable[[str], None]) -> list[Row]:
    size, many = f"{len(given.vectors):,} x {given.vectors.shape[1]}", len(given.vectors)
    with transaction(started.owner, PLATFORM) as connection:
        chain = open_tenant(connection, name=size, site_name="shop", now=NOON, sharing="isolated").tenant
    gallery = Gallery(chain.scope_id, "customer", f"bench{many}")
    people = write_templates(started.owner, gallery, given.vectors, LOOKS, DATA_KEYS)
    row_of = {person: place * LOOKS for place, person in enumerate(people)}
    say(f"{size}: written to PostgreSQL")
    parts = Parts(engine=started.engine, vectors=MilvusVectorIndex(started.milvus_url))
    ours = Held(row_of)
    peers: dict[str, Index] = {
        "faiss, flat": Faiss(),
        "faiss, HNSW": FaissGraph(),
        "hnswlib": Hnswlib(),
        "pgvector, HNSW": PgVector(started.plain),
        "Milvus Lite": MilvusLite(parts.vectors, gallery, people, row_of),
    }
    for name, (largest, why) in LARGEST.items():
        if many > largest:
            del peers[name]
            say(f"{size}: {name} is left out: {why}")
    rows = _filled(size, given, {OURS: ours, **peers}, say)
    named, recalls = _at_equal_recall(size, given, ours, peers, say)
    rows += [*_compared(f"{size}: recall@1", recalls, "share"), *_timed(size, given, named, rounds)]
    ways = {OURS: Proposing(gallery, parts)}
    rows += _read(size, many, ours, gallery, parts, say)
    if "Milvus Lite" in peers:
        ways["by Milvus Lite"] = Proposing(gallery, replace(parts, held=HeldGalleries(0)))
    return rows + _timed(f"{size}, with PostgreSQL's state", given, ways, rounds)


def _filled(size: str, given: Looks, indexes: Mapping[str, Index], say: Callable[[str], None]) -> list[Row]:
    filled: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}
    for name, index in indexes.items():
        before, begun_s = _memory_mb(index.here), time.perf_counter()
        index.fill(given.vectors)
        filled[name] = [len(given.vectors) / (time.perf_counter() - begun_s)]
        memory[name] = [max(0.1, _memory_mb(index.here) - before) * 100_000 / len(given.vectors)]
        say(f"{size}: {name} filled in {time.perf_counter() - begun_s:.1f} s")
    return [
        *_compared(f"{size}: insert", filled, "templates/s"),
        *_compared(f"{size}: memory of 100,000", memory, "MB"),
    ]


def _read(size: str, many: int, ours: Held, gallery: Gallery, parts: Parts, say: Callable[[str], None]) -> list[Row]:
    """Return how many a second are read from PostgreSQL and opened, and what they take by our own count."""
    begun_s = time.perf_counter()
    ours.read(gallery, parts)
    took_s = time.perf_counter() - begun_s
    say(f"{size}: read from PostgreSQL in {took_s:.1f} s")
    counted = {OURS: [ours.size_bytes / many * 100_000 / 1e6]}
    return [
        *_compared(f"{size}: read from PostgreSQL and opened", {OURS: [many / took_s]}, "templates/s"),
        *_compared(f"{size}: memory of 100,000, by our own count", counted, "MB"),
    ]


def _at_equal_recall(
    size: str, given: Looks, ours: Index, peers: Mapping[str, Index], say: Callable[[str], None]
) -> tuple[dict[str, Index], dict[str, list[float]]]:
    """Widen graphs until they find what we find; return contestants by a name that tells recall, and recalls."""
    wanted = _recall(ours, given)
    named, recalls = {OURS: ours}, {OURS: [wanted]}
    for name, index in peers.items():
        recall, told = 0.0, name
        for told in _widths(name, index):
            recall = _recall(index, given)
            say(f"{size}: {told}: recall@1 {recall:.4f}")
            if recall >= wanted:
                break
        known = f"{told}, recall@1 {recall:.3f}"
        named[known], recalls[known] = index, [recall]
    return named, recalls


def _widths(name: str, index: Index) -> Generator[str]:
    """Let a graph look at more and more nodes, and tell how many; what is no graph has one width."""
    if not isinstance(index, Graph):
        yield name
        return
    for width in WIDTHS:
        if width <= index.most:
            index.look_at(width)
            yield f"{name} at {width}"


def _recall(index: Index, given: Looks) -> float:
    """Return of how many queries the first person found is who the nearest template is of."""
    many = len(given.queries) if index.here else ASKED_OF_SERVERS
    pairs = zip(given.queries[:many], given.nearest[:many], strict=True)
    return float(np.mean([index.search(query)[0] // LOOKS == best // LOOKS for query, best in pairs]))


def _timed(
    size: str, given: Looks, contestants: Mapping[str, Index] | Mapping[str, Proposing], rounds: int
) -> list[Row]:
    """Return the times of single searches: waited for, and of this process's own work, where it all happens here."""
    told: dict[str, dict[str, list[float]]] = {}

    def turn(name: str) -> float:
        waited, worked = list[float](), list[float]()
        for query in given.queries[:TIMED]:
            begun_s, begun_cpu_s = time.perf_counter(), time.thread_time()
            contestants[name].search(query)
            waited.append((time.perf_counter() - begun_s) * 1000)
            worked.append((time.thread_time() - begun_cpu_s) * 1000)
        for clock, times in (("waited for", waited), ("processor time", worked)):
            for share in ("p50", "p99"):
                figure = percentile(times, float(share[1:]) / 100)
                if clock == "waited for" or getattr(contestants[name], "here", False):
                    told.setdefault(f"{size}: {share}, {clock}", {}).setdefault(name, []).append(figure)
        return 0.0

    in_turns({name: partial(turn, name) for name in contestants}, rounds)
    # The first turn warmed up.
    after = {case: {name: its[1:] for name, its in of_case.items()} for case, of_case in told.items()}
    return [row for case, of_case in after.items() for row in _compared(case, of_case)]


def _compared(case: str, figures: Mapping[str, list[float]], unit: str = "ms") -> list[Row]:
    return rows_of("search", case, unit, figures, [name for name in figures if name != OURS], None)


def _memory_mb(here: bool) -> float:
    """Return the resident memory of this process, and where not all happens here of the servers it started."""
    own, used = psutil.Process(), 0
    for one in [own] if here else [own, *own.children(recursive=True)]:
        with suppress(psutil.Error):
            used += one.memory_info().rss
    return used / 1e6
