"""Visits as people read them: order, pages, filters, the face and who looked at it; figures of the site's own day."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from regulars.ids import new_id
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.set_aside import set_aside
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_person, add_visit

PICTURE = b"\xff\xd8 a face \xff\xd9"


def test_pages_are_newest_first_without_a_gap_or_a_repeat(world: World, chain: Chain) -> None:
    now = world.clock()
    # Several begin in the same moment: the id decides, also across a page's edge.
    added = [add_visit(world, chain, now - timedelta(minutes=number // 3)) for number in range(10)]
    owner, seen, cursor = world.logged_in(chain.emails["owner"]), list[dict[str, str]](), None
    while True:
        page = owner.get("/v1/visits", params={"limit": 4} | ({"cursor": cursor} if cursor else {})).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(visit["visit_id"] for visit in seen) == sorted(map(str, added))
    begun = [(visit["started_at"], visit["visit_id"]) for visit in seen]
    assert begun == sorted(begun, reverse=True)


def test_a_visit_says_who_and_which_visit_it_was(world: World, chain: Chain) -> None:
    now = world.clock()
    customer = add_person(world, chain, now - timedelta(days=40))
    ids = [
        add_visit(world, chain, now - timedelta(days=days), customer_id=customer, status="returning", gender="female")
        for days in (40, 20, 0)
    ]
    add_visit(world, chain, now - timedelta(days=1))
    owner = world.logged_in(chain.emails["owner"])
    first, last = (owner.get(f"/v1/visits/{visit_id}").json() for visit_id in (ids[0], ids[-1]))
    assert first["customer"] == {
        "customer_id": str(customer),
        "name": None,
        "handle": customer.hex[-6:].upper(),
        "visit_number": 1,
        "visits": 3,
    }
    assert (last["customer"]["visit_number"], last["gender"], last["direction"]) == (3, "female", "in")
    assert last["time_zone"] == "Asia/Ho_Chi_Minh"
    assert datetime.fromisoformat(last["started_at"]) == now
    assert owner.get("/v1/visits").json()["items"][1]["customer"] is None


def test_filters_narrow_the_list(world: World, chain: Chain) -> None:
    now = world.clock()
    customer = add_person(world, chain, now - timedelta(days=3))
    old = add_visit(world, chain, now - timedelta(days=3), customer_id=customer, status="new")
    back = add_visit(world, chain, now, customer_id=customer, status="returning")
    owner = world.logged_in(chain.emails["owner"])

    def found(**wanted: str) -> list[str]:
        answer = owner.get("/v1/visits", params=wanted)
        assert answer.status_code == 200, answer.text
        return [visit["visit_id"] for visit in answer.json()["items"]]

    assert found(status="new") == [str(old)]
    assert found(**{"from": now.isoformat()}) == [str(back)]
    assert found(to=now.isoformat()) == [str(old)]
    assert found(site_id=str(chain.site_id)) == [str(back), str(old)]
    assert found(site_id=str(new_id())) == []


def test_a_face_is_a_link_for_minutes_and_every_look_is_noted(world: World, chain: Chain) -> None:
    visit_id = add_visit(world, chain, world.clock(), picture=PICTURE)
    owner = world.logged_in(chain.emails["owner"])
    assert owner.get(f"/v1/visits/{visit_id}").json()["has_face"] is True
    link = owner.get(f"/v1/visits/{visit_id}/face").json()
    picture = httpx.get(link["url"])
    assert (picture.content, picture.headers["content-type"]) == (PICTURE, "image/jpeg")
    assert datetime.fromisoformat(link["expires_at"]) == world.clock() + timedelta(
        seconds=world.settings.link_expires_s
    )
    [look] = looks(world, chain, visit_id)
    assert look.startswith("user:")


def test_no_face_where_none_was_taken_and_none_after_its_time(world: World, chain: Chain) -> None:
    without = add_visit(world, chain, world.clock())
    taken = add_visit(world, chain, world.clock(), picture=PICTURE)
    owner = world.logged_in(chain.emails["owner"])
    assert owner.get(f"/v1/visits/{without}").json()["has_face"] is False
    assert owner.get(f"/v1/visits/{without}/face").status_code == 404
    world.clock.pass_by(timedelta(days=world.settings.retention_days, seconds=1).total_seconds())
    owner = world.logged_in(chain.emails["owner"])
    assert owner.get(f"/v1/visits/{taken}").json()["has_face"] is False
    assert owner.get(f"/v1/visits/{taken}/face").status_code == 404
    assert looks(world, chain, taken) == []


def test_figures_are_those_of_the_sites_own_day(world: World, chain: Chain) -> None:
    # 18:30 UTC is 01:30 of the next day in Ho Chi Minh City.
    world.clock.now = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    midnight = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    customer = add_person(world, chain, midnight)
    add_visit(world, chain, midnight - timedelta(seconds=1), direction="in")
    add_visit(world, chain, midnight, customer_id=customer, status="new", direction="in")
    add_visit(world, chain, midnight + timedelta(hours=1), customer_id=customer, status="returning", direction="out")
    add_visit(world, chain, midnight + timedelta(hours=1), direction="unknown")
    add_visit(world, chain, midnight + timedelta(days=1), direction="in")
    [day] = world.logged_in(chain.emails["owner"]).get("/v1/figures/today").json()["sites"]
    assert (day["day"], day["time_zone"]) == ("2026-03-03", "Asia/Ho_Chi_Minh")
    told = {name: day[name] for name in ("visits", "new", "returning", "undetermined", "came_in", "went_out")}
    assert told == {"visits": 3, "new": 1, "returning": 1, "undetermined": 1, "came_in": 1, "went_out": 1}


def test_the_operator_sees_what_was_set_aside_and_the_chain_does_not(world: World, chain: Chain) -> None:
    key = f"tracks/{chain.tenant_id}/x/track.json"
    with transaction(world.parts.engine, PLATFORM) as connection:
        set_aside(connection, chain.tenant_id, key, "corrupt_picture", "a shot cannot be read", world.clock())
    operator = world.logged_in(world.operator_email)
    found = {event["object_key"]: event for event in operator.get("/v1/sightings/set-aside").json()["items"]}
    assert (found[key]["reason"], found[key]["attempts"]) == ("corrupt_picture", 1)
    assert world.logged_in(chain.emails["owner"]).get("/v1/sightings/set-aside").status_code == 403


def looks(world: World, chain: Chain, visit_id: UUID) -> list[str]:
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = entries(connection, chain.tenant_id)
    return [entry.actor for entry in noted if (entry.action, entry.subject_id) == ("face.seen", str(visit_id))]
