"""A restore from before an erasure brings a person back; the ledger, or its copy with the objects, sends them away."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, text

from regulars.errors import InputRefused
from regulars.steps.carry_out_erasures import LEDGER, carry_out_erasures
from regulars.steps.correct_visit import not_this_person
from regulars.steps.erase_person import erase_person
from regulars.steps.index_templates import collection_of, reindex
from regulars.steps.recognize import Recognizer
from regulars.steps.replay_erasures import Replayed, replay_erasures
from regulars.steps.undo_correction import undo_correction
from regulars.store.rights_tables import erasures
from tests.fake_pack import face_of
from tests.people_seen import MUCH_LATER, follow, put_right
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import people, templates, visits_of

RESTORED = (
    *("customers", "tenant_customers", "staff", "staff_photographs", "face_templates", "face_template_keys"),
    *("corrections", "sightings", "visits"),
)
"""A copy of everything, data keys too: the worst that can come back."""


def dumped(owner: Engine, shop: Shop) -> dict[str, list[str]]:
    """Return the rows of the shop's gallery and visits as JSON, by table: what a dump holds of them."""
    with owner.connect() as connection:
        return {
            table: list(
                connection.scalars(
                    text(f"select to_jsonb(t)::text from {table} t where to_jsonb(t)::text like :mine"),  # noqa: S608
                    {"mine": f"%{shop.tenant.tenant_id}%"},
                )
            )
            for table in RESTORED
        }


def restore(owner: Engine, rows: dict[str, list[str]]) -> None:
    """Put these rows in the place of those of the same key, as PostgreSQL restored from a dump would show them."""
    with owner.begin() as connection:
        connection.execute(text("set session_replication_role = replica"))
        for table, held in rows.items():
            for row in held:
                key = {"sightings": "track_id", "visits": "visit_id"}.get(table)
                if key:
                    gone = text(f"delete from {table} where {key} = (cast(:row as jsonb) ->> '{key}')::uuid")  # noqa: S608
                    connection.execute(gone, {"row": row})
                back = f"insert into {table} overriding system value select * from jsonb_populate_record(null::{table}, :row)"  # noqa: E501, S608
                connection.execute(text(back.replace(":row", "cast(:row as jsonb)")), {"row": row})


def replay(shop: Shop, recognizer: Recognizer) -> Replayed:
    how: dict[str, Any] = {"engine": shop.engine, "objects": shop.objects, "actor": "flow", "now": MUCH_LATER}
    replayed = replay_erasures(**how)
    list(carry_out_erasures(**how, vectors=recognizer.vectors))
    return replayed


@pytest.fixture
def erased(shop: Shop, recognizer: Recognizer, owner: Engine) -> Callable[[], None]:
    """Somebody came twice, one visit was put right and a dump was taken; then they were erased. Call it to restore."""
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(shop.walk_in(7, at(90), likeness_percent=70))
    put_right(shop, not_this_person, visits_of(shop)[1].visit_id)
    follow(shop, recognizer)
    before = dumped(owner, shop)
    for customer_id in [one.customer_id for one in visits_of(shop)]:
        put_right(shop, erase_person, customer_id)
    list(
        carry_out_erasures(
            engine=shop.engine, objects=shop.objects, vectors=recognizer.vectors, actor="flow", now=MUCH_LATER
        )
    )
    return lambda: restore(owner, before)


def test_whoever_a_restore_brings_back_is_erased_again(
    shop: Shop, recognizer: Recognizer, erased: Callable[[], None]
) -> None:
    assert replay(shop, recognizer) == Replayed(0, 0, 0)
    erased()
    assert people(shop) == 2
    back = [one.customer_id for one in visits_of(shop) if one.customer_id]
    collection = collection_of(recognizer.pack.digest)
    list(
        reindex(
            engine=shop.engine,
            vectors=recognizer.vectors,
            pack=recognizer.pack.digest,
            dimension=recognizer.pack.dimension,
        )
    )
    assert len(recognizer.vectors.find(collection, (), back)) == 2
    assert replay(shop, recognizer).people == 2
    assert (people(shop), templates(shop)) == (0, [])
    assert [one.customer_id for one in visits_of(shop)] == [None, None]
    assert recognizer.vectors.find(collection, (), back) == set()
    assert replay(shop, recognizer) == Replayed(0, 0, 0)


def test_a_ledger_that_was_lost_in_the_restore_is_read_from_the_object_store(
    shop: Shop, recognizer: Recognizer, owner: Engine, erased: Callable[[], None]
) -> None:
    erased()
    with owner.begin() as connection:
        connection.execute(delete(erasures).where(erasures.c.scope_id == shop.tenant.scope_id))
    replayed = replay(shop, recognizer)
    assert (replayed.entries, replayed.people, people(shop)) == (2, 2, 0)


def test_a_copy_that_the_object_store_lost_is_written_again(
    shop: Shop, recognizer: Recognizer, owner: Engine, erased: Callable[[], None]
) -> None:
    with owner.connect() as connection:
        query = select(erasures.c.erasure_id).where(erasures.c.scope_id == shop.tenant.scope_id)
        mine = {f"{LEDGER}{one}.json" for one in connection.scalars(query)}
    kept = {one.key for one in shop.objects.list(LEDGER)}
    assert len(mine) == 2
    assert mine <= kept
    shop.objects.delete(sorted(mine))
    replay(shop, recognizer)
    assert mine <= {one.key for one in shop.objects.list(LEDGER)}


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"scope_id": 1}'])
def test_a_copy_that_cannot_be_read_stops_no_erasure_and_is_written_again(
    shop: Shop, recognizer: Recognizer, owner: Engine, erased: Callable[[], None], damage: bytes
) -> None:
    with owner.connect() as connection:
        mine = connection.scalars(select(erasures.c.erasure_id).where(erasures.c.scope_id == shop.tenant.scope_id))
        key = f"{LEDGER}{mine.all()[0]}.json"
    whole = json.loads(shop.objects.get(key, 10_000))
    shop.objects.put(key, damage, "application/json")
    erased()
    assert replay(shop, recognizer).people == 2
    assert json.loads(shop.objects.get(key, 10_000)) == whole


def test_what_would_bring_an_erased_person_back_is_refused(
    shop: Shop, recognizer: Recognizer, erased: Callable[[], None], owner: Engine
) -> None:
    erased()
    with owner.connect() as connection:
        mine = text("select correction_id from corrections where scope_id = :scope")
        correction_id = connection.scalar(mine, {"scope": shop.tenant.scope_id})
    with pytest.raises(InputRefused) as refusal:
        put_right(shop, undo_correction, correction_id)
    assert refusal.value.reason == "erased"


def test_pictures_of_the_person_that_come_late_or_back_are_deleted(opens: OpenShop, recognizer: Recognizer) -> None:
    shop = opens()
    manifest = shop.manifest(at(0))
    key = shop.write(manifest, face_of(7))
    recognizer.handle(key)
    put_right(shop, erase_person, visits_of(shop)[0].customer_id)
    replay(shop, recognizer)
    shop.write(manifest, face_of(7))
    assert recognizer.handle(key).result == "already"
    assert list(shop.objects.list(key.removesuffix("track.json"))) == []
    shop.write(manifest, face_of(7))
    assert (
        replay_erasures(engine=shop.engine, objects=shop.objects, actor="flow", now=recognizer.clock()).objects
        == len(manifest.shots) + 1
    )
