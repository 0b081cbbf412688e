"""Somebody is erased: nothing of them is found anywhere, the sums stay, and nothing brings them back."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from compose.onebox.place import free_port
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.adapters.vectors_milvus import MilvusVectorIndex
from regulars.errors import DependencyAway, NotFound
from regulars.ids import new_id
from regulars.ports import ObjectStore
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.change_hands import By
from regulars.steps.erase_person import erase_person
from regulars.steps.index_templates import index_templates
from regulars.steps.merge_people import merge_people
from regulars.steps.recognize import Recognizer
from regulars.steps.undo_correction import undo_correction
from regulars.store.consents import Consent, add_consent
from regulars.store.corrections import keep_apart
from regulars.store.erasures import Erasure
from regulars.store.merge_proposals import propose_merge
from regulars.store.people import change_customer, put_note
from regulars.store.session import transaction
from regulars.store.tables import tenant_customers
from regulars.tenancy import NETWORK_SCOPE_ID, Tenancy
from tests.everywhere import Everywhere, hexadecimal
from tests.fake_pack import vector_of
from tests.people_seen import MUCH_LATER, audited, days_touched, follow, indexed, looks_of, put_right
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import count, sightings_of, visits_of

_HOOK = text("""
insert into webhooks (tenant_id, webhook_id, name, url, events, include_names, active, secret_sealed, created_at)
values (:tenant, :hook, 'till', 'https://example.com', '{}', true, true, '', :now)
""")
_DELIVERY = text("""
insert into webhook_deliveries
    (tenant_id, webhook_id, event_id, type, customer_id, data, happened_at, created_at, state, tries)
values (:tenant, :hook, :event, 'regular.returned', :customer, :data, :now, :now, 'delivered', 1)
""")
PHONE, NAME = "+84 90 555 01 77", "Planted Person"

WHERE_PLANTED = {
    "consents",
    "customers",
    "face_templates",
    "kept_apart",
    "merge_proposals",
    "sightings",
    "tenant_customers",
    "webhook_deliveries",
}


@pytest.fixture
def everywhere(
    owner: Engine, objects: ObjectStore, recognizer: Recognizer, milvus_server: MilvusLiteServer
) -> Everywhere:
    return Everywhere(owner, objects, recognizer, milvus_server.url)


def finish(shop: Shop, recognizer: Recognizer, **away: object) -> list[Erasure]:
    """Carry out what is in progress in every gallery; return what was done in the shop's."""
    how = {"engine": shop.engine, "objects": shop.objects, "vectors": recognizer.vectors} | away
    done = list(carry_out_erasures(**how, actor="caretaker", now=MUCH_LATER))  # pyright: ignore[reportArgumentType]
    return [one for one in done if one.scope_id == shop.tenant.scope_id]


def planted(shop: Shop, recognizer: Recognizer, person: int = 7) -> UUID:
    """Let a person come twice, with two looks, and be known by name; return their id."""
    recognizer.handle(shop.walk_in(person, at(0)))
    recognizer.handle(shop.walk_in(person, at(90), likeness_percent=70))
    customer_id = visits_of(shop)[-1].customer_id
    assert customer_id is not None
    tenant_id = shop.tenant.tenant_id
    with transaction(shop.engine, shop.tenancy()) as connection:
        change_customer(connection, shop.tenant.scope_id, customer_id, name=NAME, phone=PHONE, gender="male")
        add_consent(
            connection, Consent(tenant_id, new_id(), customer_id, "profile", True, NAME, "1", "user:owner", at(0))
        )
        hook = {"tenant": tenant_id, "hook": new_id(), "event": new_id(), "customer": customer_id, "now": at(0)}
        connection.execute(_HOOK, hook)
        connection.execute(_DELIVERY, hook | {"data": f'{{"name": "{NAME}"}}'})
        propose_merge(connection, shop.tenant.scope_id, tenant_id, (customer_id, new_id()), "alike", at(0))
        keep_apart(connection, shop.tenant.scope_id, customer_id, new_id(), new_id(), at(0))
        put_note(connection, tenant_id, customer_id, NAME)
    return customer_id


def keys_of(shop: Shop) -> list[str]:
    return [one.key for one in shop.objects.list(f"tracks/{shop.tenant.tenant_id}/")]


def test_nothing_of_an_erased_person_is_found_anywhere(
    shop: Shop, recognizer: Recognizer, everywhere: Everywhere
) -> None:
    customer_id = planted(shop, recognizer)
    recognizer.handle(shop.walk_in(8, at(5)))
    looks = looks_of(shop, customer_id)
    shop.objects.put(f"people/{shop.tenant.tenant_id}/{customer_id}/card.jpg", b"a photograph", "image/jpeg")
    words = (str(customer_id), customer_id.hex, PHONE, NAME, *(hexadecimal(one.vector) for one in looks))
    tracks = [str(one.track_id) for one in sightings_of(shop) if one.customer_id == customer_id]
    assert set(everywhere.rows_with(*words)) >= WHERE_PLANTED
    assert everywhere.entries_with(str(customer_id))
    assert everywhere.objects_with(*words)
    assert everywhere.nearest(shop.tenant.scope_id, vector_of(7)) > 0.99
    put_right(shop, erase_person, customer_id)
    [done] = finish(shop, recognizer)
    assert everywhere.rows_with(*words) == {}
    assert everywhere.entries_with(*words, *(str(one.template_id) for one in looks)) == []
    assert everywhere.objects_with(*words, *tracks) == []
    assert everywhere.nearest(shop.tenant.scope_id, vector_of(7)) < 0.5
    assert len(keys_of(shop)) == 4, "the other person's three shots and manifest stay"
    removed = done.receipt["removed"]
    assert (removed["customers"], removed["face_templates"], removed["vectors"], removed["objects"]) == (1, 2, 2, 9)
    assert [(one["where"], one["remaining"]) for one in done.receipt["verified"]] == [
        ("postgresql", 0),
        ("vectors", 0),
        ("objects", 0),
    ]


def test_the_sums_stay_and_the_drill_down_goes(shop: Shop, recognizer: Recognizer) -> None:
    customer_id = planted(shop, recognizer)
    before = visits_of(shop)
    put_right(shop, erase_person, customer_id)
    assert visits_of(shop) == [replace(one, customer_id=None) for one in before]
    assert [one.status for one in before] == ["new", "returning"]
    assert [(one.reason, one.shots, one.customer_id, one.gender) for one in sightings_of(shop)] == [
        ("erased", [], None, one.gender) for one in sightings_of(shop)
    ]
    assert days_touched(shop) == [at(0).date()]
    assert audited(shop)[-1] == "customer.erased"
    assert count(shop, tenant_customers) == 0


def test_from_the_first_commit_on_nobody_is_matched_with_them(shop: Shop, recognizer: Recognizer) -> None:
    customer_id = planted(shop, recognizer)
    put_right(shop, erase_person, customer_id)
    assert indexed(recognizer), "the index still has them"
    recognizer.handle(shop.walk_in(7, at(200)))
    assert sightings_of(shop)[-1].outcome == "new"
    assert sightings_of(shop)[-1].customer_id != customer_id
    follow(shop, recognizer)
    with pytest.raises(NotFound):
        put_right(shop, erase_person, customer_id)


def test_a_look_that_was_being_indexed_meanwhile_is_deleted_by_who_wrote_it(shop: Shop, recognizer: Recognizer) -> None:
    customer_id = planted(shop, recognizer)
    looks = looks_of(shop, customer_id)
    put_right(shop, erase_person, customer_id)
    finish(shop, recognizer)
    index_templates(looks, engine=shop.engine, vectors=recognizer.vectors)
    assert not indexed(recognizer) & {one.template_id for one in looks}


def test_it_stays_in_progress_while_a_part_is_away_and_is_finished_later(shop: Shop, recognizer: Recognizer) -> None:
    customer_id = planted(shop, recognizer)
    put_right(shop, erase_person, customer_id)
    nowhere = f"127.0.0.1:{free_port()}"
    for away in (
        {"objects": S3ObjectStore(f"s3://key:secret@{nowhere}/faces?secure=false")},
        {"vectors": MilvusVectorIndex(f"http://{nowhere}")},
    ):
        with pytest.raises(DependencyAway):
            finish(shop, recognizer, **away)
    assert len(finish(shop, recognizer)) == 1
    assert keys_of(shop) == []
    assert finish(shop, recognizer) == []


def test_all_who_turned_out_to_be_the_person_go_and_nothing_can_be_undone(
    shop: Shop, recognizer: Recognizer, everywhere: Everywhere
) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(shop.walk_in(9, at(300)))
    one, other = (visit.customer_id for visit in visits_of(shop))
    merged = put_right(shop, merge_people, one, other)
    put_right(shop, erase_person, one)
    finish(shop, recognizer)
    assert everywhere.rows_with(str(one), str(other), except_in=("audit_log",)) == {}
    left = everywhere.rows_with(str(one), str(other))["audit_log"]
    assert all("customers.merged" in row for row in left), "who did what stays, with ids only"
    with pytest.raises(NotFound):
        put_right(shop, undo_correction, merged.correction_id)


def test_a_chain_forgets_its_own_and_the_network_keeps_what_others_brought(
    opens: OpenShop, recognizer: Recognizer
) -> None:
    here, there = opens(sharing="network"), opens(sharing="network")
    recognizer.handle(here.walk_in(61, at(0)))
    recognizer.handle(there.walk_in(61, at(300), likeness_percent=70))
    customer_id = visits_of(here)[0].customer_id
    assert visits_of(there)[0].customer_id == customer_id
    erasure = put_right(here, erase_person, customer_id)
    finish(here, recognizer)
    assert not erasure.whole
    assert [one.customer_id for one in visits_of(here)] == [None]
    assert [one.customer_id for one in visits_of(there)] == [customer_id]
    assert [one.tenant_id for one in looks_of(there, customer_id)] == [there.tenant.tenant_id]
    assert (keys_of(here), len(keys_of(there))) == ([], 4)
    with pytest.raises(NotFound):
        put_right(here, erase_person, customer_id)
    assert put_right(there, erase_person, customer_id).whole, "nobody else knows them now"


def test_the_operator_erases_the_whole_person_at_every_chain(opens: OpenShop, recognizer: Recognizer) -> None:
    here, there = opens(sharing="network"), opens(sharing="network")
    recognizer.handle(here.walk_in(62, at(0)))
    recognizer.handle(there.walk_in(62, at(300)))
    customer_id = visits_of(here)[0].customer_id
    assert customer_id is not None
    operator = By(Tenancy(None, NETWORK_SCOPE_ID), "platform", MUCH_LATER)
    with transaction(here.engine, operator.tenancy) as connection:
        assert erase_person(connection, customer_id, by=operator).whole
    finish(here, recognizer)
    assert [one.customer_id for one in (*visits_of(here), *visits_of(there))] == [None, None]
    assert (keys_of(here), keys_of(there)) == ([], [])
