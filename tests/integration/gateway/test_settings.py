"""What an owner sets for the chain and its sites, and what a camera tells of the faces it lost."""

from datetime import UTC, datetime, timedelta

from regulars.store.audit import entries
from regulars.store.session import transaction
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
        noted = [(entry.action, entry.detail["recognition"]) for entry in entries(connection, chain.tenant_id)]
    assert noted == [("tenant.changed", True), ("tenant.changed", False)]
    assert world.logged_in(chain.emails["manager"]).patch("/v1/tenant", json={"recognition": False}).status_code == 403


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
