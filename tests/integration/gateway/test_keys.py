"""API keys: what they may, who may hand on what, rotation, revocation, and that no page of a browser is behind them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from regulars.store.api_keys import LAST_USED_EVERY
from tests.integration.gateway.conftest import Chain, World


def make(client: httpx.Client, *scopes: str, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/keys", json={"name": "till", "scopes": list(scopes), **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def holding(world: World, key: str) -> httpx.Client:
    client = world.client()
    client.headers["Authorization"] = f"Bearer {key}"
    return client


def test_a_key_may_what_its_scopes_name_and_nothing_else(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    made = make(owner, "figures.see")
    till = holding(world, made["key"])
    assert till.get("/v1/figures/today").status_code == 200
    refused = till.get("/v1/visits")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert till.post("/v1/worker/heartbeat", json={"worker_id": "x", "capacity": 1}).status_code == 403
    assert till.get("/v1/auth/me").status_code == 401
    assert made["key"].startswith(made["prefix"])
    assert made["key"] not in owner.get("/v1/keys").text


def test_a_workers_key_runs_cameras_and_reads_nothing(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    made = make(world.logged_in(chain.emails["owner"]), "worker")
    assert len(world.beat(made["key"], "box", 4).cameras) == 1
    assert holding(world, made["key"]).get("/v1/figures/today").status_code == 403


def test_a_key_needs_no_page_of_ours_and_does_not_lend_its_right_to_one(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    script = holding(world, make(owner, "sites.change", "sites.see")["key"])
    new = {"name": "x", "time_zone": "Asia/Ho_Chi_Minh"}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert script.post("/v1/sites", json=new, headers=foreign).status_code == 201
    assert owner.post("/v1/sites", json=new, headers=foreign).status_code == 403


def test_a_wrong_key_is_not_made_good_by_a_cookie(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    answer = owner.get("/v1/sites", headers={"Authorization": "Bearer rk_no_key"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_keys_hand_on_what_they_have_and_never_what_only_an_owner_gives(world: World, chain: Chain) -> None:
    owner, operator = world.logged_in(chain.emails["owner"]), world.logged_in(world.operator_email)
    script = holding(world, make(owner, "keys.change", "keys.see", "faces.see", "figures.see")["key"])
    assert make(script, "figures.see")["created_by"].startswith("key:")
    for scope in ("faces.see", "keys.change", "users.change", "visits.see", "worker"):
        assert script.post("/v1/keys", json={"name": "x", "scopes": [scope]}).status_code == 403, scope
    for scope in ("figures.see", "users.change", "keys.change"):
        assert operator.post("/v1/keys", json={"name": "x", "scopes": [scope]}).status_code == 403, scope
    assert owner.post("/v1/keys", json={"name": "x", "scopes": ["tenants.change"]}).status_code == 403
    assert owner.post("/v1/keys", json={"name": "x", "scopes": ["everything"]}).status_code == 422
    assert holding(world, make(operator, "workers.see", "worker")["key"]).get("/v1/users").status_code == 403


def test_a_rotated_key_leaves_time_to_change_over(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    first = make(owner, "figures.see")
    path = f"/v1/keys/{first['key_id']}"

    def good(key: str) -> bool:
        return holding(world, key).get("/v1/figures/today").status_code == 200

    second = owner.post(f"{path}/rotate", json={"old_good_for_s": 600}).json()["key"]
    assert (good(first["key"]), good(second)) == (True, True)
    third = owner.post(f"{path}/rotate", json={"old_good_for_s": 600}).json()["key"]
    assert (good(first["key"]), good(second), good(third)) == (False, True, True)
    world.clock.pass_by(600)
    owner.post("/v1/auth/refresh")
    assert (good(second), good(third)) == (False, True)
    assert owner.delete(path).status_code == 204
    assert not good(third)
    assert owner.post(f"{path}/rotate", json={}).json()["reason"] == "key_revoked"
    assert owner.get("/v1/keys", params={"revoked": True}).json()["items"][0]["key_id"] == first["key_id"]


def test_a_key_runs_out_and_tells_when_it_was_used(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    until = world.clock() + timedelta(minutes=5)
    made = make(owner, "figures.see", expires_at=until.isoformat())
    till = holding(world, made["key"])
    assert owner.get(f"/v1/keys/{made['key_id']}").json()["last_used_at"] is None
    till.get("/v1/figures/today")
    first = owner.get(f"/v1/keys/{made['key_id']}").json()["last_used_at"]
    world.clock.pass_by(LAST_USED_EVERY.total_seconds() + 1)
    till.get("/v1/figures/today")
    assert owner.get(f"/v1/keys/{made['key_id']}").json()["last_used_at"] > first
    world.clock.now = until
    assert till.get("/v1/figures/today").status_code == 401
    past = {"name": "x", "scopes": ["figures.see"], "expires_at": until.isoformat()}
    assert owner.post("/v1/keys", json=past).json()["reason"] == "expires_in_the_past"


def test_keys_are_a_chains_own_and_renamed_without_overwriting(world: World, chain: Chain) -> None:
    other = world.logged_in(world.add_chain("Bún Chả").emails["owner"])
    owner = world.logged_in(chain.emails["owner"])
    made = make(owner, "figures.see")
    path = f"/v1/keys/{made['key_id']}"
    tag = {"If-Match": owner.get(path).headers["etag"]}
    assert owner.patch(path, json={"name": "till 2"}, headers=tag).json()["name"] == "till 2"
    assert owner.patch(path, json={"name": "till 3"}, headers=tag).status_code == 412
    for refused in (other.get(path), other.patch(path, json={"name": "x"}), other.delete(path)):
        assert refused.status_code == 404
    assert other.post(f"{path}/rotate", json={}).status_code == 404


@pytest.mark.parametrize("how", ["rk_", "rk_x_y", f"rk_{'0' * 32}_x", f"rs_{'0' * 32}_x"])
def test_what_is_no_key_is_refused(world: World, how: str) -> None:
    answer = world.client().get("/v1/figures/today", headers={"Authorization": f"Bearer {how}"})
    assert answer.status_code == 401


def test_a_changed_secret_is_refused(world: World, chain: Chain) -> None:
    made = make(world.logged_in(chain.emails["owner"]), "figures.see")
    last = "A" if made["key"][-1] != "A" else "B"
    assert holding(world, made["key"][:-1] + last).get("/v1/figures/today").status_code == 401
