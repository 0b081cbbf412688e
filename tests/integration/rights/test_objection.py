"""Somebody objects to being recognized: their next visit is counted as nobody's, and nothing of it is kept."""

from uuid import UUID

import pytest

from regulars.errors import InputRefused, NotFound
from regulars.ids import new_id
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.index_templates import collection_of
from regulars.steps.object_to_recognition import object_to_recognition, withdraw_objection
from regulars.steps.recognize import Recognizer
from regulars.store.objections import Objection
from regulars.store.session import transaction
from regulars.store.tables import face_templates
from regulars.store.templates import remove_templates
from tests.people_seen import MUCH_LATER, follow, looks_of, put_right
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import count, people, sightings_of, visits_of


def object_at(shop: Shop, recognizer: Recognizer, **how: bool) -> Objection:
    """Let the shop's last visitor object; the index and the object store follow."""
    customer_id = visits_of(shop)[-1].customer_id
    objection, _ = put_right(shop, object_to_recognition, customer_id, "at the desk", **how)
    settle(shop, recognizer)
    return objection


def settle(shop: Shop, recognizer: Recognizer) -> None:
    list(
        carry_out_erasures(
            engine=shop.engine, objects=shop.objects, vectors=recognizer.vectors, actor="test", now=MUCH_LATER
        )
    )
    follow(shop, recognizer)


def keys_of(shop: Shop) -> list[str]:
    return [one.key for one in shop.objects.list(f"tracks/{shop.tenant.tenant_id}/")]


def test_who_objected_is_counted_as_nobody_and_nothing_of_it_is_kept(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(6, at(0)))
    object_at(shop, recognizer)
    assert (people(shop), keys_of(shop)) == (0, [])
    recognizer.handle(shop.walk_in(6, at(300), likeness_percent=60))
    seen, visit = sightings_of(shop)[-1], visits_of(shop)[-1]
    assert (seen.outcome, seen.reason, seen.gender, seen.pack) == ("undetermined", "objected", "unknown", None)
    assert (visit.status, visit.customer_id, visit.gender) == ("undetermined", None, "unknown")
    assert (sightings_of(shop)[-1].shots, keys_of(shop), people(shop)) == ([], [], 0)
    assert count(shop, face_templates) == 1, "the look that they are heeded by"


def test_others_are_who_they_were(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(8, at(0)))
    recognizer.handle(shop.walk_in(6, at(60)))
    object_at(shop, recognizer)
    recognizer.handle(shop.walk_in(8, at(300)))
    recognizer.handle(shop.walk_in(9, at(400)))
    assert [one.outcome for one in sightings_of(shop)][2:] == ["known", "new"]


def test_whoever_withdraws_it_is_a_stranger_again(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(6, at(0)))
    objection = object_at(shop, recognizer)
    collection = collection_of(recognizer.pack.digest)
    assert recognizer.vectors.find(collection, (), [objection.objection_id])
    put_right(shop, withdraw_objection, objection.objection_id)
    settle(shop, recognizer)
    assert count(shop, face_templates) == 0
    assert recognizer.vectors.find(collection, (), [objection.objection_id]) == set()
    recognizer.handle(shop.walk_in(6, at(300)))
    assert sightings_of(shop)[-1].outcome == "new"
    with pytest.raises(NotFound):
        put_right(shop, withdraw_objection, objection.objection_id)


def test_it_counts_at_the_chain_where_it_was_made_or_in_the_whole_network(
    opens: OpenShop, recognizer: Recognizer
) -> None:
    here, there = opens(sharing="network"), opens(sharing="network")
    for person, whole, elsewhere in ((66, False, "new"), (67, True, "undetermined")):
        recognizer.handle(here.walk_in(person, at(person * 1000)))
        object_at(here, recognizer, whole=whole)
        recognizer.handle(here.walk_in(person, at(person * 1000 + 300)))
        assert sightings_of(here)[-1].reason == "objected"
        recognizer.handle(there.walk_in(person, at(person * 1000 + 300)))
        assert sightings_of(there)[-1].outcome == elsewhere


def test_without_a_look_nobody_could_be_heeded_and_nothing_is_changed(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(6, at(0)))
    with pytest.raises(NotFound):
        put_right(shop, object_to_recognition, new_id(), "by letter")
    with transaction(shop.engine, shop.tenancy()) as connection:
        remove_templates(connection, shop.tenant.scope_id, [one.template_id for one in looks_of(shop, _only(shop))])
    with pytest.raises(InputRefused) as refusal:
        put_right(shop, object_to_recognition, _only(shop), "by letter")
    assert refusal.value.reason == "no_look"
    assert people(shop) == 1


def _only(shop: Shop) -> UUID | None:
    return visits_of(shop)[0].customer_id
