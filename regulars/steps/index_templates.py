"""After a commit, and whenever the index may have lost something: bring Milvus to what PostgreSQL says."""

import logging
from collections.abc import Iterator, Sequence
from uuid import UUID

from regulars.ports import IndexEntry, VectorIndex
from regulars.store.session import Engine, transaction
from regulars.store.template_changes import to_forget
from regulars.store.templates import (
    StoredTemplate,
    mark_all_pending,
    mark_indexed,
    mark_pending,
    pending_templates,
    template_ids,
)
from regulars.store.tenants import gallery_scopes, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

BATCH = 500
_log = logging.getLogger(__name__)


def collection_of(pack_digest: str) -> str:
    """Return the name of the collection that holds a pack's vectors."""
    return f"faces_{pack_digest}"


def index_templates(templates: Sequence[StoredTemplate], *, engine: Engine, vectors: VectorIndex) -> None:
    """Write these templates, of one scope and pack, to the index and note it. Raises DependencyAway.

    Those that were removed while they were being written are deleted again: an erasure may already have looked.
    """
    if not templates:
        return
    first, ids = templates[0], [template.template_id for template in templates]
    vectors.upsert(collection_of(first.pack), [_entry(template) for template in templates])
    with transaction(engine, Tenancy(None, first.scope_id)) as connection:
        held = mark_indexed(connection, first.scope_id, ids)
    if gone := [one for one in ids if one not in held]:
        vectors.delete(collection_of(first.pack), gone)


def index_pending(*, engine: Engine, vectors: VectorIndex, pack: str, dimension: int) -> Iterator[int]:
    """Write every template that the index lacks, and let it forget what was withdrawn; yield how many are written.

    What happens twice, or in two replicas at once, is harmless. Raises DependencyAway.
    """
    vectors.ensure(collection_of(pack), dimension)
    written = 0
    for scope_id in _scopes(engine):
        forget_withdrawn(scope_id, pack, engine=engine, vectors=vectors)
        while batch := _next_pending(engine, scope_id, pack):
            index_templates(batch, engine=engine, vectors=vectors)
            written += len(batch)
            yield written


def forget_withdrawn(scope_id: UUID, pack: str, *, engine: Engine, vectors: VectorIndex) -> None:
    """Let the index forget the gallery's templates that a correction took out. Raises DependencyAway."""
    tenancy = Tenancy(None, scope_id)
    while True:
        with transaction(engine, tenancy) as connection:
            leaving = to_forget(connection, scope_id, pack, BATCH)
        if not leaving:
            return
        vectors.delete(collection_of(pack), leaving)
        with transaction(engine, tenancy) as connection:
            mark_pending(connection, scope_id, leaving)


def follow_gallery(scope_id: UUID, pack: str, *, engine: Engine, vectors: VectorIndex) -> None:
    """Bring the index to what one gallery is after a correction's commit. Raises DependencyAway.

    Nobody is missed until then: what is new is compared one by one, and what was withdrawn is never matched.
    """
    forget_withdrawn(scope_id, pack, engine=engine, vectors=vectors)
    while batch := _next_pending(engine, scope_id, pack):
        index_templates(batch, engine=engine, vectors=vectors)


def repair_index(*, engine: Engine, vectors: VectorIndex, pack: str, dimension: int) -> Iterator[int]:
    """Compare the index with PostgreSQL, remove what it has too much and write what it lacks; yield like index_pending.

    Needed when the index was restored, emptied or lost a write that was already noted. Raises DependencyAway.
    """
    collection = collection_of(pack)
    vectors.ensure(collection, dimension)
    before = {scope_id: _ids(engine, scope_id, pack) for scope_id in _scopes(engine)}
    held = set(vectors.template_ids(collection))
    for scope_id, stored in before.items():
        if missing := stored - held:
            with transaction(engine, Tenancy(None, scope_id)) as connection:
                mark_pending(connection, scope_id, missing)
    # PostgreSQL is written first, so what it lacks after the index was read is too much there.
    if too_much := held.difference(*(_ids(engine, scope_id, pack) for scope_id in _scopes(engine))):
        vectors.delete(collection, list(too_much))
        _log.warning("index had %d templates that PostgreSQL does not have; they were removed", len(too_much))
    yield from index_pending(engine=engine, vectors=vectors, pack=pack, dimension=dimension)


def reindex(*, engine: Engine, vectors: VectorIndex, pack: str, dimension: int) -> Iterator[int]:
    """Throw the pack's collection away and build it again from PostgreSQL; yield like index_pending.

    While it runs, recognize answers 503 as long as too much is missing. Raises DependencyAway.
    """
    for scope_id in _scopes(engine):
        with transaction(engine, Tenancy(None, scope_id)) as connection:
            mark_all_pending(connection, scope_id, pack)
    vectors.drop(collection_of(pack))
    # Not only the pending: another replica may have written to the old collection and noted it after the mark.
    yield from repair_index(engine=engine, vectors=vectors, pack=pack, dimension=dimension)


def _scopes(engine: Engine) -> list[UUID]:
    with transaction(engine, PLATFORM) as connection:
        return gallery_scopes(list_tenants(connection))


def _next_pending(engine: Engine, scope_id: UUID, pack: str) -> list[StoredTemplate]:
    with transaction(engine, Tenancy(None, scope_id)) as connection:
        return pending_templates(connection, scope_id, pack, BATCH)


def _ids(engine: Engine, scope_id: UUID, pack: str) -> set[UUID]:
    with transaction(engine, Tenancy(None, scope_id)) as connection:
        return template_ids(connection, scope_id, pack)


def _entry(template: StoredTemplate) -> IndexEntry:
    return IndexEntry(template.template_id, template.scope_id, template.kind, template.subject_id, template.vector)
