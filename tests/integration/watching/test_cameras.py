"""Cameras as people set them up: found by what they do, told with what to do, and noted when changed."""

from typing import Any

from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.test_worker import told

RTSP = {"type": "rtsp", "rtsp_url": "rtsp://shop:s3cr3t@192.168.1.20/live"}


def listed(client: Any, query: str) -> list[str]:
    return [camera["name"] for camera in client.get(f"/v1/cameras?{query}").json()["items"]]


def test_cameras_are_found_by_state_site_and_name(world: World, chain: Chain) -> None:
    for name in ("Cửa trước", "Cửa sau"):
        world.add_camera(chain, name=name)
    [leased] = world.beat(chain.worker_key, "one", 1).cameras
    world.beat(chain.worker_key, "one", 1, [told(leased, "failed", "wrong_password")])
    client = world.logged_in(chain.emails["manager"])
    assert listed(client, "state=failed") == [leased.name]
    assert listed(client, f"site_id={chain.site_id}&sort=-name") == ["Cửa trước", "Cửa sau"]
    assert listed(client, "q=cua%20sau") == ["Cửa sau"]
    assert client.get("/v1/cameras?state=broken").status_code == 422


def test_a_camera_says_what_to_do(world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    client = world.logged_in(chain.emails["owner"])

    def advice() -> str:
        return client.get(f"/v1/cameras/{camera_id}").json()["what_to_do"]

    assert "Start a worker" in advice()
    [leased] = world.beat(chain.worker_key, "one", 1).cameras
    assert advice() == ""
    world.beat(chain.worker_key, "one", 1, [told(leased, "failed", "wrong_password")])
    assert "user name and password" in advice()
    client.patch(f"/v1/cameras/{camera_id}", json={"wanted_state": "stopped"})
    world.beat(chain.worker_key, "one", 1)
    assert advice().startswith("Start the camera")


def test_nothing_begins_at_a_site_that_was_given_up(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    new = {"site_id": str(chain.site_id), "name": "door", **RTSP}
    camera_id = client.post("/v1/cameras", json=new | {"wanted_state": "stopped"}).json()["camera_id"]
    site, camera = f"/v1/sites/{chain.site_id}", f"/v1/cameras/{camera_id}"
    assert client.patch(site, json={"active": False}).status_code == 200
    for answer in (client.post("/v1/cameras", json=new), client.patch(camera, json={"wanted_state": "running"})):
        assert (answer.status_code, answer.json()["reason"]) == (422, "site_given_up")
    assert client.patch(camera, json={"name": "back door"}).status_code == 200
    client.patch(site, json={"active": True})
    assert client.patch(camera, json={"wanted_state": "running"}).status_code == 200


def test_every_change_is_noted_by_the_names_of_its_fields_alone(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    path = "/v1/cameras"
    camera_id = client.post(path, json={"site_id": str(chain.site_id), "name": "door", **RTSP}).json()["camera_id"]
    changed = client.patch(f"{path}/{camera_id}", json={"recognition": False, "rtsp_url": RTSP["rtsp_url"]})
    assert changed.json()["recognition"] is False
    assert client.delete(f"{path}/{camera_id}").status_code == 204
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = {one.action: one.detail for one in entries(connection, chain.tenant_id) if one.subject_id == camera_id}
    assert noted == {
        "camera.created": {},
        "camera.changed": {"fields": ["recognition", "rtsp_url"]},
        "camera.deleted": {},
    }
