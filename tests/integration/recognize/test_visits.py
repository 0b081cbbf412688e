"""From tracks to visits and people, on real PostgreSQL, object store and vector index."""

import itertools

import pytest

from regulars.domain.tracks import Crossing
from regulars.ids import new_id
from regulars.steps.recognize import Recognizer
from regulars.store.tables import crossings
from tests.fake_pack import face_of
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import count, live_kinds, people, sightings_of, templates, visits_of


def outcomes(shop: Shop) -> list[tuple[str, str]]:
    return [(one.outcome, one.reason) for one in sightings_of(shop)]


def test_a_stranger_becomes_a_customer_and_comes_back_as_one(shop: Shop, recognizer: Recognizer) -> None:
    for minutes in (0, 60):
        assert recognizer.handle(shop.walk_in(7, at(minutes))).result == "recognized"
    assert outcomes(shop) == [("new", "first_seen"), ("known", "matched")]
    first, second = visits_of(shop)
    assert (first.status, second.status) == ("new", "returning")
    assert first.customer_id == second.customer_id
    assert (first.gender, first.direction, first.sightings) == ("female", "in", 1)
    assert people(shop) == 1


def test_the_same_manifest_again_changes_nothing(shop: Shop, recognizer: Recognizer) -> None:
    key = shop.walk_in(7, at(0))
    first = recognizer.handle(key).sighting
    again = recognizer.handle(key)
    assert again.result == "already"
    assert first is not None
    assert again.sighting is not None
    assert again.sighting.customer_id == first.customer_id
    assert [visit.sightings for visit in visits_of(shop)] == [1]
    assert len(templates(shop)) == 1


@pytest.mark.parametrize("order", list(itertools.permutations((0, 25, 50))))
def test_tracks_in_any_order_make_one_stay(order: tuple[int, ...], shop: Shop, recognizer: Recognizer) -> None:
    for minutes in order:
        recognizer.handle(shop.walk_in(7, at(minutes)))
    [visit] = visits_of(shop)
    assert (visit.started_at, visit.ended_at, visit.sightings) == (at(0), at(50, 4), 3)
    assert visit.status == "new"
    assert {one.visit_id for one in sightings_of(shop)} == {visit.visit_id}


def test_a_bridge_removes_one_visit_and_says_so_to_open_pages(shop: Shop, recognizer: Recognizer) -> None:
    for minutes in (0, 50, 25):
        recognizer.handle(shop.walk_in(7, at(minutes)))
    assert live_kinds(shop) == ["visit_opened", "visit_opened", "visit_removed", "visit_changed"]


def test_a_late_track_of_an_earlier_day_becomes_the_first_visit(shop: Shop, recognizer: Recognizer) -> None:
    for minutes in (60 * 24 * 40, 0):
        recognizer.handle(shop.walk_in(7, at(minutes)))
    assert [visit.status for visit in visits_of(shop)] == ["new", "returning"]


def test_without_a_gap_each_arrival_is_a_visit_but_a_lost_face_is_not(opens: OpenShop, recognizer: Recognizer) -> None:
    shop = opens(gap_minutes=0)
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(shop.walk_in(7, at(0, 6.5)))
    recognizer.handle(shop.walk_in(7, at(0, 20)))
    recognizer.handle(shop.walk_in(7, at(0, 8), camera=1))
    assert sorted(visit.sightings for visit in visits_of(shop)) == [1, 1, 2]
    assert people(shop) == 1


def test_two_cameras_of_a_site_see_one_visit(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0), camera=0))
    recognizer.handle(shop.walk_in(7, at(0, 1), camera=1))
    assert [visit.sightings for visit in visits_of(shop)] == [2]


def test_two_faces_in_one_frame_are_two_people_however_alike(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0), box_x=100))
    recognizer.handle(shop.walk_in(7, at(0, 1), box_x=300))
    assert outcomes(shop) == [("new", "first_seen"), ("undetermined", "same_frame")]
    assert people(shop) == 1


def test_one_face_followed_by_two_tracks_is_one_visit(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0), box_x=100))
    recognizer.handle(shop.walk_in(7, at(0, 0.5), box_x=105))
    assert [visit.sightings for visit in visits_of(shop)] == [2]


def test_the_grey_zone_counts_somebody_and_names_nobody(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(shop.walk_in(7, at(5), likeness_percent=38))
    assert outcomes(shop)[1] == ("undetermined", "grey_zone")
    assert [visit.customer_id is None for visit in visits_of(shop)] == [False, True]
    assert people(shop) == 1


def test_what_is_seen_badly_is_counted_and_never_enrolled(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0), quality=0.6))
    recognizer.handle(shop.walk_in(7, at(5), quality=0.2))
    assert outcomes(shop) == [
        ("undetermined", "not_enough_quality_to_enrol"),
        ("undetermined", "not_enough_quality_to_match"),
    ]
    assert [visit.status for visit in visits_of(shop)] == ["undetermined", "undetermined"]
    assert people(shop) == 0


def test_a_known_customer_is_recognized_at_a_quality_that_enrols_nobody(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(shop.walk_in(7, at(60), quality=0.6))
    assert outcomes(shop)[1] == ("known", "matched")


def test_a_track_without_a_shot_was_no_face_and_is_no_visit(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.write(shop.manifest(at(0), shots=0)))
    assert outcomes(shop) == [("rejected", "no_face")]
    assert visits_of(shop) == []


def test_a_camera_that_only_counts_identifies_nobody(shop: Shop, recognizer: Recognizer) -> None:
    shop.add_camera(recognition=False)
    recognizer.handle(shop.walk_in(7, at(0), camera=2))
    [sighting] = sightings_of(shop)
    assert (sighting.outcome, sighting.reason, sighting.pack) == ("undetermined", "recognition_off", None)
    assert sighting.gender == "female"
    assert people(shop) == 0


def test_one_shot_of_somebody_else_does_not_change_who_it_was(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(shop.write(shop.manifest(at(60)), face_of(7), face_of(7), face_of(99)))
    assert outcomes(shop)[1] == ("known", "matched")
    assert [shot["used"] for shot in sightings_of(shop)[1].shots] == [True, True, False]


def test_a_new_look_that_is_surely_theirs_is_learned_and_leads_further(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(shop.walk_in(7, at(60), likeness_percent=70))
    assert len(templates(shop)) == 2
    recognizer.handle(shop.walk_in(7, at(120)))
    assert len(templates(shop)) == 2
    assert people(shop) == 1


def test_crossings_are_kept_beside_visits(shop: Shop, recognizer: Recognizer) -> None:
    crossed = (Crossing(at=at(0, 1), direction="in"), Crossing(at=at(0, 2), direction="out"))
    recognizer.handle(shop.walk_in(7, at(0), crossings=crossed))
    assert count(shop, crossings) == 2


def test_tenants_that_share_a_network_know_each_others_customers(opens: OpenShop, recognizer: Recognizer) -> None:
    here, there = opens(sharing="network"), opens(sharing="network")
    recognizer.handle(here.walk_in(31, at(0)))
    recognizer.handle(there.walk_in(31, at(60)))
    assert visits_of(here)[0].customer_id == visits_of(there)[0].customer_id
    assert outcomes(there) == [("known", "matched")]
    assert visits_of(there)[0].status == "new", "the first visit to that chain"


def test_isolated_tenants_never_meet(opens: OpenShop, recognizer: Recognizer) -> None:
    here, there = opens(), opens()
    recognizer.handle(here.walk_in(31, at(0)))
    recognizer.handle(there.walk_in(31, at(60)))
    assert outcomes(there) == [("new", "first_seen")]
    assert visits_of(here)[0].customer_id != visits_of(there)[0].customer_id


def test_many_people_stay_apart(shop: Shop, recognizer: Recognizer) -> None:
    for person, minutes in itertools.product(range(20), (0, 90)):
        recognizer.handle(shop.walk_in(person, at(minutes, person), track_id=new_id()))
    assert people(shop) == 20
    assert len(visits_of(shop)) == 40
