"""Where a chain or a camera only counts: no embedding is computed, nobody is known, and no picture stays."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import pytest

from regulars.domain.faces import FloatArray, Image
from regulars.domain.tracks import Crossing
from regulars.errors import DependencyAway
from regulars.ports import ObjectStore
from regulars.steps.drop_shots import drop_counted_shots
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.store.tables import crossings, customers, face_templates
from regulars.store.tenants import change_tenant
from tests.fake_pack import face_of
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import count, sightings_of, visits_of

CROSSED = (Crossing(at=at(0, 1), direction="in"),)


class NeverEmbeds:
    """An embedder that fails the test when it is asked."""

    def embed(self, crops: Sequence[tuple[Image, FloatArray]]) -> NoReturn:
        pytest.fail("an embedding was asked for where people are only counted")


@pytest.fixture
def counter(recognizer: Recognizer) -> Recognizer:
    return replace(recognizer, pack=replace(recognizer.pack, embedder=NeverEmbeds()))


@pytest.fixture(params=["chain", "camera"])
def counting(request: pytest.FixtureRequest, opens: OpenShop) -> Shop:
    """A shop that only counts, because the chain or because each camera says so."""
    if request.param == "chain":
        return opens(recognition=False)
    shop = opens(cameras_there=0)
    shop.add_camera(recognition=False)
    return shop


def pictures(shop: Shop) -> list[str]:
    return [one.key for one in shop.objects.list(f"tracks/{shop.tenant.tenant_id}/") if one.key.endswith(".jpg")]


def test_people_are_counted_with_gender_and_direction_and_nothing_else_is_kept(
    counting: Shop, counter: Recognizer
) -> None:
    for minutes in (0, 60):
        counter.handle(counting.walk_in(7, at(minutes), crossings=CROSSED if minutes == 0 else ()))
    assert [(one.outcome, one.reason) for one in sightings_of(counting)] == [("undetermined", "recognition_off")] * 2
    assert [(one.gender, one.direction, one.customer_id) for one in visits_of(counting)] == [("female", "in", None)] * 2
    assert count(counting, crossings) == 1
    assert (count(counting, customers), count(counting, face_templates)) == (0, 0)
    assert pictures(counting) == []
    assert [one.shots for one in sightings_of(counting)] == [[], []]
    assert [one.pack for one in sightings_of(counting)] == [None, None]


def test_who_is_recognized_elsewhere_is_not_here(opens: OpenShop, recognizer: Recognizer, counter: Recognizer) -> None:
    shop = opens()
    recognizer.handle(shop.walk_in(7, at(0)))
    with transaction(shop.engine, shop.tenancy()) as connection:
        change_tenant(connection, shop.tenant.tenant_id, recognition=False)
    counter.handle(shop.walk_in(7, at(60)))
    assert [visit.customer_id is None for visit in visits_of(shop)] == [False, True]
    assert count(shop, face_templates) == 1


def test_pictures_that_cannot_be_read_do_not_lose_the_count(counting: Shop, counter: Recognizer) -> None:
    handled = counter.handle(counting.write(counting.manifest(at(0)), b"junk"))
    assert handled.result == "recognized"
    assert [one.gender for one in visits_of(counting)] == ["unknown"]
    assert pictures(counting) == []


def test_what_is_sent_again_is_deleted_again(counting: Shop, counter: Recognizer) -> None:
    manifest = counting.manifest(at(0))
    counter.handle(counting.write(manifest, face_of(7)))
    assert counter.handle(counting.write(manifest, face_of(7))).result == "already"
    assert pictures(counting) == []


def test_what_an_outage_has_left_is_deleted_later(
    counting: Shop, counter: Recognizer, objects: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_self: object, _keys: object) -> NoReturn:
        raise DependencyAway("the store is away")

    with monkeypatch.context() as patched:
        patched.setattr(type(objects), "delete", away)
        assert counter.handle(counting.walk_in(7, at(0))).result == "recognized"
    assert len(pictures(counting)) == 3
    assert drop_counted_shots(engine=counter.engine, objects=objects) >= 1
    assert pictures(counting) == []
    assert drop_counted_shots(engine=counter.engine, objects=objects) == 0
