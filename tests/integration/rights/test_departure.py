"""A chain leaves: nothing of it remains in any table, the index or the object store, and others keep what is theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from compose.onebox.place import free_port
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.errors import DependencyAway, InputRefused
from regulars.ids import new_id
from regulars.ports import ObjectStore
from regulars.steps.merge_people import merge_people
from regulars.steps.object_to_recognition import object_to_recognition
from regulars.steps.offboard_tenant import Offboarding, ask_to_leave
from regulars.steps.recognize import Recognizer
from regulars.store.departures import Departure
from regulars.store.session import transaction
from regulars.store.users import User, add_user
from regulars.tenancy import PLATFORM
from tests.everywhere import Everywhere
from tests.people_seen import follow, looks_of, put_right
from tests.recognizing import OpenShop
from tests.shop import NOON, Shop, at
from tests.visits_seen import visits_of

LEDGERS = ("departures",)


@pytest.fixture
def everywhere(
    owner: Engine, objects: ObjectStore, recognizer: Recognizer, milvus_server: MilvusLiteServer
) -> Everywhere:
    return Everywhere(owner, objects, recognizer, milvus_server.url)


def leaving(shop: Shop) -> None:
    with transaction(shop.engine, shop.tenancy()) as connection:
        ask_to_leave(connection, shop.tenant.tenant_id, "user:owner", NOON, timedelta(days=14))


def leave(shop: Shop, recognizer: Recognizer, days: float, objects: ObjectStore | None = None) -> list[Departure]:
    """Let all go whose time has come so many days after NOON."""
    offboarding = Offboarding(
        engine=shop.engine,
        objects=objects or shop.objects,
        vectors=recognizer.vectors,
        actor="flow",
        now=NOON + timedelta(days=days),
    )
    return list(offboarding.run())


def live_for_a_while(shop: Shop, recognizer: Recognizer, *people: int) -> None:
    """Let people come, be corrected and object, somebody log in and a track be set aside."""
    for number, person in enumerate(people):
        recognizer.handle(shop.walk_in(person, at(number * 90)))
    recognizer.handle(shop.write(shop.manifest(at(1)), b"junk"))
    one, other, objector = (visit.customer_id for visit in visits_of(shop)[:3])
    put_right(shop, merge_people, one, other)
    put_right(shop, object_to_recognition, objector, "at the desk")
    follow(shop, recognizer)
    with transaction(shop.engine, PLATFORM) as connection:
        user = User(new_id(), shop.tenant.tenant_id, f"{new_id().hex}@example.com", "x", "owner", NOON)
        add_user(connection, user)


@pytest.mark.parametrize("sharing", ["isolated", "network"])
def test_nothing_of_a_chain_that_left_is_found_anywhere(
    sharing: str, opens: OpenShop, recognizer: Recognizer, everywhere: Everywhere
) -> None:
    shop, other = opens(sharing=sharing), opens(sharing=sharing)
    live_for_a_while(shop, recognizer, 111, 112, 113, 114)
    recognizer.handle(other.walk_in(114, at(2000)))
    tenant_id = str(shop.tenant.tenant_id)
    mine = [str(one.customer_id) for one in visits_of(shop)[:1]]
    assert len(everywhere.rows_with(tenant_id)) > 10
    leaving(shop)
    assert leave(shop, recognizer, days=13) == []
    [done] = leave(shop, recognizer, days=15)
    assert set(everywhere.rows_with(tenant_id, *mine, except_in=LEDGERS)) <= {"audit_log"}
    said = everywhere.rows_with(tenant_id, *mine).get("audit_log", [])
    assert all("tenant.left" in row for row in said), "the platform notes that a chain has left"
    assert everywhere.objects_with(tenant_id) == []
    assert everywhere.entries_with(tenant_id, *mine) == []
    recognizer.held.forget_gone(recognizer.engine)
    assert shop.tenant.tenant_id not in {gallery.scope_id for gallery in vars(recognizer.held)["_copies"]}
    assert set(done.receipt["remaining"].values()) == {0}
    assert done.receipt["removed"]["visits"] == 4
    assert [one.customer_id is not None for one in visits_of(other)] == [True]
    assert [look.tenant_id for look in looks_of(other, visits_of(other)[0].customer_id)] == (
        [other.tenant.tenant_id] if sharing == "isolated" else []
    )
    assert leave(shop, recognizer, days=30) == []


def test_what_was_interrupted_is_gone_on_with(shop: Shop, recognizer: Recognizer, everywhere: Everywhere) -> None:
    live_for_a_while(shop, recognizer, 121, 122, 123)
    leaving(shop)
    away = S3ObjectStore(f"s3://key:secret@127.0.0.1:{free_port()}/faces?secure=false")
    with pytest.raises(DependencyAway):
        leave(shop, recognizer, 15, away)
    with pytest.raises(InputRefused, match="leaving already"):
        leaving(shop)
    [done] = leave(shop, recognizer, 16)
    assert done.state == "done"
    assert set(everywhere.rows_with(str(shop.tenant.tenant_id), except_in=LEDGERS)) <= {"audit_log"}


def test_a_chain_that_a_restore_brings_back_goes_again(shop: Shop, recognizer: Recognizer, owner: Engine) -> None:
    leaving(shop)
    assert len(leave(shop, recognizer, 15)) == 1
    with owner.begin() as connection:
        back = text(
            "insert into tenants (tenant_id, name, sharing, recognition, created_at, language, retention_days,"
            " least_people_shown, second_factor_required) values (:id, 'back', 'isolated', true, now(), 'vi', 30, 10,"
            " false)"
        )
        connection.execute(back, {"id": shop.tenant.tenant_id})
    assert [one.tenant_id for one in leave(shop, recognizer, 20)] == [shop.tenant.tenant_id]
    assert leave(shop, recognizer, 21) == []


def test_the_audit_log_of_a_chain_that_stays_cannot_be_forgotten(shop: Shop) -> None:
    with transaction(shop.engine, shop.tenancy()) as connection:
        assert connection.scalar(text("select audit_log_forget(:id)"), {"id": shop.tenant.tenant_id}) == 0
