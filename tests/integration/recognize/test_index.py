"""The index is only an index: whatever it loses, nobody is enrolled twice, and it is brought back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from functions.recognize.caretaker import Caretaker
from regulars.errors import DependencyAway
from regulars.ids import new_id
from regulars.ports import Hit, IndexEntry, VectorIndex
from regulars.steps.index_templates import collection_of, index_pending, reindex, repair_index
from regulars.steps.recognize import Recognizer
from regulars.steps.search_gallery import IndexLost
from regulars.store.session import transaction
from regulars.store.templates import mark_all_pending, template_ids
from regulars.tenancy import Tenancy
from tests.fake_pack import vector_of
from tests.shop import Shop, at
from tests.visits_seen import people, templates, visits_of
from tests.waiting import wait_for


class IndexThatLosesWrites:
    """The real index, but away whenever something is written: the crash between commit and index."""

    def __init__(self, real: VectorIndex) -> None:
        self._real = real

    def upsert(self, collection: str, entries: Sequence[IndexEntry]) -> None:
        raise DependencyAway("away for this test")

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


class IndexOvertaken:
    """The real index, but something happens between its answer and the lock."""

    def __init__(self, real: VectorIndex, without: UUID | None, meanwhile: Callable[[], object]) -> None:
        self._real = real
        self._without = without
        self._meanwhile = meanwhile

    def search(self, *wanted: Any) -> list[list[Hit]]:
        found = [[hit for hit in hits if hit.subject_id != self._without] for hits in self._real.search(*wanted)]
        self._meanwhile()
        return found

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


class IndexWithADefect:
    """The real index behind a defect that nobody foresaw, once."""

    def __init__(self, real: VectorIndex) -> None:
        self._real = real
        self._met = False

    def ensure(self, collection: str, dimension: int) -> None:
        if not self._met:
            self._met = True
            raise TypeError("for this test")
        self._real.ensure(collection, dimension)

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


class IndexThatIsAway:
    """An index that never answers, in the place of a server that is down."""

    def search(self, *_: object) -> None:
        raise DependencyAway("away for this test")


def parts(recognizer: Recognizer) -> dict[str, object]:
    return {
        "engine": recognizer.engine,
        "vectors": recognizer.vectors,
        "pack": recognizer.pack.digest,
        "dimension": recognizer.pack.dimension,
    }


def indexed(recognizer: Recognizer) -> set[object]:
    return set(recognizer.vectors.template_ids(collection_of(recognizer.pack.digest)))


def stored(shop: Shop, recognizer: Recognizer) -> set[object]:
    with transaction(shop.engine, Tenancy(None, shop.tenant.scope_id)) as connection:
        return set(template_ids(connection, shop.tenant.scope_id, recognizer.pack.digest))


def test_a_write_lost_after_the_commit_is_found_anyway_and_repaired(shop: Shop, recognizer_alone: Recognizer) -> None:
    losing = replace(recognizer_alone, vectors=IndexThatLosesWrites(recognizer_alone.vectors))
    losing.handle(shop.walk_in(7, at(0)))
    assert [one.indexed_at for one in templates(shop)] == [None]
    assert indexed(recognizer_alone) == set()
    losing.handle(shop.walk_in(7, at(60)))
    assert people(shop) == 1
    assert list(index_pending(**parts(recognizer_alone))) == [1]  # pyright: ignore[reportArgumentType]
    assert indexed(recognizer_alone) == stored(shop, recognizer_alone)
    assert all(one.indexed_at for one in templates(shop))
    recognizer_alone.handle(shop.walk_in(7, at(120)))
    assert people(shop) == 1


def test_a_template_that_is_indexed_between_search_and_lock_is_not_missed(
    shop: Shop, recognizer_alone: Recognizer
) -> None:
    losing = replace(recognizer_alone, vectors=IndexThatLosesWrites(recognizer_alone.vectors))
    losing.handle(shop.walk_in(7, at(0)))
    recognizer_alone.handle(shop.walk_in(8, at(5)))
    overtaken = IndexOvertaken(
        recognizer_alone.vectors,
        without=None,
        meanwhile=lambda: list(index_pending(**parts(recognizer_alone))),  # pyright: ignore[reportArgumentType]
    )
    replace(recognizer_alone, vectors=overtaken).handle(shop.walk_in(7, at(60)))
    assert people(shop) == 2


def test_a_loss_that_is_noticed_between_search_and_lock_is_not_missed(shop: Shop, recognizer_alone: Recognizer) -> None:
    lost = recognizer_alone.handle(shop.walk_in(7, at(0))).sighting
    recognizer_alone.handle(shop.walk_in(8, at(5)))
    assert lost is not None
    scope_id = shop.tenant.scope_id

    def notice() -> None:
        with transaction(shop.engine, Tenancy(None, scope_id)) as connection:
            mark_all_pending(connection, scope_id, recognizer_alone.pack.digest)

    overtaken = IndexOvertaken(recognizer_alone.vectors, without=lost.customer_id, meanwhile=notice)
    replace(recognizer_alone, vectors=overtaken).handle(shop.walk_in(7, at(60)))
    assert people(shop) == 2


def test_an_emptied_index_enrols_nobody_twice_and_is_rebuilt(shop: Shop, recognizer_alone: Recognizer) -> None:
    collection = collection_of(recognizer_alone.pack.digest)
    recognizer_alone.handle(shop.walk_in(7, at(0)))
    recognizer_alone.vectors.drop(collection)
    recognizer_alone.vectors.ensure(collection, recognizer_alone.pack.dimension)
    key = shop.walk_in(7, at(60))
    with pytest.raises(IndexLost):
        recognizer_alone.handle(key)
    assert recognizer_alone.handle(key).result == "recognized"
    assert people(shop) == 1
    assert [visit.status for visit in visits_of(shop)] == ["new", "returning"]


def test_a_collection_that_is_gone_is_made_again_by_the_repair(shop: Shop, recognizer_alone: Recognizer) -> None:
    for person in (7, 8, 9):
        recognizer_alone.handle(shop.walk_in(person, at(person)))
    recognizer_alone.vectors.drop(collection_of(recognizer_alone.pack.digest))
    with pytest.raises(DependencyAway):
        recognizer_alone.handle(shop.walk_in(7, at(90)))
    recognizer_alone.repair()
    assert indexed(recognizer_alone) == stored(shop, recognizer_alone)
    for person in (7, 8, 9):
        recognizer_alone.handle(shop.walk_in(person, at(90 + person)))
    assert people(shop) == 3


def test_the_repair_removes_what_postgresql_does_not_have(shop: Shop, recognizer_alone: Recognizer) -> None:
    recognizer_alone.handle(shop.walk_in(7, at(0)))
    stale = IndexEntry(new_id(), shop.tenant.scope_id, "customer", new_id(), vector_of(3))
    recognizer_alone.vectors.upsert(collection_of(recognizer_alone.pack.digest), [stale])
    recognizer_alone.handle(shop.walk_in(3, at(5)))
    assert people(shop) == 2, "a template that PostgreSQL does not have matches nobody"
    assert list(repair_index(**parts(recognizer_alone))) == []  # pyright: ignore[reportArgumentType]
    assert indexed(recognizer_alone) == stored(shop, recognizer_alone)


def test_reindex_builds_the_whole_collection_from_postgresql(shop: Shop, recognizer_alone: Recognizer) -> None:
    for person in range(4):
        recognizer_alone.handle(shop.walk_in(person, at(person)))
    assert list(reindex(**parts(recognizer_alone)))[-1] == 4  # pyright: ignore[reportArgumentType]
    assert indexed(recognizer_alone) == stored(shop, recognizer_alone)
    recognizer_alone.handle(shop.walk_in(2, at(90)))
    assert people(shop) == 4


def test_an_index_that_is_away_decides_nothing(shop: Shop, recognizer_alone: Recognizer) -> None:
    recognizer_alone.handle(shop.walk_in(7, at(0)))
    key = shop.walk_in(8, at(60))
    away = replace(recognizer_alone, vectors=IndexThatIsAway())
    with pytest.raises(DependencyAway):
        away.handle(key)
    assert len(visits_of(shop)) == 1
    assert recognizer_alone.handle(key).result == "recognized"


def test_what_nobody_foresaw_ends_no_thread_that_looks_after_the_index(recognizer_alone: Recognizer) -> None:
    defect: Any = IndexWithADefect(recognizer_alone.vectors)
    caretaker = Caretaker(replace(recognizer_alone, vectors=defect), every_s=0)

    def compared() -> bool:
        caretaker.refuse_before_check()
        return True

    caretaker.start()
    try:
        assert wait_for(compared, "the index was compared at the second try", despite=(DependencyAway,))
    finally:
        caretaker.stop()
