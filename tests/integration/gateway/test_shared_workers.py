"""Workers of the whole platform: any chain's cameras, none of a suspended one, and what they may open."""

from dataclasses import replace

import pytest

from regulars.ids import new_id
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.test_worker import ask_links


def test_the_platforms_worker_runs_any_chains_camera(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    held = {camera.camera_id: camera for camera in world.beat(world.platform_key, new_id().hex, 1000).cameras}
    mine = next(camera for camera in held.values() if camera.tenant_id == chain.tenant_id)
    assert ask_links(world, world.platform_key, mine).status_code == 200
    world.beat(world.platform_key, "p", 0)


@pytest.mark.parametrize("of_platform", [False, True])
def test_a_suspended_chains_cameras_are_taken_from_every_worker(world: World, chain: Chain, of_platform: bool) -> None:
    camera_id, key = world.add_camera(chain), world.platform_key if of_platform else chain.worker_key

    def held() -> bool:
        return camera_id in {camera.camera_id for camera in world.beat(key, "one", 1000).cameras}

    operator, path = world.logged_in(world.operator_email), f"/v1/tenants/{chain.tenant_id}"
    assert held()
    operator.patch(path, json={"suspended": True})
    assert not held()
    assert not held()
    operator.patch(path, json={"suspended": False})
    assert held()
    world.beat(key, "one", 0)


def test_only_the_platforms_workers_are_held_to_the_public_internet_and_only_in_production(
    world: World, chain: Chain
) -> None:
    camera_id, parts, settings = world.add_camera(chain), world.parts, world.settings
    told: list[bool] = []
    for mode, open_local, key in (
        ("embedded", False, world.platform_key),
        ("production", True, world.platform_key),
        ("production", False, chain.worker_key),
        ("production", False, world.platform_key),
    ):
        different = {"mode": mode, "shared_workers_open_local": open_local}
        world.app.state.parts = replace(parts, settings=settings.model_copy(update=different))
        cameras = world.beat(key, "one", 1000).cameras
        told += [camera.public_only for camera in cameras if camera.camera_id == camera_id]
        world.beat(key, "one", 0)
    world.app.state.parts = parts
    assert told == [False, False, False, True]
