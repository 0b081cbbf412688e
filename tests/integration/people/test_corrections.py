"""A human puts right who was who: in PostgreSQL and Milvus, audited, with the days touched, and undone again."""

import pytest

from regulars.errors import InputRefused, NotFound
from regulars.ids import new_id
from regulars.steps.correct_visit import not_this_person
from regulars.steps.make_looks import make_looks
from regulars.steps.merge_people import merge_people
from regulars.steps.recognize import Recognizer
from regulars.steps.split_person import split_by_looks, split_by_visits
from regulars.steps.undo_addition import undo_addition
from regulars.steps.undo_correction import undo_correction
from regulars.store.corrections import apart_from
from tests.fake_pack import vector_of
from tests.people_seen import audited, days_touched, follow, indexed, looks_of, put_right, read, story, teach
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import live_kinds, people, sightings_of, visits_of

DAY = 60 * 24


def regular(shop: Shop, recognizer: Recognizer, *visits: tuple[float, int]) -> None:
    """Let person 7 come at these minutes with looks of these likenesses in percent."""
    for minutes, likeness in visits:
        recognizer.handle(shop.walk_in(7, at(minutes), likeness_percent=likeness))


def test_an_addition_is_known_by_its_track_and_undone_in_both_stores(shop: Shop, recognizer: Recognizer) -> None:
    regular(shop, recognizer, (0, 100), (60, 70))
    wrong = sightings_of(shop)[1]
    [_, added] = looks_of(shop, wrong.customer_id)
    assert added.track_id == wrong.track_id
    before = story(shop)
    done = put_right(shop, undo_addition, wrong.track_id)
    follow(shop, recognizer)
    assert [look.track_id for look in looks_of(shop, wrong.customer_id)] == [sightings_of(shop)[0].track_id]
    assert added.template_id not in indexed(recognizer)
    assert audited(shop)[-1] == "customer.addition_undone"
    put_right(shop, undo_correction, done.correction_id)
    follow(shop, recognizer)
    assert story(shop) == before
    assert {look.template_id for look in looks_of(shop, wrong.customer_id)} <= indexed(recognizer)
    assert audited(shop)[-1] == "correction.undone"


def test_a_withdrawn_look_leads_nobody_to_the_customer(shop: Shop, recognizer: Recognizer) -> None:
    regular(shop, recognizer, (0, 100))
    customer_id = visits_of(shop)[0].customer_id
    teach(shop, recognizer, customer_id, vector_of(99))
    [_, wrong] = looks_of(shop, customer_id)
    with pytest.raises(NotFound):
        put_right(shop, undo_addition, wrong.template_id, customer_id=new_id())
    put_right(shop, undo_addition, wrong.template_id)
    recognizer.handle(shop.walk_in(99, at(60)))
    assert sightings_of(shop)[1].outcome == "new"


def test_all_that_is_known_of_a_face_cannot_be_taken(shop: Shop, recognizer: Recognizer) -> None:
    regular(shop, recognizer, (0, 100))
    with pytest.raises(InputRefused, match="all that is known"):
        put_right(shop, undo_addition, sightings_of(shop)[0].track_id)


def test_a_visit_of_somebody_else_makes_a_customer_who_is_found_the_next_time(
    shop: Shop, recognizer: Recognizer
) -> None:
    regular(shop, recognizer, (0, 100), (DAY, 46))
    first, wrong = visits_of(shop)
    assert (wrong.customer_id, wrong.status) == (first.customer_id, "returning")
    before = story(shop)
    done = put_right(shop, not_this_person, wrong.visit_id)
    first, wrong = visits_of(shop)
    assert first.customer_id
    assert wrong.customer_id not in (None, first.customer_id)
    assert [first.status, wrong.status] == ["new", "new"]
    assert read(shop, apart_from, shop.tenant.scope_id, first.customer_id) == {wrong.customer_id}
    assert days_touched(shop) == [wrong.started_at.date()]
    assert live_kinds(shop)[-1] == "visit_changed"
    assert make_looks(recognizer) >= 1
    regular(shop, recognizer, (2 * DAY, 46), (2 * DAY + 60, 100))
    assert [visit.customer_id for visit in visits_of(shop)[2:]] == [wrong.customer_id, first.customer_id]
    put_right(shop, undo_correction, done.correction_id)
    assert {visit.customer_id for visit in visits_of(shop)} == {first.customer_id}
    assert story(shop)[:2] == [before[0], before[1]]
    assert looks_of(shop, wrong.customer_id) == []


def test_a_visit_seen_badly_becomes_undetermined_and_its_look_leaves(shop: Shop, recognizer: Recognizer) -> None:
    regular(shop, recognizer, (0, 100))
    recognizer.handle(shop.walk_in(7, at(DAY), quality=0.6))
    before = story(shop)
    done = put_right(shop, not_this_person, visits_of(shop)[1].visit_id)
    last = visits_of(shop)[1]
    assert (last.customer_id, last.status) == (None, "undetermined")
    assert sightings_of(shop)[1].reason == "not_this_person"
    put_right(shop, undo_correction, done.correction_id)
    assert story(shop) == before


def test_a_customer_is_split_by_visits_and_templates_go_with_them(shop: Shop, recognizer: Recognizer) -> None:
    regular(shop, recognizer, (0, 100), (DAY, 70), (2 * DAY, 100))
    before, chosen = story(shop), visits_of(shop)[1]
    put_right(shop, split_by_visits, chosen.customer_id, [chosen.visit_id])
    first, second, third = visits_of(shop)
    assert first.customer_id == third.customer_id != second.customer_id
    assert [first.status, second.status, third.status] == ["new", "new", "returning"]
    assert [look.track_id for look in looks_of(shop, second.customer_id)] == [sightings_of(shop)[1].track_id]
    assert len(looks_of(shop, first.customer_id)) == 1
    recognizer.handle(shop.walk_in(7, at(3 * DAY), likeness_percent=70))
    assert visits_of(shop)[3].customer_id == second.customer_id
    assert len(before) == 3 + 1 + 2


def test_a_customer_is_split_by_looks_that_are_of_two(shop: Shop, recognizer: Recognizer) -> None:
    regular(shop, recognizer, (0, 100), (DAY, 100))
    customer_id = visits_of(shop)[0].customer_id
    thresholds = {recognizer.pack.digest: recognizer.pack.thresholds}
    with pytest.raises(InputRefused, match="one person"):
        put_right(shop, split_by_looks, customer_id, thresholds, recognizer.wanted_fpir)
    teach(shop, recognizer, customer_id, vector_of(99))
    recognizer.handle(shop.walk_in(99, at(2 * DAY), likeness_percent=80))
    assert len({visit.customer_id for visit in visits_of(shop)}) == 1, "one wrong look has made them one"
    put_right(shop, split_by_looks, customer_id, thresholds, recognizer.wanted_fpir)
    assert [visit.customer_id == customer_id for visit in visits_of(shop)] == [True, True, False]


def test_two_customers_become_one_and_two_again(shop: Shop, recognizer: Recognizer) -> None:
    regular(shop, recognizer, (0, 58), (10, 50), (DAY, 100))
    assert people(shop) == 2
    one, other = visits_of(shop)[:2]
    before = story(shop)
    done = put_right(shop, merge_people, one.customer_id, other.customer_id)
    first, second = visits_of(shop)
    assert (first.visit_id, first.sightings, first.ended_at) == (one.visit_id, 2, at(10, 4))
    assert (first.status, second.status, second.customer_id) == ("new", "returning", first.customer_id)
    assert len(looks_of(shop, first.customer_id)) == 3
    assert looks_of(shop, other.customer_id) == []
    assert "visit_removed" in live_kinds(shop)
    put_right(shop, undo_correction, done.correction_id)
    assert [row[1:] for row in story(shop)] == [row[1:] for row in before]
    assert read(shop, apart_from, shop.tenant.scope_id, one.customer_id) == {other.customer_id}
    with pytest.raises(InputRefused, match="two people"):
        put_right(shop, merge_people, one.customer_id, other.customer_id)


def test_who_stood_side_by_side_is_never_merged(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0), box_x=100))
    recognizer.handle(shop.walk_in(8, at(0, 1), box_x=300))
    one, other = visits_of(shop)
    with pytest.raises(InputRefused) as refused:
        put_right(shop, merge_people, one.customer_id, other.customer_id)
    assert refused.value.reason == "seen_together"


def test_corrections_of_the_same_people_are_undone_from_the_newest(shop: Shop, recognizer: Recognizer) -> None:
    regular(shop, recognizer, (0, 100), (DAY, 70), (2 * DAY, 100))
    before, visits = story(shop), visits_of(shop)
    first = put_right(shop, split_by_visits, visits[1].customer_id, [visits[1].visit_id])
    second = put_right(shop, not_this_person, visits[2].visit_id)
    with pytest.raises(InputRefused, match="newest first"):
        put_right(shop, undo_correction, first.correction_id)
    for correction in (second, first):
        put_right(shop, undo_correction, correction.correction_id)
    assert story(shop) == before
    with pytest.raises(InputRefused, match="undone before"):
        put_right(shop, undo_correction, first.correction_id)


def test_a_chain_puts_right_its_own_visits_only(opens: OpenShop, recognizer: Recognizer) -> None:
    here, there = opens(sharing="network"), opens(sharing="network")
    for person in (41, 42):
        recognizer.handle(here.walk_in(person, at(0, person)))
    recognizer.handle(there.walk_in(41, at(DAY)))
    shared, own = visits_of(here)
    theirs = visits_of(there)[0]
    with pytest.raises(NotFound):
        put_right(here, not_this_person, theirs.visit_id)
    with pytest.raises(NotFound):
        put_right(here, split_by_visits, shared.customer_id, [theirs.visit_id])
    with pytest.raises(NotFound):
        put_right(there, undo_addition, sightings_of(here)[0].track_id)
    with pytest.raises(InputRefused) as refused:
        put_right(here, merge_people, shared.customer_id, own.customer_id)
    assert refused.value.reason == "known_elsewhere"
    done = put_right(here, not_this_person, shared.visit_id)
    assert visits_of(there) == [theirs], "what the other chain saw is as it was"
    with pytest.raises(NotFound):
        put_right(there, undo_correction, done.correction_id)
