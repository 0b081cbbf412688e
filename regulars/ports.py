"""The two outside things with more than one real implementation: the object store and the vector index.

Steps take these by keyword; `regulars.wiring` picks the adapter from a URL. Adapters translate their vendor's errors:
`DependencyAway` (503, retry) when the part does not answer in time or fails, `ConfigurationRefused` when it answers
but refuses the credentials or has another shape than asked for. Every call is bounded in time. Safe for use by threads.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from regulars.domain.faces import FloatArray

TemplateKind = Literal["customer", "staff", "objector"]


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One stored object: `size` in bytes, `modified_at` in UTC."""

    key: str
    size: int
    modified_at: datetime


class ObjectStore(Protocol):
    """One bucket of an S3-compatible store."""

    def get(self, key: str, max_bytes: int) -> bytes:
        """Return an object's content.

        Raises InputRefused `missing_object`, or `too_large` when it has more than `max_bytes` (never read whole then).
        """
        ...

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write an object, replacing any of that key; it is durable when this returns."""
        ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield every object whose key begins with `prefix`, at any depth, in pages, in the store's order."""
        ...

    def delete(self, keys: Iterable[str]) -> int:
        """Delete these objects; absent ones are no error. Return how many keys were asked to be deleted."""
        ...

    def sign_put(self, key: str, content_type: str, expires_s: int) -> str:
        """Return a URL where a plain HTTP PUT with this Content-Type writes the object, for 1..604800 seconds."""
        ...

    def sign_get(self, key: str, expires_s: int) -> str:
        """Return a URL where a plain HTTP GET reads the object, for 1..604800 seconds."""
        ...

    def ensure_bucket(self, retention_days: int) -> None:
        """Make the bucket if it is absent, and let the store itself expire `tracks/` after `retention_days`.

        Raises ConfigurationRefused when the store does not keep lifecycle rules.
        """
        ...

    def check(self) -> None:
        """Return when the bucket answers; raise DependencyAway or ConfigurationRefused when not."""
        ...


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A face template as the index holds it. `vector` is float32 [d], of any length greater than zero.

    `scope_id` is the gallery: `gallery_scope_id(...)` for customers, the tenant's id for staff, either for who has
    objected to being recognized. `subject_id` is the customer's, the staff member's or the objection's id.
    """

    template_id: UUID
    scope_id: UUID
    kind: TemplateKind
    subject_id: UUID
    vector: FloatArray


@dataclass(frozen=True, slots=True)
class Hit:
    """A template near a query; `cosine` is -1..1, as the index computed it (PostgreSQL's vectors are the truth)."""

    template_id: UUID
    subject_id: UUID
    cosine: float


class VectorIndex(Protocol):
    """Nearest-template search; rebuilt from PostgreSQL at any time. One collection per model pack.

    A collection name is letters, digits and underscores, beginning with a letter. Reads see every write that returned
    before them, from any process.
    """

    def ensure(self, collection: str, dimension: int) -> None:
        """Make the collection if it is absent and make it searchable; ConfigurationRefused on another dimension."""
        ...

    def upsert(self, collection: str, entries: Sequence[IndexEntry]) -> None:
        """Write templates, replacing those of the same id."""
        ...

    def search(
        self, collection: str, scope_id: UUID, kind: TemplateKind, vectors: FloatArray, limit: int
    ) -> list[list[Hit]]:
        """Return for each row of `vectors` (float32 [n, d]) at most `limit` templates of that gallery, best first."""
        ...

    def delete(self, collection: str, template_ids: Sequence[UUID]) -> None:
        """Delete templates; absent ones are no error."""
        ...

    def find(
        self, collection: str, template_ids: Collection[UUID] = (), subject_ids: Collection[UUID] = ()
    ) -> set[UUID]:
        """Return the ids of the templates held that are among these or of these people; none where it is absent."""
        ...

    def compact(self, collection: str) -> None:
        """Have what was deleted written out of the files that still hold it; no error when it is absent.

        The index does the work in its own time; nothing deleted is found meanwhile.
        """
        ...

    def template_ids(self, collection: str) -> Iterator[UUID]:
        """Yield the id of every template in the collection, once each, in no set order."""
        ...

    def drop(self, collection: str) -> None:
        """Remove the collection with all it holds; no error when it is absent."""
        ...

    def check(self) -> None:
        """Return when the index answers; raise DependencyAway or ConfigurationRefused when not."""
        ...
