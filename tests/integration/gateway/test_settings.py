"""What an owner sets for the chain and its sites, and what a camera tells of the faces it lost."""

from datetime import UTC, datetime, timedelta

from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.tenants import find_site
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_visit


def test_a_chain_that_only_counts_tells_its_workers(world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    world.add_camera(chain, recognition=False)

    def recognizing() -> list[bool]:
        cameras = world.beat(chain.worker_key, "box", 4).cameras
        return [one.recognition for one in sorted(cameras, key=lambda one: one.camera_id != camera_id)]

    assert recognizing() == [True, False]
    owner = world.logged_in(chain.emails["owner"])
    assert owner.get("/v1/tenant").json()["recognition"] is True
    assert owner.patch("/v1/tenant", json={"recognition": False}).json()["recognition"] is False
    assert recognizing() == [False, False]
    owner.patch("/v1/tenant", json={"recognition": True})
    assert recognizing() == [True, False]
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = [entry.action for entry in entries(connection, chain.tenant_id)]
    assert noted == ["tenant.recognition_on", "tenant.recognition_off"]
    assert world.logged_in(chain.emails["manager"]).patch("/v1/tenant", json={"recognition": False}).status_code == 403


def test_a_site_gets_a_closing_time_and_loses_it(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    path = f"/v1/sites/{chain.site_id}"
    assert owner.patch(path, json={"closes_at": "22:30"}).json()["closes_at"] == "22:30:00"
    changed = owner.patch(path, json={"visit_gap_minutes": 5}).json()
    assert (changed["closes_at"], changed["visit_gap_minutes"]) == ("22:30:00", 5)
    assert owner.patch(path, json={"closes_at": "22:30+07:00"}).status_code == 422
    assert owner.patch(path, json={"closes_at": None, "name": "Quận 1"}).json()["closes_at"] is None
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        site = find_site(connection, chain.tenant_id, chain.site_id)
    assert site is not None
    assert (site.name, site.visit_gap_minutes, site.closes_at) == ("Quận 1", 5, None)
    made = owner.post("/v1/sites", json={"name": "bar", "time_zone": "Asia/Ho_Chi_Minh", "closes_at": "02:00"}).json()
    assert made in owner.get("/v1/sites").json()["items"]


def test_a_camera_says_why_faces_of_its_sites_day_were_lost(world: World, chain: Chain) -> None:
    # 18:30 UTC is 01:30 of the next day in Ho Chi Minh City.
    world.clock.now = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    midnight = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    camera_id, other = world.add_camera(chain), world.add_camera(chain)
    for minutes in (0, 1):
        add_visit(world, chain, midnight + timedelta(minutes=minutes), camera_id=camera_id, lost_because="turned_away")
    add_visit(world, chain, midnight, camera_id=camera_id, lost_because="blurred")
    add_visit(world, chain, midnight - timedelta(seconds=1), camera_id=camera_id, lost_because="too_dark")
    add_visit(world, chain, midnight, camera_id=other)
    owner = world.logged_in(chain.emails["owner"])
    told = {one["camera_id"]: one["lost_today"] for one in owner.get("/v1/cameras").json()["items"]}
    expected = [{"reason": "turned_away", "tracks": 2}, {"reason": "blurred", "tracks": 1}]
    assert told == {str(camera_id): expected, str(other): []}
    assert owner.get(f"/v1/cameras/{camera_id}").json()["lost_today"] == expected
    operator = world.logged_in(world.operator_email).get("/v1/cameras").json()["items"]
    assert [one["lost_today"] for one in operator if one["camera_id"] == str(camera_id)] == [[]]
