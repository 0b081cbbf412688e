"""Pictures grow old: deleted in the object store and forgotten in PostgreSQL, by a clock that tests move by months."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from compose.onebox.place import free_port
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.errors import ConfigurationRefused, DependencyAway
from regulars.ids import new_id
from regulars.settings import load_settings
from regulars.steps.enroll_staff import Photograph, enroll_staff
from regulars.steps.forget_inactive import forget_inactive
from regulars.steps.index_templates import collection_of
from regulars.steps.purge_photographs import purge_photographs
from regulars.steps.purge_raw_faces import Purged, purge_raw_faces
from regulars.steps.purge_records import NEWS_KEPT, SET_ASIDE_KEPT, purge_records
from regulars.steps.recognize import Recognizer
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.set_aside import list_set_aside
from regulars.store.sightings import sightings_between
from regulars.store.tenants import change_tenant
from regulars.tenancy import PLATFORM
from tests.fake_pack import photograph_of
from tests.people_seen import looks_of, read
from tests.recognizing import OpenShop
from tests.shop import Shop
from tests.visits_seen import live_kinds, people, visits_of

TODAY = datetime.now(UTC)
TABLES = (
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    " and not relispartition and relname <> 'alembic_version'"
)
PRODUCT = {
    *("tenants", "sites", "cameras", "camera_leases", "staff", "staff_sites", "staff_photographs", "customers"),
    *("tenant_customers", "face_templates", "sightings", "visits", "crossings", "rollup_days", "visitor_numbers"),
    *("face_template_keys", "person_keys", "camera_sight"),
    *("corrections", "merge_proposals", "kept_apart", "saved_reports", "saved_report_recipients"),
    *("webhooks", "users", "user_sites", "api_keys", "second_factors", "recovery_codes", "simulated_tenants"),
}
"""As many as there are visits, people, shops and accounts; what an erasure or a chain that leaves takes with it."""
PROOF = {"audit_log", "erasures", "consents", "objections", "departures"}
IN_USE = {
    *("limits", "dirty_days", "looks_wanted", "camera_outages", "camera_watchers", "live_pictures", "camera_trials"),
    *("report_issues", "report_mails"),
}
"""Removed where they are used: when they are done, with every heartbeat, after a saved report's months."""
GROWS_OLD = {
    *("live_events", "idempotency_keys", "webhook_deliveries", "webhook_attempts", "sessions", "one_time_links"),
    *("events_set_aside", "templates_gone"),
}
"""`purge_records`."""


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


class _Cut(S3ObjectStore):
    """FAKE in one thing: its second call to delete fails, as of a store that goes away in the middle."""

    calls = 0

    def delete(self, keys: Iterable[str]) -> int:
        self.calls += 1
        if self.calls == 2:
            raise DependencyAway("cut off")
        return super().delete(keys)


def test_a_purge_that_is_cut_off_is_done_by_the_next(
    shop: Shop, recognizer: Recognizer, object_store_server: SeaweedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.steps.purge_raw_faces._AT_ONCE", 3)
    recognizer.handle(shop.walk_in(7, TODAY))
    later = TODAY + timedelta(days=40)
    with pytest.raises(DependencyAway):
        list(purge_raw_faces(engine=shop.engine, objects=_Cut(object_store_server.url), now=later, actor="flow"))
    left = keys_of(shop)
    assert left
    assert len(shots_known(shop)) == 3
    assert [one for one in read(shop, entries, shop.tenant.tenant_id) if one.action == "faces.purged"] == []
    assert purge(shop, later) == Purged(shop.tenant.tenant_id, len(left), 1, 0, 0)
    assert (keys_of(shop), shots_known(shop)) == ([], [])


def test_no_chain_and_no_setting_may_keep_pictures_for_longer(shop: Shop, recognizer: Recognizer) -> None:
    with pytest.raises(IntegrityError, match="tenants_retention_days_check"):
        keep_for(shop, retention_days=31)
    with pytest.raises(ConfigurationRefused, match="REGULARS_RETENTION_DAYS"):
        load_settings((), retention_days=31)
    recognizer.handle(shop.walk_in(8, TODAY))
    done = purge_raw_faces(
        engine=shop.engine, objects=shop.objects, now=TODAY + timedelta(days=32), actor="flow", longest_days=90
    )
    assert next(one for one in done if one.tenant_id == shop.tenant.tenant_id).objects == 4


def test_photographs_of_staff_stay_as_long_as_they_are_staff(shop: Shop, recognizer: Recognizer) -> None:
    pictures = [Photograph(f"{number}", photograph_of(77, likeness)) for number, likeness in enumerate((100, 97))]
    enroll_staff("Mai", pictures, tenant=shop.tenant, recognizer=recognizer)
    later = TODAY + timedelta(days=29)  # other chains of these tests have no old pictures then
    of_hers = {one.key for one in shop.objects.list(f"people/{shop.tenant.tenant_id}/")}
    orphan, nobodys = f"people/{shop.tenant.tenant_id}/{new_id()}/{new_id()}.jpg", f"people/{new_id()}/x.jpg"
    for key in (orphan, nobodys):
        shop.objects.put(key, b"a portrait", "image/jpeg")
    purge(shop, later)
    assert purge_photographs(engine=shop.engine, objects=shop.objects, now=datetime.now(UTC))[0] == 0
    assert purge_photographs(engine=shop.engine, objects=shop.objects, now=later)[0] >= 2
    left = {one.key for one in shop.objects.list("people/")}
    assert of_hers <= left
    assert not {orphan, nobodys} & left


def test_rows_that_served_their_time_go(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(9, TODAY))
    key = shop.write(shop.manifest(TODAY), b"junk")
    recognizer.handle(key)
    now = datetime.now(UTC)
    assert live_kinds(shop)
    purge_records(engine=shop.engine, now=now + NEWS_KEPT - timedelta(minutes=5))
    assert live_kinds(shop)
    gone = purge_records(engine=shop.engine, now=now + NEWS_KEPT + timedelta(minutes=5))
    assert gone["news"] >= 1
    assert live_kinds(shop) == []
    assert key in set_aside_keys(shop)
    assert purge_records(engine=shop.engine, now=now + SET_ASIDE_KEPT + timedelta(minutes=5))["set_aside"] >= 1
    assert key not in set_aside_keys(shop)
    assert sum(purge_records(engine=shop.engine, now=now + SET_ASIDE_KEPT + timedelta(minutes=5)).values()) == 0


def test_every_table_is_the_products_own_proof_or_grows_old(shop: Shop) -> None:
    """A table that is new must be put into one of these: nothing may grow for ever unnoticed."""
    with transaction(shop.engine, PLATFORM) as connection:
        there = set(connection.scalars(text(TABLES)))
    assert there == PRODUCT | PROOF | IN_USE | GROWS_OLD


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


def set_aside_keys(shop: Shop) -> list[str]:
    with transaction(shop.engine, PLATFORM) as connection:
        return [one.object_key for one in list_set_aside(connection, limit=100_000)]


def shots_known(shop: Shop) -> list[str]:
    """Return the shots that PostgreSQL knows of the shop's sightings."""
    seen = read(shop, sightings_between, shop.tenant.tenant_id, TODAY - timedelta(days=900), TODAY + timedelta(1))
    return [shot["key"] for one in seen for shot in one.shots]
