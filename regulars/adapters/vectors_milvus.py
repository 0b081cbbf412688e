"""The vector index on Milvus (a server of 2.3 or later, or Milvus Lite run as a server), with pymilvus."""

import json
import logging
import threading
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import grpc
import numpy as np
import pymilvus
from pymilvus.exceptions import ConnectionConfigException, MilvusException

from regulars.domain.faces import FloatArray
from regulars.errors import ConfigurationRefused, DependencyAway, RegularsError
from regulars.ports import Hit, IndexEntry, TemplateKind

logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
"""It logs every error with two tracebacks; the adapter raises them, in our own words, where they belong."""

_CALL_TIMEOUT_S = 10.0
_LOAD_TIMEOUT_S = 60.0
_BATCH = 500
_FLUSH_EVERY = 2000
"""Milvus Lite compares unflushed rows one by one (20 000 of them: over a second a search)."""
_EF_SEARCH = 128
_INDEX: dict[str, Any] = {"index_type": "HNSW", "metric_type": "COSINE", "params": {"M": 16, "efConstruction": 200}}
_CHANNEL = {"grpc.keepalive_permit_without_calls": 0}
"""pymilvus pings every 10 s; a server takes that from an idle client as an attack and hangs up on its next call."""
_ASKED: dict[str, Any] = {"output_fields": ["template_id"], "consistency_level": "Strong", "timeout": _CALL_TIMEOUT_S}
_CODE_COLLECTION_NOT_FOUND = 100
_CODE_COLLECTION_NOT_LOADED = 101
_CODES_NOT_ALLOWED = {5, 1400, 1401}


class MilvusVectorIndex:
    """`regulars.ports.VectorIndex`; `http://[user:password@]host:port[/database]`, `https://…` or `unix:PATH`.

    The partition key is the gallery (kind and scope together), so a search looks at one gallery's part only. It
    connects at the first call, and again after the server was away.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https", "unix"}:
            raise ConfigurationRefused("a vectors URL reads http://host:port, https://user:password@host:port/database")
        self._url = url
        self._where = f"the vector index at {parts.hostname or 'localhost'}:{parts.port or parts.path}"
        self._client: Any = None
        self._connecting = threading.Lock()
        self._unflushed: dict[str, int] = {}

    def ensure(self, collection: str, dimension: int) -> None:
        """See the port."""
        with self._translated(collection):
            client = self._connected()
            if not client.has_collection(collection, timeout=_CALL_TIMEOUT_S):
                self._create(client, collection, dimension)
            fields = client.describe_collection(collection, timeout=_CALL_TIMEOUT_S)["fields"]
            found = {field["name"]: field.get("params", {}).get("dim") for field in fields}
            if "vector" not in found or int(found["vector"]) != dimension or "gallery" not in found:
                raise ConfigurationRefused(
                    f"{self._where} has a collection {collection} of another shape (dimension {found.get('vector')}, "
                    f"not {dimension}): drop it and run reindex"
                )
            client.load_collection(collection, timeout=_LOAD_TIMEOUT_S)

    def upsert(self, collection: str, entries: Sequence[IndexEntry]) -> None:
        """See the port."""
        rows = [
            {
                "template_id": str(entry.template_id),
                "gallery": _gallery(entry.scope_id, entry.kind),
                "subject_id": str(entry.subject_id),
                "vector": np.asarray(entry.vector, dtype=np.float32).tolist(),
            }
            for entry in entries
        ]
        # Not Milvus' own upsert: that of 2.3.5 files rows under wrong partitions, where no search finds them (its issue
        # 30607). What a crash between the two leaves out is not marked as indexed, so reindex writes it again.
        self.delete(collection, [entry.template_id for entry in entries])
        for begin in range(0, len(rows), _BATCH):
            part = rows[begin : begin + _BATCH]
            self._call(collection, lambda client, part=part: client.insert(collection, part, timeout=_CALL_TIMEOUT_S))
        self._flush_if_due(collection, len(rows))

    def search(
        self, collection: str, scope_id: UUID, kind: TemplateKind, vectors: FloatArray, limit: int
    ) -> list[list[Hit]]:
        """See the port."""
        if len(vectors) == 0:
            return []
        found = self._call(
            collection,
            lambda client: client.search(
                collection,
                data=np.asarray(vectors, dtype=np.float32).tolist(),
                anns_field="vector",
                filter=f'gallery == "{_gallery(scope_id, kind)}"',
                limit=limit,
                output_fields=["subject_id"],
                search_params={"metric_type": "COSINE", "params": {"ef": max(_EF_SEARCH, 2 * limit)}},
                consistency_level="Strong",
                timeout=_CALL_TIMEOUT_S,
            ),
        )
        return [[_hit(row) for row in rows] for rows in found]

    def delete(self, collection: str, template_ids: Sequence[UUID]) -> None:
        """See the port."""
        for begin in range(0, len(template_ids), _BATCH):
            ids = [str(template_id) for template_id in template_ids[begin : begin + _BATCH]]
            self._call(collection, lambda client, ids=ids: client.delete(collection, ids=ids, timeout=_CALL_TIMEOUT_S))

    def find(
        self, collection: str, template_ids: Collection[UUID] = (), subject_ids: Collection[UUID] = ()
    ) -> set[UUID]:
        """See the port."""
        if not self._is_there(collection):
            return set()
        return self._find(collection, "template_id", template_ids) | self._find(collection, "subject_id", subject_ids)

    def compact(self, collection: str) -> None:
        """See the port. Flushed first: what lies in memory only is in no file that could be compacted."""
        if self._is_there(collection):
            self._call(collection, lambda client: client.flush(collection, timeout=_LOAD_TIMEOUT_S))
            self._call(collection, lambda client: client.compact(collection, timeout=_LOAD_TIMEOUT_S))

    def template_ids(self, collection: str) -> Iterator[UUID]:
        """See the port."""
        rows = self._call(collection, lambda client: client.query_iterator(collection, batch_size=1000, **_ASKED))
        with self._translated(collection):
            try:
                while batch := rows.next():
                    yield from (UUID(row["template_id"]) for row in batch)
            finally:
                rows.close()

    def drop(self, collection: str) -> None:
        """See the port."""
        with self._translated(collection):
            client = self._connected()
            if client.has_collection(collection, timeout=_CALL_TIMEOUT_S):
                client.drop_collection(collection, timeout=_LOAD_TIMEOUT_S)
        self._unflushed.pop(collection, None)

    def collections(self) -> list[str]:
        """Return the names of all collections."""
        with self._translated(""):
            return list[str](self._connected().list_collections(timeout=_CALL_TIMEOUT_S))

    def check(self) -> None:
        """See the port."""
        with self._translated(""):
            self._connected().list_collections(timeout=_CALL_TIMEOUT_S)

    def _connected(self) -> Any:
        with self._connecting:
            if self._client is None:
                make = cast("Callable[..., Any]", pymilvus.MilvusClient)
                self._client = make(self._url, timeout=_CALL_TIMEOUT_S, dedicated=True, grpc_options=_CHANNEL)
            return self._client

    def _call(self, collection: str, ask: Callable[[Any], Any]) -> Any:
        """Ask; a collection that a restart left unloaded is loaded first and asked again."""
        with self._translated(collection):
            client = self._connected()
            try:
                return ask(client)
            except MilvusException as error:
                if not _not_loaded(error):
                    raise
            client.load_collection(collection, timeout=_LOAD_TIMEOUT_S)
            return ask(client)

    def _is_there(self, collection: str) -> bool:
        with self._translated(collection):
            return bool(self._connected().has_collection(collection, timeout=_CALL_TIMEOUT_S))

    def _find(self, collection: str, field: str, ids: Collection[UUID]) -> set[UUID]:
        wanted, found = [str(one) for one in ids], set[UUID]()
        for begin in range(0, len(wanted), _BATCH):
            asked: dict[str, Any] = {"filter": f"{field} in {json.dumps(wanted[begin : begin + _BATCH])}"} | _ASKED
            rows = self._call(collection, lambda client, asked=asked: client.query(collection, **asked))
            found |= {UUID(row["template_id"]) for row in rows}
        return found

    def _flush_if_due(self, collection: str, written: int) -> None:
        waiting = self._unflushed.get(collection, 0) + written
        if waiting >= _FLUSH_EVERY:
            self._call(collection, lambda client: client.flush(collection, timeout=_LOAD_TIMEOUT_S))
            waiting = 0
        self._unflushed[collection] = waiting

    def _create(self, client: Any, collection: str, dimension: int) -> None:
        types = cast("Any", pymilvus.DataType)
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("template_id", types.VARCHAR, is_primary=True, max_length=36)
        schema.add_field("gallery", types.VARCHAR, max_length=64, is_partition_key=True)
        schema.add_field("subject_id", types.VARCHAR, max_length=36)
        schema.add_field("vector", types.FLOAT_VECTOR, dim=dimension)
        index = client.prepare_index_params()
        index.add_index("vector", **_INDEX)
        try:
            client.create_collection(
                collection, schema=schema, index_params=index, consistency_level="Strong", timeout=_LOAD_TIMEOUT_S
            )
        except MilvusException:
            if not client.has_collection(collection, timeout=_CALL_TIMEOUT_S):
                raise

    @contextmanager
    def _translated(self, collection: str) -> Generator[None]:
        try:
            yield
        except RegularsError:
            raise
        except ConnectionConfigException as error:
            raise ConfigurationRefused(f"the vectors URL cannot be used: {error.message}") from error
        except (MilvusException, grpc.RpcError, OSError) as error:
            code = getattr(error, "code", None)
            if code == _CODE_COLLECTION_NOT_FOUND:
                raise DependencyAway(f"{self._where} has no collection {collection}: run reindex") from error
            if code in _CODES_NOT_ALLOWED:
                raise ConfigurationRefused(f"{self._where} refuses the credentials in its URL") from error
            raise DependencyAway(f"{self._where} does not answer ({_reason(error)}): try again") from error


def _gallery(scope_id: UUID, kind: TemplateKind) -> str:
    return f"{kind}:{scope_id}"


def _hit(row: Any) -> Hit:
    return Hit(UUID(row.id), UUID(row["entity"]["subject_id"]), float(row.distance))


def _not_loaded(error: MilvusException) -> bool:
    return error.code == _CODE_COLLECTION_NOT_LOADED or "not loaded" in str(error.message).lower()


def _reason(error: BaseException) -> str:
    return str(getattr(error, "message", "") or type(error).__name__)[:200]
