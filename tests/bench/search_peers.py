"""What a gallery could be searched with instead: a shop's Milvus Lite, and libraries without a database."""

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from regulars.domain.faces import FloatArray
from regulars.ids import new_id
from regulars.ports import IndexEntry, VectorIndex
from regulars.steps.index_templates import collection_of
from regulars.steps.search_gallery import HITS
from regulars.store.templates import Gallery

_NEIGHBOURS, _LOOKED_AT_TO_BUILD = 16, 64
_LARGE = 100_000


class Index(Protocol):
    """A contestant: finds the rows of the gallery nearest to a query. `here`: all its work is done in this process."""

    here: bool

    def fill(self, vectors: FloatArray) -> None:
        """Take the gallery, float32 [n, d], each of length 1."""
        ...

    def search(self, query: FloatArray) -> list[int]:
        """Return rows, nearest first: at most HITS, or the first row of each of PEOPLE of theirs, as recognize asks."""
        ...


@runtime_checkable
class Graph(Protocol):
    """A contestant whose searches look at more or fewer nodes of its graph, `most` of them at most."""

    most: int

    def look_at(self, nodes: int) -> None:
        """Look at so many from now on."""
        ...


class MilvusLite:
    """The index through our port."""

    here = False

    def __init__(
        self, index: VectorIndex, gallery: Gallery, people: Sequence[UUID], row_of: Mapping[UUID, int]
    ) -> None:
        self._index, self._gallery, self._people, self._row_of = index, gallery, people, row_of

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        collection, looks = collection_of(self._gallery.pack), len(vectors) // len(self._people)
        self._index.drop(collection)
        self._index.ensure(collection, vectors.shape[1])
        for begin in range(0, len(vectors), 2000):
            self._index.upsert(
                collection,
                [
                    IndexEntry(new_id(), self._gallery.scope_id, "customer", self._people[row // looks], vectors[row])
                    for row in range(begin, min(begin + 2000, len(vectors)))
                ],
            )

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        collection, scope_id = collection_of(self._gallery.pack), self._gallery.scope_id
        [found] = self._index.search(collection, scope_id, "customer", query[None], HITS)
        return [self._row_of[hit.subject_id] for hit in found]


class Faiss:
    """faiss, flat."""

    here = True

    def __init__(self) -> None:
        self._index: Any = None

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        faiss: Any = import_module("faiss")
        faiss.omp_set_num_threads(1)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        return self._index.search(query[None], HITS)[1][0].tolist()


class FaissGraph(Faiss):
    """faiss, HNSW; a large one is built by all processors."""

    most = 2000

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        faiss: Any = import_module("faiss")
        self._index = faiss.IndexHNSWFlat(vectors.shape[1], _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        self._index.hnsw.efConstruction = _LOOKED_AT_TO_BUILD
        faiss.omp_set_num_threads((os.cpu_count() or 1) if len(vectors) > _LARGE else 1)
        self._index.add(vectors)
        faiss.omp_set_num_threads(1)

    def look_at(self, nodes: int) -> None:
        """See Graph."""
        self._index.hnsw.efSearch = nodes


class Hnswlib:
    """hnswlib."""

    here, most = True, 2000

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        self._index: Any = import_module("hnswlib").Index("ip", vectors.shape[1])
        self._index.init_index(len(vectors), ef_construction=_LOOKED_AT_TO_BUILD, M=_NEIGHBOURS)
        self._index.set_num_threads(1)
        self._index.add_items(vectors, num_threads=1)

    def look_at(self, nodes: int) -> None:
        """See Graph."""
        self._index.set_ef(nodes)

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        return self._index.knn_query(query[None], HITS, num_threads=1)[0][0].tolist()


class PgVector:
    """pgvector's HNSW in PostgreSQL."""

    here, most = False, 1000

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
        built = f"m = {_NEIGHBOURS}, ef_construction = {_LOOKED_AT_TO_BUILD}"
        ask(f"create index on looks using hnsw (look vector_ip_ops) with ({built})")

    def look_at(self, nodes: int) -> None:
        """See Graph."""
        self._connection.execute(f"set hnsw.ef_search = {nodes}")

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        asked = f"[{','.join(map(repr, query.tolist()))}]"
        rows = self._connection.execute(
            "select row from looks order by look <#> %s limit %s", (asked, HITS), prepare=True
        )
        return [row[0] for row in rows.fetchall()]
