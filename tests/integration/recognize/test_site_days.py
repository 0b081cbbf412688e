"""A site's days: where visits end, what a person set wins, which faces were lost, who was inside and for how long."""

from datetime import UTC, datetime, time, timedelta

from regulars.domain.presence import dwell, occupancy
from regulars.domain.tracks import Crossing
from regulars.steps.recognize import Recognizer
from regulars.store.lost_faces import LostFaces, lost_faces_of_today
from regulars.store.paging import Piece
from regulars.store.people import change_customer
from regulars.store.presence import coming_and_going
from regulars.store.session import transaction
from regulars.store.tenants import find_site
from regulars.store.visit_list import VisitFilter, page_of_visits
from regulars.tenancy import Tenancy
from tests.fake_pack import face_of
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import people, visits_of


def test_a_stay_over_the_turn_of_the_month_moves_with_its_beginning(opens: OpenShop, recognizer: Recognizer) -> None:
    shop = opens(closes_at=time(4))
    midnight = at(0).replace(month=4, day=1, hour=0)
    for moment in (midnight + timedelta(minutes=5), midnight - timedelta(minutes=10)):
        recognizer.handle(shop.walk_in(7, moment))
    [visit] = visits_of(shop)
    assert visit.started_at == midnight - timedelta(minutes=10)
    assert visit.sightings == 2


def test_no_visit_runs_over_midnight_or_over_closing_time(opens: OpenShop, recognizer: Recognizer) -> None:
    midnight = at(0).replace(day=3, hour=0)
    for shop, closing in ((opens(), midnight), (opens(closes_at=time(2)), midnight + timedelta(hours=2))):
        for moment in (closing + timedelta(minutes=5), closing - timedelta(minutes=10), closing - timedelta(minutes=5)):
            recognizer.handle(shop.walk_in(7, moment))
        assert [(visit.sightings, visit.status) for visit in visits_of(shop)] == [(2, "new"), (1, "returning")]
        assert people(shop) == 1


def test_two_sites_of_a_chain_see_two_visits_of_one_customer(shop: Shop, recognizer: Recognizer) -> None:
    other = shop.open_another_site()
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(other.walk_in(7, at(5)))
    first, second = visits_of(shop)
    assert (first.site_id, second.site_id) == (shop.site_id, other.site_id)
    assert first.customer_id == second.customer_id
    assert [first.status, second.status] == ["new", "returning"]


def test_a_gender_that_a_human_has_set_wins_over_every_vote(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    [visit] = visits_of(shop)
    assert visit.customer_id is not None
    assert visit.gender == "female"
    with transaction(shop.engine, shop.tenancy()) as connection:
        change_customer(connection, shop.tenant.scope_id, visit.customer_id, gender="male")
    recognizer.handle(shop.walk_in(7, at(60)))
    assert [one.gender for one in visits_of(shop)] == ["female", "male"]
    with transaction(shop.engine, Tenancy(shop.tenant.tenant_id)) as connection:
        listed = page_of_visits(connection, shop.tenant.tenant_id, VisitFilter(), Piece("-started_at", 10)).rows
    assert [one.gender for one in listed] == ["male", "male"], "also where it was written before"


def test_why_a_face_was_lost_is_kept_for_its_camera(shop: Shop, recognizer: Recognizer) -> None:
    now = datetime.now(UTC)
    lost = shop.manifest(now, quality=0.2).model_copy(update={"lost_because": "turned_away"})
    recognizer.handle(shop.write(lost, face_of(7)))
    recognizer.handle(shop.walk_in(8, now))
    with transaction(shop.engine, shop.tenancy()) as connection:
        found = lost_faces_of_today(connection, now)
    assert found == {lost.camera_id: [LostFaces(lost.camera_id, "turned_away", 1)]}


def test_a_day_tells_who_was_inside_and_how_long_they_stayed(opens: OpenShop, recognizer: Recognizer) -> None:
    shop = opens(closes_at=time(22))
    recognizer.handle(shop.walk_in(7, at(0), crossings=(Crossing(at=at(0, 1), direction="in"),)))
    recognizer.handle(shop.walk_in(8, at(5)))
    recognizer.handle(shop.walk_in(7, at(20), direction="out"))
    recognizer.handle(shop.walk_in(6, at(30), direction="out"))
    recognizer.handle(shop.write(shop.manifest(at(21), shots=0, direction="out")))
    recognizer.handle(shop.walk_in(9, at(60 * 11)))
    with transaction(shop.engine, shop.tenancy()) as connection:
        site = find_site(connection, shop.tenant.tenant_id, shop.site_id)
        assert site is not None
        seen = coming_and_going(connection, site, at(0).date())
        next_day = coming_and_going(connection, site, at(60 * 11).date() + timedelta(days=1))
    inside, stayed = occupancy(seen.movements), dwell(seen.visits)
    assert inside is not None
    assert (inside.peak, inside.peak_at, inside.unseen_in, inside.left_over) == (2, at(5), 0, 0)
    assert stayed is not None
    assert (stayed.visits, stayed.median_s) == (1, 20 * 60 + 4)
    assert [len(visit) for visit in next_day.visits] == [1], "who came after closing belongs to the next day"
