"""Accounts: invited by one-time link, changed, removed, and never without one who can let others in."""

from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from functions.gateway.auth.links import GOOD_FOR
from regulars.ids import new_id
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import PASSWORD, Chain, World

NEW = "a new and long one"


def invite(client: httpx.Client, role: str = "analyst", **more: object) -> httpx.Response:
    return client.post("/v1/users", json={"email": f"{new_id().hex}@example.com", "role": role, **more})


def token_of(answer: httpx.Response) -> str:
    link: str = answer.json()["link"]
    return urlsplit(link).fragment.removeprefix("token=")


def choose(world: World, token: str, password: str = NEW) -> httpx.Response:
    return world.client().post("/v1/auth/password/by-link", json={"token": token, "new": password})


def log_in(world: World, email: str, password: str) -> httpx.Response:
    return world.client().post("/v1/auth/login", json={"email": email, "password": password})


def test_who_is_invited_chooses_a_password_once_and_is_in(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    made = invite(owner, "manager", site_ids=[str(chain.site_id)])
    assert (made.status_code, made.json()["state"], made.json()["mailed"]) == (201, "invited", False)
    email, token = made.json()["email"], token_of(made)
    assert log_in(world, email, NEW).status_code == 401
    short = choose(world, token, "short")
    assert (short.status_code, short.json()["reason"]) == (422, "password_too_short")
    own_name = choose(world, token, email)
    assert (own_name.status_code, own_name.json()["reason"]) == (422, "password_is_email")
    assert choose(world, token).json() == {"email": email}
    again = choose(world, token)
    assert (again.status_code, again.json()["code"]) == (410, "link_used_up")
    told = log_in(world, email, NEW).json()
    assert (told["role"], told["site_ids"]) == ("manager", [str(chain.site_id)])
    assert owner.get(f"/v1/users/{made.json()['user_id']}").json()["state"] == "active"
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = entries(connection, chain.tenant_id)
    assert [one.action for one in noted[:2]] == ["invitation.accepted", "user.invited"]
    assert email not in str(noted)


def test_a_link_runs_out_and_a_newer_one_takes_its_place(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    made = invite(owner)
    newer = owner.post(f"/v1/users/{made.json()['user_id']}/link")
    assert choose(world, token_of(made)).status_code == 410
    world.clock.pass_by(GOOD_FOR["invitation"].total_seconds())
    assert choose(world, token_of(newer)).status_code == 410


@pytest.mark.parametrize("token", ["x", "rl_", f"rl_{'0' * 32}_x"])
def test_a_made_up_link_is_refused(world: World, token: str) -> None:
    assert choose(world, token).status_code == 410


def test_an_e_mail_has_one_account(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    taken = owner.post("/v1/users", json={"email": chain.emails["analyst"].upper(), "role": "analyst"})
    assert (taken.status_code, taken.json()["code"]) == (409, "already_there")


def test_a_manager_has_sites_of_the_chain_and_nobody_else_has(world: World, chain: Chain) -> None:
    owner, other = world.logged_in(chain.emails["owner"]), world.add_chain("Bún Chả")
    assert invite(owner, "manager").json()["reason"] == "sites_missing"
    assert invite(owner, "analyst", site_ids=[str(chain.site_id)]).json()["reason"] == "sites_of_managers"
    assert invite(owner, "manager", site_ids=[str(other.site_id)]).status_code == 404
    assert invite(owner, "operator").status_code == 403
    assert invite(owner, "owner", tenant_id=str(other.tenant_id)).status_code == 403


def test_another_role_counts_from_the_next_renewal(world: World, chain: Chain) -> None:
    owner, manager = world.logged_in(chain.emails["owner"]), world.logged_in(chain.emails["manager"])
    path = f"/v1/users/{manager.get('/v1/auth/me').json()['user_id']}"
    read = owner.get(path)
    stale = {"If-Match": read.headers["etag"]}
    assert owner.patch(path, json={"role": "analyst"}, headers=stale).json()["site_ids"] is None
    assert owner.patch(path, json={"role": "owner"}, headers=stale).status_code == 412
    assert manager.post("/v1/auth/refresh").json()["role"] == "analyst"
    assert manager.get("/v1/visits").status_code == 403
    assert owner.patch(path, json={"role": "manager"}).json()["reason"] == "sites_missing"
    back = owner.patch(path, json={"role": "manager", "site_ids": [str(chain.site_id)]})
    assert back.json()["site_ids"] == [str(chain.site_id)]


def test_a_removed_account_is_out(world: World, chain: Chain) -> None:
    owner, analyst = world.logged_in(chain.emails["owner"]), world.logged_in(chain.emails["analyst"])
    path = f"/v1/users/{analyst.get('/v1/auth/me').json()['user_id']}"
    assert owner.delete(path).status_code == 204
    assert owner.delete(path).status_code == 404
    assert analyst.post("/v1/auth/refresh").status_code == 401
    assert log_in(world, chain.emails["analyst"], PASSWORD).status_code == 401


def test_the_last_owner_stays_one(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    path = f"/v1/users/{owner.get('/v1/auth/me').json()['user_id']}"
    for refused in (owner.delete(path), owner.patch(path, json={"role": "analyst"})):
        assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
    second = invite(owner, "owner").json()
    assert owner.patch(path, json={"role": "analyst"}).status_code == 200
    assert world.logged_in(world.operator_email).delete(f"/v1/users/{second['user_id']}").status_code == 409


def test_the_operator_makes_a_chains_first_owner_and_sees_no_other_of_its_people(world: World, chain: Chain) -> None:
    operator = world.logged_in(world.operator_email)
    made = invite(operator, "owner", tenant_id=str(chain.tenant_id))
    assert made.json()["tenant_id"] == str(chain.tenant_id)
    assert invite(operator, "operator").json()["tenant_id"] is None
    assert invite(operator, "analyst", tenant_id=str(chain.tenant_id)).status_code == 403
    assert invite(operator, "owner").status_code == 403
    assert invite(operator, "owner", tenant_id=str(new_id())).status_code == 404
    listed = operator.get("/v1/users", params={"limit": 200, "sort": "-created_at"}).json()["items"]
    assert {one["role"] for one in listed} == {"operator", "owner"}
    analyst = world.logged_in(chain.emails["analyst"]).get("/v1/auth/me").json()["user_id"]
    assert operator.get(f"/v1/users/{analyst}").status_code == 404


def test_accounts_are_listed_searched_and_sorted_within_the_chain(world: World, chain: Chain) -> None:
    other = world.add_chain("Bún Chả")
    owner = world.logged_in(chain.emails["owner"])
    listed = owner.get("/v1/users", params={"sort": "email"}).json()["items"]
    assert [one["email"] for one in listed] == sorted(chain.emails.values())
    assert [one["role"] for one in owner.get("/v1/users", params={"q": "analyst-"}).json()["items"]] == ["analyst"]
    assert [one["role"] for one in owner.get("/v1/users", params={"role": "owner"}).json()["items"]] == ["owner"]
    foreign = world.logged_in(other.emails["owner"]).get("/v1/auth/me").json()["user_id"]
    assert owner.get(f"/v1/users/{foreign}").json()["code"] == "not_found"
    assert owner.post(f"/v1/users/{foreign}/link").status_code == 404
    assert "hash" not in owner.get("/v1/users").text


def test_a_forgotten_password_answers_alike_for_everybody_and_is_limited(world: World, chain: Chain) -> None:
    known, unknown = (
        world.client().post("/v1/auth/password/forgotten", json={"email": email})
        for email in (chain.emails["owner"], f"{new_id().hex}@example.com")
    )
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text) == (202, "null")
    told = [
        world.client().post("/v1/auth/password/forgotten", json={"email": chain.emails["owner"]}).status_code
        for _ in range(3)
    ]
    assert told == [202, 202, 429]


def test_choosing_another_password_ends_the_other_logins(world: World, chain: Chain) -> None:
    here, there = (world.logged_in(chain.emails["owner"]) for _ in range(2))
    wrong = here.put("/v1/auth/password", json={"present": "guess", "new": NEW})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    assert here.put("/v1/auth/password", json={"present": PASSWORD, "new": "short"}).status_code == 422
    assert here.put("/v1/auth/password", json={"present": PASSWORD, "new": PASSWORD}).status_code == 403
    assert here.put("/v1/auth/password", json={"present": PASSWORD, "new": NEW}).status_code == 200
    assert there.post("/v1/auth/refresh").status_code == 401
    assert here.post("/v1/auth/refresh").status_code == 200
    assert log_in(world, chain.emails["owner"], PASSWORD).status_code == 401
    assert log_in(world, chain.emails["owner"], NEW).status_code == 200


def test_an_owner_resets_the_password_of_who_has_forgotten_it(world: World, chain: Chain) -> None:
    owner, analyst = world.logged_in(chain.emails["owner"]), world.logged_in(chain.emails["analyst"])
    user_id = UUID(analyst.get("/v1/auth/me").json()["user_id"])
    token = token_of(owner.post(f"/v1/users/{user_id}/link"))
    assert choose(world, token).status_code == 200
    assert analyst.post("/v1/auth/refresh").status_code == 401
    assert log_in(world, chain.emails["analyst"], NEW).status_code == 200
