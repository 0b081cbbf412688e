"""How many of each a chain may have, and how many live streams a login may hold open: no script fills the platform."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from functions.gateway.auth import held_open
from functions.gateway.auth.limits import RULES
from regulars.domain.bounds import MOST_OF_A_CHAIN, Kept
from regulars.ids import new_id
from regulars.store import sessions
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.users import find_user_by_email
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.listener import listening
from tests.waiting import wait_for

PATHS: dict[Kept, str] = {
    "sites": "/v1/sites",
    "cameras": "/v1/cameras",
    "staff": "/v1/staff",
    "accounts": "/v1/users",
    "keys": "/v1/keys",
    "webhooks": "/v1/webhooks",
    "saved_reports": "/v1/saved-reports",
}
BEGINS_WITH: dict[Kept, int] = {"sites": 1, "accounts": 3, "keys": 1}
"""What a chain of these tests has already."""


@pytest.fixture
def owner(world: World, chain: Chain) -> httpx.Client:
    return world.logged_in(chain.emails["owner"])


def body_of(kind: Kept, chain: Chain) -> dict[str, Any]:
    bodies: dict[Kept, dict[str, Any]] = {
        "sites": {"name": "Phở Ngon 2", "time_zone": "Asia/Ho_Chi_Minh"},
        "cameras": {"name": "door", "site_id": str(chain.site_id), "type": "webcam", "webcam_index": 0},
        "staff": {"name": "Lan", "site_ids": [str(chain.site_id)]},
        "accounts": {"email": f"{new_id().hex}@example.com", "role": "analyst"},
        "keys": {"name": "till", "scopes": ["sites.see"]},
        "webhooks": {"name": "till", "url": "http://127.0.0.1:9/hook", "events": ["visit.started"]},
        "saved_reports": {"name": "Weekly", "schedule": "weekly", "formats": ["pdf"]},
    }
    return bodies[kind]


def held_to(monkeypatch: pytest.MonkeyPatch, kind: Kept, more: int) -> None:
    monkeypatch.setitem(MOST_OF_A_CHAIN, kind, BEGINS_WITH.get(kind, 0) + more)


@pytest.mark.parametrize("kind", list(MOST_OF_A_CHAIN))
def test_a_chain_has_as_many_of_each_as_it_may_and_no_more(
    world: World, chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch, kind: Kept
) -> None:
    held_to(monkeypatch, kind, 1)
    path, body, other = PATHS[kind], body_of(kind, chain), world.add_chain("Bún Chả")
    made = owner.post(path, json=body)
    assert made.status_code == 201, made.text
    before = owner.get(path).json()["items"]
    with transaction(world.parts.engine, PLATFORM) as connection:
        noted = len(entries(connection, chain.tenant_id))
    refused = owner.post(path, json=body_of(kind, chain))
    assert (refused.status_code, refused.json()["code"], refused.json()["retry"]) == (409, "limit_reached", False)
    assert f"There are {MOST_OF_A_CHAIN[kind]} " in refused.json()["detail"]
    assert owner.get(path).json()["items"] == before, "what is there stays"
    with transaction(world.parts.engine, PLATFORM) as connection:
        assert len(entries(connection, chain.tenant_id)) == noted, "what was refused is not noted as done"
    others = world.logged_in(other.emails["owner"]).post(path, json=body_of(kind, other))
    assert others.status_code == 201, "another chain counts for itself"


def test_what_was_removed_counts_no_more(chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    held_to(monkeypatch, "keys", 1)
    key = owner.post("/v1/keys", json=body_of("keys", chain)).json()
    assert owner.post("/v1/keys", json=body_of("keys", chain)).status_code == 409
    assert owner.post(f"/v1/keys/{key['key_id']}/rotate", json={}).status_code == 201, "nothing is added"
    assert owner.delete(f"/v1/keys/{key['key_id']}").status_code == 204
    assert owner.post("/v1/keys", json=body_of("keys", chain)).status_code == 201


def test_many_at_once_do_not_all_get_the_last_place(
    world: World, chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_to(monkeypatch, "webhooks", 2)

    def add(_: int) -> int:
        headers = {"Sec-Fetch-Site": "same-origin"}
        body = body_of("webhooks", chain)
        return httpx.post(
            f"{world.url}/v1/webhooks", json=body, headers=headers, cookies=owner.cookies, timeout=60
        ).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(add, range(8)))
    assert answers == [201, 201, *[409] * 6]


def test_a_manager_is_held_to_what_the_whole_chain_has(
    world: World, chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_to(monkeypatch, "staff", 1)
    elsewhere = owner.post("/v1/sites", json=body_of("sites", chain)).json()["site_id"]
    assert owner.post("/v1/staff", json={"name": "Minh", "site_ids": [elsewhere]}).status_code == 201
    manager = world.logged_in(chain.emails["manager"])
    assert manager.get("/v1/staff").json()["items"] == []
    assert manager.post("/v1/staff", json=body_of("staff", chain)).status_code == 409
    monkeypatch.setitem(MOST_OF_A_CHAIN, "staff", 2)
    assert manager.post("/v1/staff", json=body_of("staff", chain)).status_code == 201
    assert [one["name"] for one in manager.get("/v1/staff").json()["items"]] == ["Lan"], "and sees no more than before"


def test_the_platform_names_no_more_owners_than_a_chain_may_have(
    world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_to(monkeypatch, "accounts", 0)
    operator = world.logged_in(world.operator_email)
    new = {"email": f"{new_id().hex}@example.com", "role": "owner", "tenant_id": str(chain.tenant_id)}
    assert operator.post("/v1/users", json=new).json()["code"] == "limit_reached"


def test_a_script_that_makes_and_revokes_keys_is_stopped(
    world: World, chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "keys", (2, RULES["keys"][1]))
    for _ in range(2):
        key = owner.post("/v1/keys", json=body_of("keys", chain)).json()
        assert owner.delete(f"/v1/keys/{key['key_id']}").status_code == 204
    refused = owner.post("/v1/keys", json=body_of("keys", chain))
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    world.clock.pass_by(RULES["keys"][1] + 1)
    again = world.logged_in(chain.emails["owner"])
    assert again.post("/v1/keys", json=body_of("keys", chain)).status_code == 201


def test_a_script_that_has_reports_made_is_stopped(
    chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "reports_made", (1, RULES["reports_made"][1]))
    saved = owner.post("/v1/saved-reports", json=body_of("saved_reports", chain)).json()
    path, days = f"/v1/saved-reports/{saved['saved_report_id']}/issues", {"from": "2026-03-01", "to": "2026-03-07"}
    assert owner.post(path, json=days).status_code == 201
    refused = owner.post(path, json=days)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert len(owner.get(path).json()["items"]) == 1


def test_a_login_holds_so_many_streams_open_and_no_more(
    world: World, chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_open, "STREAMS_OF_A_LOGIN", 2)
    camera_id = str(world.add_camera(chain))
    again = world.logged_in(chain.emails["owner"])

    with listening(world, owner) as first, listening(world, again) as second:
        assert (first.next().kind, second.next().kind) == ("ready", "ready")
        for path, params in (("/v1/live", {}), ("/v1/live-view", {"camera_id": camera_id})):
            answer = owner.get(path, params=params)
            assert (answer.status_code, answer.json()["code"]) == (429, "too_many_streams")
            assert int(answer.headers["retry-after"]) > 0
        with listening(world, world.logged_in(chain.emails["manager"])) as other:
            assert other.next().kind == "ready", "another login counts for itself"
    wait_for(lambda: owner_may_listen(world, owner), "a page that was closed counts no more")


def owner_may_listen(world: World, owner: httpx.Client) -> bool:
    try:
        with listening(world, owner) as page:
            return page.next().kind == "ready"
    except AssertionError:
        return False


def test_of_an_accounts_many_logins_the_oldest_end(
    world: World, chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SESSIONS_OF_AN_ACCOUNT", 3)
    later = [world.logged_in(chain.emails["owner"]) for _ in range(3)]
    with transaction(world.parts.engine, PLATFORM) as connection:
        user = find_user_by_email(connection, chain.emails["owner"])
        assert user is not None
        assert len(sessions.sessions_of(connection, user.user_id, world.clock())) == 3
    assert owner.post("/v1/auth/refresh").status_code == 401
    assert [one.post("/v1/auth/refresh").status_code for one in later] == [200] * 3
