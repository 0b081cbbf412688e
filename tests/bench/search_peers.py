"""What a gallery could be searched with instead: a shop's Milvus Lite, and libraries without a database."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol
from uuid import UUID

from regulars.domain.faces import FloatArray
from regulars.ids import new_id
from regulars.ports import IndexEntry, VectorIndex
from regulars.steps.index_templates import collection_of
from regulars.store.templates import Gallery

HITS = 50


class Index(Protocol):
    """A contestant: finds the rows of the gallery nearest to a query."""

    def fill(self, vectors: FloatArray) -> None:
        """Take the gallery, float32 [n, d], each of length 1."""
        ...

    def search(self, query: FloatArray) -> list[int]:
        """Return rows, nearest first: at most HITS, or the first row of each of their people."""
        ...


class MilvusLite:
    """The index through our port."""

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
            self._index.hnsw.efConstruction, self._index.hnsw.efSearch = 64, 128
        self._index.add(vectors)

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        return self._index.search(query[None], HITS)[1][0].tolist()


class Hnswlib:
    """hnswlib."""

    def fill(self, vectors: FloatArray) -> None:
        """See Index."""
        self._index: Any = import_module("hnswlib").Index("ip", vectors.shape[1])
        self._index.init_index(len(vectors), ef_construction=64, M=16)
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
        ask("create index on looks using hnsw (look vector_ip_ops) with (m = 16, ef_construction = 64)")
        ask("set hnsw.ef_search = 128")

    def search(self, query: FloatArray) -> list[int]:
        """See Index."""
        asked = f"[{','.join(map(repr, query.tolist()))}]"
        rows = self._connection.execute("select row from looks order by look <#> %s limit 50", (asked,), prepare=True)
        return [row[0] for row in rows.fetchall()]
