"""Pictures grow old: deleted in the object store and forgotten in PostgreSQL, by a clock that tests move by months."""

from datetime import UTC, datetime, timedelta

import pytest

from compose.onebox.place import free_port
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.errors import DependencyAway
from regulars.ids import new_id
from regulars.steps.forget_inactive import forget_inactive
from regulars.steps.index_templates import collection_of
from regulars.steps.purge_raw_faces import Purged, purge_raw_faces
from regulars.steps.recognize import Recognizer
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.sightings import sightings_between
from regulars.store.tenants import change_tenant
from tests.people_seen import looks_of, read
from tests.recognizing import OpenShop
from tests.shop import Shop
from tests.visits_seen import live_kinds, people, visits_of

TODAY = datetime.now(UTC)


def purge(shop: Shop, now: datetime) -> Purged:
    """Purge everything and return what was done for the shop's chain."""
    done = list(purge_raw_faces(engine=shop.engine, objects=shop.objects, now=now, actor="flow"))
    return next(one for one in done if one.tenant_id == shop.tenant.tenant_id)


def keep_for(shop: Shop, **values: int) -> None:
    with transaction(shop.engine, shop.tenancy()) as connection:
        change_tenant(connection, shop.tenant.tenant_id, **values)


def keys_of(shop: Shop) -> list[str]:
    return [one.key for one in shop.objects.list(f"tracks/{shop.tenant.tenant_id}/")]


def test_pictures_go_when_their_days_are_over_and_not_before(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(1, TODAY))
    assert purge(shop, TODAY + timedelta(days=29)) == Purged(shop.tenant.tenant_id, 0, 0, 4, 0)
    assert len(shots_known(shop)) == 3
    assert purge(shop, TODAY + timedelta(days=32)) == Purged(shop.tenant.tenant_id, 4, 1, 0, 0)
    assert (keys_of(shop), shots_known(shop), people(shop)) == ([], [], 1)
    assert live_kinds(shop) == []
    assert purge(shop, TODAY + timedelta(days=32)) == Purged(shop.tenant.tenant_id, 0, 0, 0, 0)
    [proof, *_] = [one for one in read(shop, entries, shop.tenant.tenant_id) if one.action == "faces.purged"]
    assert proof.detail == {"objects": 0, "sightings": 0, "kept": 0, "older": 0}


def test_a_chain_may_keep_them_for_fewer_days(opens: OpenShop, recognizer: Recognizer) -> None:
    hasty, other = opens(), opens()
    for shop in (hasty, other):
        recognizer.handle(shop.walk_in(2, TODAY))
    keep_for(hasty, retention_days=3)
    purge(hasty, TODAY + timedelta(days=5))
    assert (keys_of(hasty), len(keys_of(other))) == ([], 4)


def test_a_picture_taken_long_ago_is_old_however_late_it_came(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(3, TODAY - timedelta(days=40)))
    assert purge(shop, TODAY).objects == 4


def test_orphans_go_as_well(shop: Shop) -> None:
    lost = f"tracks/{shop.tenant.tenant_id}/{new_id()}/{new_id()}/2026/01/02/{new_id()}/shot-0.jpg"
    nobodys = f"tracks/{new_id()}/{new_id()}/{new_id()}/2026/01/02/{new_id()}/shot-0.jpg"
    for key in (lost, nobodys, "tracks/strange"):
        shop.objects.put(key, b"a face", "image/jpeg" if key.endswith("jpg") else "application/octet-stream")
    done = list(purge_raw_faces(engine=shop.engine, objects=shop.objects, now=TODAY + timedelta(days=31), actor="flow"))
    assert list(shop.objects.list("tracks/")) == []
    assert sum(one.older for one in done) == 0
    assert done[-1].tenant_id is None
    assert done[-1].objects >= 2


def test_an_object_store_that_is_away_delays_the_purge(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(4, TODAY))
    away = S3ObjectStore(f"s3://key:secret@127.0.0.1:{free_port()}/faces?secure=false")
    later = TODAY + timedelta(days=40)
    with pytest.raises(DependencyAway):
        list(purge_raw_faces(engine=shop.engine, objects=away, now=later, actor="flow"))
    assert len(shots_known(shop)) == 3
    assert purge(shop, later).objects == 4


def test_who_has_not_come_for_months_is_forgotten_by_face(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(5, TODAY - timedelta(days=400)))
    recognizer.handle(shop.walk_in(6, TODAY - timedelta(days=10)))
    gone, stays = (one.customer_id for one in visits_of(shop))
    assert forgotten(shop, recognizer) == []
    keep_for(shop, inactive_after_months=12)
    assert forgotten(shop, recognizer) == [(1, 1)]
    assert (looks_of(shop, gone), len(looks_of(shop, stays))) == ([], 1)
    assert gone is not None
    assert recognizer.vectors.find(collection_of(recognizer.pack.digest), (), [gone]) == set()
    assert [one.customer_id for one in visits_of(shop)] == [gone, stays]
    assert forgotten(shop, recognizer) == []
    recognizer.handle(shop.walk_in(5, TODAY))
    assert people(shop) == 3


def forgotten(shop: Shop, recognizer: Recognizer) -> list[tuple[int, int]]:
    done = forget_inactive(engine=shop.engine, vectors=recognizer.vectors, now=TODAY, actor="flow")
    return [(one.customers, one.looks) for one in done if one.tenant_id == shop.tenant.tenant_id]


def shots_known(shop: Shop) -> list[str]:
    """Return the shots that PostgreSQL knows of the shop's sightings."""
    seen = read(shop, sightings_between, shop.tenant.tenant_id, TODAY - timedelta(days=900), TODAY + timedelta(1))
    return [shot["key"] for one in seen for shot in one.shots]
