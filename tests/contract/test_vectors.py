"""What every vector index does, on Milvus Lite as a server and on the full Milvus 2.3.5 (Linux x86-64)."""

from uuid import UUID, uuid4

import numpy as np
import pytest

from compose.onebox.place import free_port
from regulars.adapters.vectors_milvus import MilvusVectorIndex
from regulars.domain.faces import FloatArray
from regulars.errors import ConfigurationRefused, DependencyAway
from regulars.ports import IndexEntry, TemplateKind

DIMENSION = 64
COLLECTION = "pack_contract"
SERVERS = {"milvus-lite": "milvus_server", "milvus-2.3.5": "milvus_full_server"}


@pytest.fixture(scope="module", params=SERVERS.values(), ids=list(SERVERS))
def url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param).url


@pytest.fixture(scope="module")
def index(url: str) -> MilvusVectorIndex:
    index = MilvusVectorIndex(url)
    index.ensure(COLLECTION, DIMENSION)
    return index


@pytest.fixture
def scope_id() -> UUID:
    return uuid4()


def directions(count: int, seed: int = 1) -> FloatArray:
    return np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)


def templates(scope_id: UUID, vectors: FloatArray, kind: TemplateKind = "customer") -> list[IndexEntry]:
    return [IndexEntry(uuid4(), scope_id, kind, uuid4(), vector) for vector in vectors]


def cosines(query: FloatArray, vectors: FloatArray) -> FloatArray:
    return (vectors @ query) / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(query))


def test_the_nearest_come_first_with_their_cosine(index: MilvusVectorIndex, scope_id: UUID) -> None:
    vectors = directions(300)
    entries = templates(scope_id, vectors)
    index.upsert(COLLECTION, entries)
    queries = vectors[:5] + directions(5, seed=2)
    for query, hits in zip(queries, index.search(COLLECTION, scope_id, "customer", queries, 10), strict=True):
        truth = cosines(query, vectors)
        best = [int(at) for at in np.argsort(-truth)[:10]]
        assert [hit.template_id for hit in hits] == [entries[at].template_id for at in best]
        assert [hit.subject_id for hit in hits] == [entries[at].subject_id for at in best]
        assert [hit.cosine for hit in hits] == pytest.approx([float(truth[at]) for at in best], abs=1e-4)


def test_length_does_not_matter(index: MilvusVectorIndex, scope_id: UUID) -> None:
    vectors = directions(3)
    index.upsert(COLLECTION, templates(scope_id, vectors * np.float32(37)))
    [hits] = index.search(COLLECTION, scope_id, "customer", vectors[:1] / np.float32(9), 1)
    assert hits[0].cosine == pytest.approx(1.0, abs=1e-4)


def test_a_gallery_sees_itself_only(index: MilvusVectorIndex) -> None:
    vectors = directions(1)
    galleries = list[tuple[UUID, TemplateKind]]((uuid4(), "customer") for _ in range(8))
    galleries.extend((scope, "staff") for scope, _ in galleries[:4])
    entries = [templates(scope, vectors, kind)[0] for scope, kind in galleries]
    index.upsert(COLLECTION, entries)
    for entry in entries:
        [hits] = index.search(COLLECTION, entry.scope_id, entry.kind, vectors, 10)
        assert [hit.template_id for hit in hits] == [entry.template_id]


def test_an_empty_gallery_has_no_hits(index: MilvusVectorIndex, scope_id: UUID) -> None:
    assert index.search(COLLECTION, scope_id, "customer", directions(2), 5) == [[], []]


def test_no_queries_have_no_answers(index: MilvusVectorIndex, scope_id: UUID) -> None:
    assert index.search(COLLECTION, scope_id, "customer", directions(0), 5) == []
    index.upsert(COLLECTION, [])
    index.delete(COLLECTION, [])


def test_a_write_is_seen_at_once_by_another_client(url: str, index: MilvusVectorIndex, scope_id: UUID) -> None:
    other = MilvusVectorIndex(url)
    for number, vector in enumerate(directions(5), start=1):
        index.upsert(COLLECTION, templates(scope_id, vector[np.newaxis]))
        [hits] = other.search(COLLECTION, scope_id, "customer", vector[np.newaxis], 10)
        assert len(hits) == number
        assert hits[0].cosine == pytest.approx(1.0, abs=1e-4)


def test_a_second_upsert_replaces_the_first(index: MilvusVectorIndex, scope_id: UUID) -> None:
    vectors = directions(2)
    [first] = templates(scope_id, vectors[:1])
    second = IndexEntry(first.template_id, scope_id, "customer", uuid4(), vectors[1])
    index.upsert(COLLECTION, [first])
    index.upsert(COLLECTION, [second])
    [hits] = index.search(COLLECTION, scope_id, "customer", vectors[1:], 10)
    assert [(hit.template_id, hit.subject_id) for hit in hits] == [(first.template_id, second.subject_id)]
    assert hits[0].cosine == pytest.approx(1.0, abs=1e-4)


def test_what_is_deleted_is_found_no_more(index: MilvusVectorIndex, scope_id: UUID) -> None:
    vectors = directions(20)
    entries = templates(scope_id, vectors)
    index.upsert(COLLECTION, entries)
    index.delete(COLLECTION, [entry.template_id for entry in entries[:10]] + [uuid4()])
    found = index.search(COLLECTION, scope_id, "customer", vectors, 20)
    kept = {entry.template_id for entry in entries[10:]}
    assert all({hit.template_id for hit in hits} == kept for hits in found)
    assert {entry.template_id for entry in entries[:10]}.isdisjoint(index.template_ids(COLLECTION))


def test_every_template_is_listed_once(url: str, scope_id: UUID) -> None:
    index = MilvusVectorIndex(url)
    index.ensure("pack_listing", DIMENSION)
    assert list(index.template_ids("pack_listing")) == []
    entries = templates(scope_id, directions(2300)) + templates(uuid4(), directions(200), "staff")
    index.upsert("pack_listing", entries)
    listed = list(index.template_ids("pack_listing"))
    assert len(listed) == 2500
    assert set(listed) == {entry.template_id for entry in entries}
    index.drop("pack_listing")


def test_a_collection_is_made_once_and_keeps_its_shape(index: MilvusVectorIndex, url: str, scope_id: UUID) -> None:
    index.upsert(COLLECTION, templates(scope_id, directions(1)))
    again = MilvusVectorIndex(url)
    again.ensure(COLLECTION, DIMENSION)
    assert len(again.search(COLLECTION, scope_id, "customer", directions(1), 5)[0]) == 1
    with pytest.raises(ConfigurationRefused, match="reindex"):
        again.ensure(COLLECTION, DIMENSION * 2)


def test_a_missing_collection_asks_for_reindex(url: str, scope_id: UUID) -> None:
    index = MilvusVectorIndex(url)
    index.drop("pack_never_made")
    asked = [
        lambda: index.search("pack_never_made", scope_id, "customer", directions(1), 5),
        lambda: index.upsert("pack_never_made", templates(scope_id, directions(1))),
        lambda: list(index.template_ids("pack_never_made")),
    ]
    for ask in asked:
        with pytest.raises(DependencyAway, match="reindex"):
            ask()


def test_an_index_that_answers_passes_its_check(index: MilvusVectorIndex) -> None:
    index.check()


def test_an_index_that_is_away_is_away(scope_id: UUID) -> None:
    index = MilvusVectorIndex(f"http://127.0.0.1:{free_port()}")
    for ask in (index.check, lambda: index.ensure("a", 4), lambda: index.delete("a", [uuid4()])):
        with pytest.raises(DependencyAway):
            ask()


@pytest.mark.parametrize("url", ["milvus://host:19530", "host:19530", "./milvus.db", ""])
def test_a_wrong_vectors_url_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationRefused, match="http://"):
        MilvusVectorIndex(url)


def test_what_was_deleted_is_found_by_neither_id_and_its_files_are_compacted(
    index: MilvusVectorIndex, scope_id: UUID
) -> None:
    vectors = directions(20, seed=9)
    entries = templates(scope_id, vectors)
    index.upsert(COLLECTION, entries)
    ids, people = {one.template_id for one in entries}, {one.subject_id for one in entries}
    assert index.find(COLLECTION, ids) == index.find(COLLECTION, (), people) == ids
    index.delete(COLLECTION, list(ids))
    index.compact(COLLECTION)
    assert index.find(COLLECTION, ids, people) == set()
    assert index.search(COLLECTION, scope_id, "customer", vectors[:1], 5) == [[]]


def test_nothing_is_found_and_compacted_where_there_is_no_collection(index: MilvusVectorIndex) -> None:
    assert index.find("never_made", [uuid4()], [uuid4()]) == set()
    index.compact("never_made")
