"""Looking back at a gallery: one person enrolled twice becomes one, the doubtful are asked about, the sure two stay."""

from regulars.ids import new_id
from regulars.steps.recognize import Recognizer
from regulars.steps.undo_correction import undo_correction
from regulars.store.corrections import page_of_corrections
from regulars.store.merge_proposals import page_of_proposals
from regulars.store.paging import Piece
from regulars.store.people import change_customer
from regulars.store.session import transaction
from tests.fake_pack import vector_of
from tests.people_seen import (
    audited,
    by,
    consolidate,
    days_touched,
    indexed,
    looks_of,
    put_right,
    read,
    story,
    teach,
)
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import people, visits_of

DAY = 60 * 24


def enrolled_twice(shop: Shop, recognizer: Recognizer, *, alike: bool = True) -> None:
    """Enrol person 7 twice, a day between; later looks show that the two are one, if `alike`."""
    for minutes, likeness in ((0, 58), (DAY, 50 if alike else 44)):
        recognizer.handle(shop.walk_in(7, at(minutes), likeness_percent=likeness))
    one, other = visits_of(shop)
    assert one.customer_id != other.customer_id
    teach(shop, recognizer, one.customer_id, vector_of(7))
    if alike:
        teach(shop, recognizer, other.customer_id, vector_of(7, 95))


def proposals(shop: Shop) -> list[tuple[str, bool]]:
    found = read(shop, page_of_proposals, shop.tenant.tenant_id, Piece("-created_at", 10))
    return [(one.reason, one.tenant_id is not None) for one in found.rows]


def test_one_person_enrolled_twice_becomes_one_customer_and_two_again(shop: Shop, recognizer: Recognizer) -> None:
    enrolled_twice(shop, recognizer)
    before, others = story(shop), looks_of(shop, visits_of(shop)[1].customer_id)
    done = consolidate(shop, recognizer)
    assert (done.merged, done.proposed) == (1, 0)
    first, second = visits_of(shop)
    assert first.customer_id == second.customer_id
    assert [first.status, second.status] == ["new", "returning"]
    held = {look.template_id for look in looks_of(shop, first.customer_id)}
    assert 0 < len(held) <= 5
    assert held <= indexed(recognizer)
    assert not {look.template_id for look in others} & indexed(recognizer)
    assert audited(shop)[-1] == "customers.merged"
    assert days_touched(shop) == [second.started_at.date()]
    recognizer.handle(shop.walk_in(7, at(2 * DAY), likeness_percent=50))
    assert visits_of(shop)[2].customer_id == first.customer_id
    [correction] = read(shop, page_of_corrections, shop.tenant.tenant_id, Piece("-at", 10)).rows
    assert (correction.kind, correction.actor) == ("merged", "consolidation")
    put_right(shop, undo_correction, correction.correction_id)
    assert [row[:3] for row in story(shop)[:2]] == [row[:3] for row in before[:2]]
    assert consolidate(shop, recognizer).merged == 0, "two whom a human has parted stay two"


def test_what_is_alike_without_being_sure_is_proposed_once_and_in_words(shop: Shop, recognizer: Recognizer) -> None:
    enrolled_twice(shop, recognizer, alike=False)
    assert (consolidate(shop, recognizer).merged, people(shop)) == (0, 2)
    assert proposals(shop) == [("alike", True)]
    assert consolidate(shop, recognizer).proposed == 0


def test_profiles_that_differ_are_for_a_human(shop: Shop, recognizer: Recognizer) -> None:
    enrolled_twice(shop, recognizer)
    with transaction(shop.engine, shop.tenancy()) as connection:
        for visit, name in zip(visits_of(shop), ("Lan", "Mai"), strict=True):
            assert visit.customer_id
            change_customer(connection, by(shop).scope_id, visit.customer_id, name=name)
    assert consolidate(shop, recognizer).merged == 0
    assert proposals(shop) == [("profiles_differ", True)]


def test_two_who_stood_side_by_side_stay_two_however_alike(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0), box_x=100))
    recognizer.handle(shop.walk_in(8, at(0, 1), box_x=300))
    one, other = visits_of(shop)
    teach(shop, recognizer, one.customer_id, vector_of(9))
    teach(shop, recognizer, other.customer_id, vector_of(9, 97))
    done = consolidate(shop, recognizer)
    assert (done.merged, done.proposed) == (0, 0)
    assert one.customer_id != other.customer_id


def test_strangers_stay_strangers(shop: Shop, recognizer: Recognizer) -> None:
    for person in range(12):
        recognizer.handle(shop.walk_in(person, at(person), track_id=new_id()))
    done = consolidate(shop, recognizer)
    assert (done.people_before, done.merged, done.proposed) == (12, 0, 0)


def test_consolidation_merges_across_the_chains_of_a_network(opens: OpenShop, recognizer: Recognizer) -> None:
    here, there = opens(sharing="network"), opens(sharing="network")
    recognizer.handle(here.walk_in(111, at(0), likeness_percent=58))
    recognizer.handle(there.walk_in(111, at(DAY), likeness_percent=50))
    [one], [other] = visits_of(here), visits_of(there)
    teach(here, recognizer, one.customer_id, vector_of(111))
    teach(there, recognizer, other.customer_id, vector_of(111, 95))
    assert consolidate(here, recognizer).merged == 1
    assert visits_of(there)[0].customer_id == visits_of(here)[0].customer_id == one.customer_id
    assert [visits_of(here)[0].status, visits_of(there)[0].status] == ["new", "new"], "each chain's own first"
    own = read(here, page_of_corrections, here.tenant.tenant_id, Piece("-at", 10))
    assert own.rows == [], "it touched two chains: neither may undo it"
    assert audited(here)[-1] == audited(there)[-1] == "customers.merged"
