"""Two replicas at once, as threads with a recognizer each: one person is one customer and one visit."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Lock, Semaphore

import pytest

from regulars.domain.faces import FloatArray
from regulars.ports import Hit, TemplateKind, VectorIndex
from regulars.steps.held_galleries import HeldGalleries, Looked
from regulars.steps.recognize import Handled, Recognizer
from regulars.store.session import Connection, Engine
from regulars.store.templates import Gallery
from tests.shop import Shop, at
from tests.visits_seen import people, sightings_of, templates, visits_of
from tests.waiting import PATIENCE_S


class IndexThatWaits:
    """The real index; but nobody's answer is handed out before all have searched, so that no one sees another's."""

    def __init__(self, real: VectorIndex, barrier: Barrier) -> None:
        self._real = real
        self._barrier = barrier

    def search(
        self, collection: str, scope_id: object, kind: TemplateKind, vectors: FloatArray, limit: int
    ) -> list[list[Hit]]:
        found = self._real.search(collection, scope_id, kind, vectors, limit)  # pyright: ignore[reportArgumentType]
        self._barrier.wait(PATIENCE_S)
        return found

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


class GalleriesThatWait(HeldGalleries):
    """The real ones in memory; but nobody's look is handed out before all have looked."""

    def __init__(self, barrier: Barrier) -> None:
        super().__init__()
        self._barrier = barrier

    def look(self, connection: Connection, galleries: Sequence[Gallery], engine: Engine) -> list[Looked | None]:
        looked = super().look(connection, galleries, engine)
        self._barrier.wait(PATIENCE_S)
        return looked


def replica_of(recognizer: Recognizer, **parts: object) -> Recognizer:
    return replace(
        recognizer,
        **{"held": HeldGalleries(), "embedding_slots": Semaphore(2), "repairing": Lock()} | parts,
    )


def all_at_once(recognizers: Sequence[Recognizer], keys: Sequence[str]) -> list[Handled]:
    ready = Barrier(len(keys))

    def handle(recognizer: Recognizer, key: str) -> Handled:
        ready.wait(PATIENCE_S)
        return recognizer.handle(key)

    with ThreadPoolExecutor(len(keys)) as pool:
        waits = [pool.submit(handle, recognizers[n % len(recognizers)], key) for n, key in enumerate(keys)]
        return [wait.result() for wait in waits]


@pytest.mark.parametrize("attempt", range(5))
def test_a_stranger_at_two_cameras_in_the_same_second_is_one(attempt: int, shop: Shop, recognizer: Recognizer) -> None:
    keys = [shop.walk_in(7, at(0), camera=0), shop.walk_in(7, at(0, 0.3), camera=1)]
    handled = all_at_once([replica_of(recognizer), replica_of(recognizer)], keys)
    assert [one.result for one in handled] == ["recognized", "recognized"]
    assert people(shop) == 1
    [visit] = visits_of(shop)
    assert visit.sightings == 2
    assert sorted(one.outcome for one in sightings_of(shop)) == ["known", "new"]


@pytest.mark.parametrize("in_memory", [True, False])
def test_even_when_both_have_searched_before_either_has_written(
    in_memory: bool, shop: Shop, recognizer: Recognizer
) -> None:
    recognizer.handle(shop.walk_in(1, at(-90)))
    barrier = Barrier(2)
    waiting: list[dict[str, object]] = [
        {"held": GalleriesThatWait(barrier)}
        if in_memory
        else {"held": HeldGalleries(0), "vectors": IndexThatWaits(recognizer.vectors, barrier)}
        for _ in range(2)
    ]
    keys = [shop.walk_in(7, at(0), camera=0), shop.walk_in(7, at(0, 0.3), camera=1)]
    all_at_once([replica_of(recognizer, **parts) for parts in waiting], keys)
    assert people(shop) == 2
    assert [visit.sightings for visit in visits_of(shop)] == [1, 2]


def test_the_same_event_many_times_at_once_counts_once(shop: Shop, recognizer: Recognizer) -> None:
    key = shop.walk_in(7, at(0))
    handled = all_at_once([replica_of(recognizer), replica_of(recognizer)], [key] * 8)
    assert sorted(one.result for one in handled) == ["already"] * 7 + ["recognized"]
    assert [visit.sightings for visit in visits_of(shop)] == [1]
    assert len(templates(shop)) == 1


def test_a_crowd_through_two_replicas_stays_a_crowd(shop: Shop, recognizer: Recognizer) -> None:
    keys = [
        shop.walk_in(person, at(0, 20 * person + second), camera=second % 2)
        for person in range(5)
        for second in (0, 5, 11)
    ]
    all_at_once([replica_of(recognizer), replica_of(recognizer)], keys)
    assert people(shop) == 5
    assert [visit.sightings for visit in visits_of(shop)] == [3] * 5
    assert all(indexed_at for _, indexed_at in templates(shop))
