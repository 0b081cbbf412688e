"""Looks for a person in every corner: each column of each table, each entry of the index, each object's key and bytes.

As the schema's owner, whom no row-level security stops, and without asking our own code where to look.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import pymilvus
from sqlalchemy import Engine, text

from regulars.domain.faces import FloatArray
from regulars.ports import ObjectStore
from regulars.steps.recognize import Recognizer

_TABLES = text("select tablename from pg_tables where schemaname = 'public' order by tablename")
_MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Everywhere:
    """All that is kept, of every tenant."""

    owner: Engine
    objects: ObjectStore
    recognizer: Recognizer
    milvus_url: str

    def rows_with(self, *words: str, except_in: tuple[str, ...] = ()) -> dict[str, list[str]]:
        """Return by table the rows, as text, in which one of the words stands; bytes stand there in hexadecimal."""
        found: dict[str, list[str]] = {}
        with self.owner.connect() as connection:
            for table in connection.scalars(_TABLES).all():
                if table in except_in:
                    continue
                rows = connection.scalars(text(f'select t::text from "{table}" t')).all()  # noqa: S608
                if hits := [row for row in rows if any(word in row for word in words)]:
                    found[table] = hits
        return found

    def objects_with(self, *words: str) -> list[str]:
        """Return the keys of all objects whose key or content holds one of the words."""
        found: list[str] = []
        for one in self.objects.list(""):
            content = self.objects.get(one.key, _MOST_BYTES)
            if any(word in one.key or word.encode() in content for word in words):
                found.append(one.key)
        return found

    def entries_with(self, *words: str) -> list[str]:
        """Return what the recognizer's collection holds, each entry as JSON, where one of the words stands in it."""
        make = cast("Callable[..., Any]", pymilvus.MilvusClient)
        client, told = make(self.milvus_url, dedicated=True), list[str]()
        for collection in client.list_collections():
            if collection.startswith(f"faces_{self.recognizer.pack.digest}"):
                asked: dict[str, Any] = {"output_fields": ["*"], "consistency_level": "Strong"}
                rows = client.query(collection, filter="template_id != ''", **asked)
                told += [json.dumps(row, default=float) for row in rows]
        client.close()
        return [one for one in told if any(word in one for word in words)]

    def nearest(self, scope_id: UUID, vector: FloatArray) -> float:
        """Return the cosine of the customer's template in the index that is nearest to the vector, -1 for none."""
        collection = f"faces_{self.recognizer.pack.digest}"
        [hits] = self.recognizer.vectors.search(collection, scope_id, "customer", vector[None], 1)
        return hits[0].cosine if hits else -1.0


def hexadecimal(vector: FloatArray) -> str:
    """Return the vector as PostgreSQL shows its bytes."""
    return vector.astype("<f4").tobytes().hex()
