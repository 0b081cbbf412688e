"""A person's right to be forgotten, second half: deletes what lies in Milvus and the object store, and proves it.

Called after an erasure's commit, by recognize's caretaker and by the clock, until it is done: whatever is away, the
ledger keeps the work, and doing it twice is harmless.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from regulars.errors import DependencyAway
from regulars.ports import ObjectStore, VectorIndex
from regulars.steps.index_templates import collection_of
from regulars.store.erasures import Erasure, erasures_in_progress, rewrite_erasure, verified
from regulars.store.session import Engine, transaction
from regulars.store.tenants import gallery_scopes, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

LEDGER = "erasures/"
"""Where the object store keeps a copy of the ledger: a PostgreSQL restored from before an erasure does not know it."""
_COPY = TypeAdapter(Erasure)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outside:
    """What of the person lies outside PostgreSQL, and who looks; each part is deleted, looked for again, and counted.

    `actor` and `now` (UTC) go into the receipt.
    """

    objects: ObjectStore
    vectors: VectorIndex
    actor: str
    now: datetime

    def finish(self, erasure: Erasure) -> Erasure:
        """Return the erasure as done. Raises DependencyAway: then what was deleted is, and the rest is done later."""
        work = erasure.work or {"templates": {}, "subjects": [], "folders": []}
        removed = dict[str, int](erasure.receipt["removed"])
        looked = list[dict[str, Any]](erasure.receipt["verified"])
        vectors, compacted = self._vectors(work)
        objects = self._objects(work["folders"])
        removed |= {"vectors": vectors, "objects": objects}
        looked += [
            {**verified("vectors", 0, self.actor, self.now), "compacted": compacted},
            {**verified("objects", 0, self.actor, self.now), "listed": len(work["folders"])},
        ]
        receipt = {"removed": removed, "verified": looked}
        done = replace(erasure, state="done", work=None, receipt=receipt, finished_at=self.now)
        self.objects.put(ledger_key(done), as_ledger_copy(done), "application/json")
        return done

    def _vectors(self, work: dict[str, Any]) -> tuple[int, list[str]]:
        """Delete the templates, and what else the index holds of the person; return how many, and where."""
        subjects = [UUID(one) for one in work["subjects"]]
        gone, collections = 0, list[str]()
        for pack, named in work["templates"].items():
            collection, ids = collection_of(pack), [UUID(one) for one in named]
            if held := self.vectors.find(collection, ids, subjects):
                self.vectors.delete(collection, list(held))
                self.vectors.compact(collection)
                collections.append(collection)
            if left := self.vectors.find(collection, ids, subjects):
                raise DependencyAway(f"The vector index still shows {len(left)} templates that it was told to delete.")
            gone += len(held)
        return gone, collections

    def _objects(self, folders: list[str]) -> int:
        gone = 0
        for folder in folders:
            if keys := [one.key for one in self.objects.list(folder)]:
                gone += self.objects.delete(keys)
            if left := sum(1 for _ in self.objects.list(folder)):
                raise DependencyAway(f"The object store still lists {left} objects that it was told to delete.")
        return gone


def carry_out_erasures(
    *, engine: Engine, objects: ObjectStore, vectors: VectorIndex, actor: str, now: datetime
) -> Iterator[Erasure]:
    """Finish every erasure that is in progress; yield each as done. Raises DependencyAway; what was done stays done."""
    outside = Outside(objects, vectors, actor, now)
    with transaction(engine, PLATFORM) as connection:
        scopes = gallery_scopes(list_tenants(connection))
    for scope_id in scopes:
        yield from carry_out_in(scope_id, engine, outside)


def carry_out_in(scope_id: UUID, engine: Engine, outside: Outside) -> Iterator[Erasure]:
    """Finish the erasures of one gallery; yield each as done. Raises DependencyAway."""
    with transaction(engine, Tenancy(None, scope_id)) as connection:
        waiting = erasures_in_progress(connection, scope_id)
    for erasure in waiting:
        done = outside.finish(erasure)
        with transaction(engine, Tenancy(None, scope_id)) as connection:
            rewrite_erasure(connection, done)
        _log.info("erasure %s is done", done.erasure_id)
        yield done


def ledger_key(erasure: Erasure) -> str:
    """Return where the object store keeps a copy of the entry."""
    return f"{LEDGER}{erasure.erasure_id}.json"


def as_ledger_copy(erasure: Erasure) -> bytes:
    """Return the entry as JSON, for whoever restores: digests and numbers, nothing of the person."""
    return _COPY.dump_json(erasure)


def read_ledger_copy(copy: bytes) -> Erasure:
    """Return the entry that `as_ledger_copy` wrote. Raises ValueError for what is none."""
    return _COPY.validate_json(copy)
