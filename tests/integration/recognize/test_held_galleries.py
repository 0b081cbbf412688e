"""Small galleries in memory: what is found is what the index finds, whoever writes, and nobody is kept who left."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from compose.onebox.place import free_port
from regulars.domain.faces import FloatArray
from regulars.ids import new_id
from regulars.steps import held_galleries
from regulars.steps.erase_person import erase_person
from regulars.steps.held_galleries import HOT_S, HeldGalleries, Looked
from regulars.steps.index_templates import follow_gallery
from regulars.steps.merge_people import merge_people
from regulars.steps.recognize import Recognizer
from regulars.steps.rest_after_failure import RestAfterFailure
from regulars.steps.search_gallery import Proposal, propose
from regulars.steps.split_person import split_by_visits
from regulars.steps.undo_correction import undo_correction
from regulars.store.session import connect
from tests.fake_pack import vector_of
from tests.galleries import LOOKS, enrol, gallery_of, looked, looks_around, remove
from tests.people_seen import put_right
from tests.recognizing import OpenShop
from tests.sealing import DATA_KEYS
from tests.shop import Shop, at
from tests.turned import turned_index
from tests.visits_seen import people, visits_of
from tests.waiting import wait_for

PEOPLE = 30


@pytest.fixture
def other(recognizer: Recognizer, engine: Engine) -> Iterator[Recognizer]:
    """Another process, as far as it can be seen from here: connections and galleries of its own."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    apart = connect(url, pool_size=2, data_keys=DATA_KEYS)
    yield replace(recognizer, engine=apart, held=HeldGalleries())
    apart.dispose()


def proposed(shop: Shop, recognizer: Recognizer, vector: FloatArray) -> Proposal:
    return propose(vector, [gallery_of(shop, recognizer)], shop.tenancy(), within=recognizer)[0]


def test_memory_and_index_propose_the_same_people(shop: Shop, recognizer: Recognizer) -> None:
    known = [new_id() for _ in range(PEOPLE)]
    enrol(shop, recognizer, looks_around(known, seed=1))
    enrol(shop, recognizer, [(new_id(), vector_of(200)), (known[0], vector_of(201))], pack="apackbefore")
    by_index = replace(recognizer, held=HeldGalleries(most_bytes=0))
    queries = [look for _, look in looks_around(known, seed=1)[: 8 * LOOKS : LOOKS]]
    queries += [look for _, look in looks_around(known[:2], seed=2)]
    for gone in (None, known[3], known[4]):
        if gone:
            remove(shop, gone)
            enrol(shop, recognizer, looks_around([new_id()], seed=gone.int % 1000))
        scope_id, pack = shop.tenant.scope_id, recognizer.pack.digest
        follow_gallery(scope_id, pack, engine=recognizer.engine, vectors=recognizer.vectors)
        held = set(recognizer.vectors.find(f"faces_{pack}", (), [gone])) if gone else set[UUID]()
        recognizer.vectors.delete(f"faces_{pack}", list(held))
        for query in queries:
            one, same = proposed(shop, recognizer, query), proposed(shop, by_index, query)
            assert (one.unindexed_too, same.unindexed_too) == (False, True), "each way is asked"
            assert one.subjects == same.subjects
            assert one.people == same.people == PEOPLE + 1


def test_what_another_process_writes_is_seen_at_the_next_look(
    shop: Shop, recognizer: Recognizer, other: Recognizer
) -> None:
    def best(person: int) -> UUID | None:
        found = proposed(shop, other, vector_of(person))
        assert not found.unindexed_too, "it looks into memory"
        return next(iter(found.subjects), None)

    assert best(7) is None
    for person, minutes in ((7, 0), (8, 5)):
        recognizer.handle(shop.walk_in(person, at(minutes)))
    seven, eight = (visit.customer_id for visit in visits_of(shop))
    assert (best(7), best(8)) == (seven, eight)
    merged = put_right(shop, merge_people, seven, eight)
    assert best(7) == best(8) == visits_of(shop)[0].customer_id
    put_right(shop, undo_correction, merged.correction_id)
    assert (best(7), best(8)) == (seven, eight)
    other.handle(shop.walk_in(7, at(60 * 24), likeness_percent=70))
    chosen = visits_of(shop)[2]
    put_right(shop, split_by_visits, seven, [chosen.visit_id])
    apart = visits_of(shop)[2].customer_id
    assert apart not in (seven, eight)
    assert next(iter(proposed(shop, other, vector_of(7, 70)).subjects)) == apart
    put_right(shop, erase_person, seven)
    assert seven not in proposed(shop, other, vector_of(7)).subjects
    assert proposed(shop, other, vector_of(7)).people == 2


def test_who_was_erased_is_forgotten_although_nobody_looks(shop: Shop, recognizer: Recognizer) -> None:
    for person in (7, 8):
        recognizer.handle(shop.walk_in(person, at(person)))
    before = looked(shop, recognizer, recognizer.held)
    assert before
    assert before.looks
    assert numbers_like(before, vector_of(7)) > 0.99
    put_right(shop, erase_person, visits_of(shop)[0].customer_id)
    recognizer.held.forget_gone(recognizer.engine)
    assert len(before.looks) == 1
    assert numbers_like(before, vector_of(7)) < 0.5
    assert numbers_like(before, vector_of(8)) > 0.99


def numbers_like(one: Looked, vector: FloatArray) -> float:
    """Return how like anything in the gallery's memory is, whatever it says of it."""
    return max(float((block.vectors @ vector).max()) for block in vars(one.looks)["_blocks"])


def test_a_look_that_leaves_before_a_slower_thread_adds_it_stays_away(shop: Shop, recognizer: Recognizer) -> None:
    held, leaving = HeldGalleries(), new_id()
    enrol(shop, recognizer, looks_around([new_id()], seed=3))
    assert looked(shop, recognizer, held)
    enrol(shop, recognizer, looks_around([leaving], seed=4))
    slower, read = HeldGalleries(), held_galleries.read_changes

    def overtaken(*asked: Any) -> Any:
        found = read(*asked)
        remove(shop, leaving)
        held.forget_gone(recognizer.engine)
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(held_galleries, "read_changes", overtaken)
        found = looked(shop, recognizer, held)
    assert found
    assert found.people == 1
    fresh = looked(shop, recognizer, slower)
    assert fresh
    assert fresh.people == 1


def test_a_small_gallery_is_recognized_while_the_index_is_away(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    nowhere = turned_index(f"http://127.0.0.1:{free_port()}")
    away = replace(recognizer, vectors=nowhere, held=HeldGalleries(), index_rests=RestAfterFailure())
    assert away.handle(shop.walk_in(7, at(60))).result == "recognized"
    assert away.handle(shop.walk_in(9, at(61))).result == "recognized"
    assert not away.index_rests.is_over, "the next track does not wait for the index again"
    assert away.handle(shop.walk_in(9, at(120))).result == "recognized"
    assert [visit.status for visit in visits_of(shop)] == ["new", "returning", "new", "returning"]
    assert people(shop) == 2
    assert recognizer.handle(shop.walk_in(9, at(300))).result == "recognized"
    assert people(shop) == 2


def test_a_larger_one_is_read_beside_and_the_index_is_asked_meanwhile(
    shop: Shop, opens: OpenShop, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_galleries, "AT_ONCE", 7)
    larger, known, held = opens(), [new_id() for _ in range(PEOPLE)], HeldGalleries()
    looks = looks_around(known, seed=5)
    enrol(larger, recognizer, looks)
    enrol(shop, recognizer, looks[:LOOKS])
    assert looked(larger, recognizer, held) is None
    small = looked(shop, recognizer, held)
    assert small
    assert small.people == 1
    whole = wait_for(lambda: looked(larger, recognizer, held), "the larger gallery was read")
    assert whole.looks
    assert (len(whole.looks), whole.people) == (PEOPLE * LOOKS, PEOPLE)
    assert all(whole.looks.nearest(look, 1, 1) == [one] for one, look in looks)


def test_memory_is_bounded_and_who_was_asked_for_longest_goes(opens: OpenShop, recognizer: Recognizer) -> None:
    now_s = [1000.0]
    first, second, third = shops = [opens() for _ in range(3)]
    for one in shops:
        enrol(one, recognizer, looks_around([new_id() for _ in range(12)], seed=6))
    room = HeldGalleries()
    looked(first, recognizer, room)
    held = HeldGalleries(int(2.2 * room.size_bytes), lambda: now_s[0])
    assert looked(first, recognizer, held)
    assert looked(second, recognizer, held)
    looked(third, recognizer, held)
    assert looked(third, recognizer, held) is None, "both others were asked for just now"
    now_s[0] += HOT_S + 1
    assert looked(second, recognizer, held)
    assert looked(third, recognizer, held)
    assert held.size_bytes <= 2.2 * room.size_bytes
    held_now = {gallery.scope_id for gallery, copy in vars(held)["_copies"].items() if copy.size_bytes}
    assert held_now == {second.tenant.scope_id, third.tenant.scope_id}
    too_small = HeldGalleries(room.size_bytes)
    looked(first, recognizer, too_small)
    assert looked(first, recognizer, too_small) is None
    assert too_small.size_bytes == 0


def test_another_database_under_the_same_name_is_read_anew(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    copy = vars(recognizer.held)["_copies"][gallery_of(shop, recognizer)]
    for before in (replace(copy.up_to, database="restored"), replace(copy.up_to, at=at(-60 * 24 * 30))):
        copy.up_to = before
        assert looked(shop, recognizer, recognizer.held) is None
        anew = looked(shop, recognizer, recognizer.held)
        assert anew
        assert anew.people == 1
        copy = vars(recognizer.held)["_copies"][gallery_of(shop, recognizer)]
