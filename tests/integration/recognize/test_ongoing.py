"""A track that is told while its person is still followed, and the manifest that says how it ended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from regulars.domain.tracks import Crossing, TrackManifest
from regulars.steps.lost_tracks import YOUNGEST
from regulars.steps.recognize import Recognizer
from regulars.steps.reconcile import reconcile
from regulars.store.session import transaction
from regulars.store.tables import crossings
from tests.fake_pack import face_of
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import live_kinds, people, sightings_of, templates, visits_of

IN, OUT = Crossing(at=at(0, 1), direction="in"), Crossing(at=at(0, 11), direction="out")


def told_early(shop: Shop, **how: Any) -> TrackManifest:
    """A track two seconds old, whose person has come in and is still there."""
    began = how.pop("began", at(0))
    return shop.manifest(began, seconds=2, crossings=(IN,), **how).model_copy(update={"ongoing": True})


def ended(early: TrackManifest) -> TrackManifest:
    """The same when the person has turned round and gone."""
    return early.model_copy(
        update={
            "ongoing": False,
            "ended_at": early.started_at + timedelta(seconds=12),
            "direction": "unknown",
            "crossings": (IN, OUT),
            "detections": 120,
        }
    )


def crossed(shop: Shop) -> list[str]:
    with transaction(shop.engine, shop.tenancy()) as connection:
        return list(connection.scalars(select(crossings.c.direction).order_by(crossings.c.number)))


def test_a_visit_is_there_while_the_person_is_and_its_end_is_written_once(shop: Shop, recognizer: Recognizer) -> None:
    early = told_early(shop)
    assert recognizer.handle(shop.write(early, face_of(7))).result == "recognized"
    [visit] = visits_of(shop)
    assert (visit.status, visit.ended_at, visit.direction) == ("new", at(0, 2), "in")
    assert recognizer.handle(shop.write(early, face_of(7))).result == "already"
    for _ in range(2):
        assert recognizer.handle(shop.write(ended(early), face_of(7))).result == "already"
    [visit] = visits_of(shop)
    assert (visit.ended_at, visit.direction, visit.sightings) == (at(0, 12), "unknown", 1)
    [sighting] = sightings_of(shop)
    assert (sighting.ongoing, sighting.detections, sighting.ended_at) == (False, 120, at(0, 12))
    assert crossed(shop) == ["in", "out"]
    assert (people(shop), len(templates(shop))) == (1, 1)
    assert live_kinds(shop) == ["visit_opened", "visit_changed"]


def test_an_end_that_overtakes_its_beginning_is_the_whole_track(shop: Shop, recognizer: Recognizer) -> None:
    early = told_early(shop)
    shop.write(early, face_of(7))
    key = shop.write(ended(early), face_of(7))
    assert [recognizer.handle(key).result for _ in range(2)] == ["recognized", "already"]
    assert [(visit.ended_at, visit.sightings) for visit in visits_of(shop)] == [(at(0, 12), 1)]
    assert crossed(shop) == ["in", "out"]


def test_an_end_whose_event_was_lost_is_found(shop: Shop, recognizer: Recognizer) -> None:
    early = told_early(shop)
    recognizer.handle(shop.write(early, face_of(7)))
    shop.write(ended(early), face_of(7))
    later = replace(recognizer, clock=lambda: datetime.now(UTC) + YOUNGEST * 2)
    day = at(0).date()
    for handled in (1, 0):
        found = list(reconcile(later, day, day, tenant_name=shop.tenant.name))
        assert sum(len(one.handled) for one in found) == handled
    assert [visit.ended_at for visit in visits_of(shop)] == [at(0, 12)]


def test_of_one_who_cannot_be_told_the_end_prolongs_the_only_visit(shop: Shop, recognizer: Recognizer) -> None:
    shop.add_camera(recognition=False)
    early = told_early(shop, camera=2)
    recognizer.handle(shop.write(early, face_of(7)))
    recognizer.handle(shop.write(ended(early), face_of(7)))
    [visit] = visits_of(shop)
    assert (visit.status, visit.ended_at, visit.gender) == ("undetermined", at(0, 12), "female")
    assert [key for key in shop.objects.list(f"tracks/{shop.tenant.tenant_id}/") if key.key.endswith(".jpg")] == []


def test_an_end_that_reaches_another_visit_makes_them_one(opens: OpenShop, recognizer: Recognizer) -> None:
    shop = opens(gap_minutes=0.1)
    early = told_early(shop)
    recognizer.handle(shop.write(early, face_of(7)))
    recognizer.handle(shop.walk_in(7, at(0, 15), camera=1))
    assert len(visits_of(shop)) == 2
    recognizer.handle(shop.write(ended(early), face_of(7)))
    [visit] = visits_of(shop)
    assert (visit.started_at, visit.ended_at, visit.sightings) == (at(0), at(0, 19), 2)
    assert {one.visit_id for one in sightings_of(shop)} == {visit.visit_id}


def test_a_face_lost_while_the_track_was_ongoing_becomes_the_same_visit(
    opens: OpenShop, recognizer: Recognizer
) -> None:
    shop = opens(gap_minutes=0)
    early = told_early(shop)
    recognizer.handle(shop.write(early, face_of(7)))
    recognizer.handle(shop.walk_in(7, at(0, 13)))
    assert recognizer.handle(shop.walk_in(7, at(0, 40))).result == "recognized"
    recognizer.handle(shop.write(ended(early), face_of(7)))
    assert [visit.sightings for visit in visits_of(shop)] == [2, 1], "who came again later is another one"


@pytest.mark.parametrize("beside", [True, False])
def test_whom_the_worker_saw_beside_an_ongoing_track_is_somebody_else(
    beside: bool, shop: Shop, recognizer: Recognizer
) -> None:
    first = told_early(shop)
    recognizer.handle(shop.write(first, face_of(7)))
    second = told_early(shop, began=at(0, 8), box_x=300)
    second = second.model_copy(update={"crossings": (), "beside": (first.track_id,) if beside else ()})
    recognizer.handle(shop.write(second, face_of(7)))
    outcomes = [(one.outcome, one.reason) for one in sightings_of(shop)]
    assert outcomes[1] == (("undetermined", "same_frame") if beside else ("known", "matched"))
