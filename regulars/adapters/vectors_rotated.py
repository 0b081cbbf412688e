"""The index as a deployment uses it: vectors in Milvus are turned by a secret, see `regulars.domain.rotation`.

A collection's name carries the secret's fingerprint, so that vectors turned by different secrets never meet.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from regulars.domain.faces import FloatArray
from regulars.domain.rotation import Rotation
from regulars.errors import ConfigurationRefused
from regulars.ports import Hit, IndexEntry, TemplateKind, VectorIndex


class RotatedVectorIndex:
    """`regulars.ports.VectorIndex` over another one, whose `collections` (names of all it holds) are asked for."""

    def __init__(self, index: VectorIndex, collections: Callable[[], Sequence[str]], rotation: Rotation) -> None:
        self._index, self._collections, self._rotation = index, collections, rotation

    def ensure(self, collection: str, dimension: int) -> None:
        """See the port. ConfigurationRefused when the index is turned by another secret: it must be built again."""
        held = self._of(collection)
        if held and self._named(collection) not in held:
            raise ConfigurationRefused(
                "The vector index was built with another REGULARS_ROTATION_SECRET, or with none: set that one, or run"
                " reindex to build it again with this one."
            )
        self._index.ensure(self._named(collection), dimension)

    def upsert(self, collection: str, entries: Sequence[IndexEntry]) -> None:
        """See the port."""
        turned = [replace(entry, vector=self._rotation.turn(entry.vector)) for entry in entries]
        self._index.upsert(self._named(collection), turned)

    def search(
        self, collection: str, scope_id: UUID, kind: TemplateKind, vectors: FloatArray, limit: int
    ) -> list[list[Hit]]:
        """See the port."""
        return self._index.search(self._named(collection), scope_id, kind, self._rotation.turn(vectors), limit)

    def delete(self, collection: str, template_ids: Sequence[UUID]) -> None:
        """See the port."""
        self._index.delete(self._named(collection), template_ids)

    def find(
        self, collection: str, template_ids: Collection[UUID] = (), subject_ids: Collection[UUID] = ()
    ) -> set[UUID]:
        """See the port."""
        return self._index.find(self._named(collection), template_ids, subject_ids)

    def compact(self, collection: str) -> None:
        """See the port."""
        self._index.compact(self._named(collection))

    def template_ids(self, collection: str) -> Iterator[UUID]:
        """See the port."""
        return self._index.template_ids(self._named(collection))

    def drop(self, collection: str) -> None:
        """See the port. What was turned by other secrets, or by none, goes too."""
        for name in self._of(collection):
            self._index.drop(name)

    def check(self) -> None:
        """See the port."""
        self._index.check()

    def _named(self, collection: str) -> str:
        return f"{collection}_by_{self._rotation.fingerprint}"

    def _of(self, collection: str) -> list[str]:
        return [one for one in self._collections() if one == collection or one.startswith(f"{collection}_by_")]
