"""Two people change the same thing: the second learns of it instead of overwriting the first."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.integration.gateway.conftest import Chain, World


def camera_of(world: World, chain: Chain) -> tuple[httpx.Client, str, str]:
    """Return an owner's client, the path of a camera and its tag."""
    owner = world.logged_in(chain.emails["owner"])
    path = f"/v1/cameras/{world.add_camera(chain)}"
    return owner, path, owner.get(path).headers["etag"]


def test_a_change_with_the_tag_that_was_read_is_made_and_tells_the_next_tag(world: World, chain: Chain) -> None:
    owner, path, tag = camera_of(world, chain)
    changed = owner.patch(path, json={"name": "back door"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert owner.get(path).headers["etag"] == changed.headers["etag"]


def test_a_stale_tag_changes_and_deletes_nothing(world: World, chain: Chain) -> None:
    owner, path, tag = camera_of(world, chain)
    owner.patch(path, json={"name": "back door"})
    for method, body in (("PATCH", {"name": "mine"}), ("DELETE", None)):
        refused = owner.request(method, path, json=body, headers={"If-Match": tag})
        assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
    assert owner.get(path).json()["name"] == "back door"


def test_without_a_tag_with_any_tag_and_with_one_weakened_by_a_proxy_it_is_changed(world: World, chain: Chain) -> None:
    owner, path, tag = camera_of(world, chain)
    assert owner.patch(path, json={"role": "in"}, headers={"If-Match": f'"another", W/{tag}'}).status_code == 200
    assert owner.patch(path, json={"role": "out"}, headers={"If-Match": "*"}).status_code == 200
    assert owner.delete(path).status_code == 204


def test_what_a_camera_does_by_itself_does_not_change_its_tag(world: World, chain: Chain) -> None:
    owner, path, tag = camera_of(world, chain)
    [leased] = world.beat(chain.worker_key, "box", 1).cameras
    state: dict[str, Any] = {"camera_id": str(leased.camera_id), "lease_id": str(leased.lease_id), "state": "running"}
    world.beat(chain.worker_key, "box", 1, [state])
    shown = owner.get(path)
    assert (shown.json()["state"], shown.headers["etag"]) == ("running", tag)


def test_of_many_at_once_with_the_same_tag_one_wins(world: World, chain: Chain) -> None:
    owner, path, tag = camera_of(world, chain)

    def rename(number: int) -> int:
        return owner.patch(path, json={"name": f"door {number}"}, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(8) as several:
        assert sorted(several.map(rename, range(8))) == [200] + [412] * 7
