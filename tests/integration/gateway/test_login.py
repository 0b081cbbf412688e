"""Logging in and staying in: the cookies, their lives, guessing, stolen tokens, and pages of other origins."""

import httpx
import pytest
from fastapi import Request
from sqlalchemy import text

from functions.gateway.app import create_app
from functions.gateway.auth import known_browser
from functions.gateway.auth.limits import RULES
from functions.gateway.auth.origin import origin_of
from functions.gateway.auth.session_token import COOKIE, LIFE
from functions.gateway.auth.sessions import REFRESH_COOKIE
from regulars.store.session import transaction
from regulars.store.tenants import change_tenant
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import PASSWORD, Chain, World, serving
from tests.integration.gateway.test_renewal import copy_of, refresh

LOGIN_FAILURES, LOGIN_WINDOW_S = RULES["login"]


def test_the_cookies_are_out_of_scripts_reach_and_of_this_site_only(world: World, chain: Chain) -> None:
    answer = world.client().post("/v1/auth/login", json={"email": chain.emails["owner"], "password": PASSWORD})
    cookies = {one.split("=")[0]: one.lower() for one in answer.headers.get_list("set-cookie")}
    assert set(cookies) == {COOKIE, REFRESH_COOKIE, known_browser.COOKIE}
    for cookie in cookies.values():
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
    assert f"max-age={int(LIFE.total_seconds())}" in cookies[COOKIE]
    assert "path=/v1/auth" in cookies[REFRESH_COOKIE]
    assert answer.json()["tenant_name"] == "Phở Ngon"
    assert answer.json()["stage"] == "full"
    assert "password" not in answer.text


def test_the_cookies_are_secure_behind_tls(world: World, chain: Chain) -> None:
    answer = world.client().post(
        "/v1/auth/login",
        json={"email": chain.emails["owner"], "password": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    )
    assert all("; secure" in one.lower() for one in answer.headers.get_list("set-cookie"))
    assert answer.headers["strict-transport-security"]


def test_an_email_is_the_same_in_any_case(world: World, chain: Chain) -> None:
    world.logged_in(chain.emails["owner"].upper())


def test_a_wrong_password_and_an_unknown_account_answer_alike(world: World, chain: Chain) -> None:
    wrong = world.client().post("/v1/auth/login", json={"email": chain.emails["owner"], "password": "x"})
    unknown = world.client().post("/v1/auth/login", json={"email": "nobody@example.com", "password": "x"})
    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert "set-cookie" not in wrong.headers


def test_an_unknown_account_costs_the_same_work(world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    passwords = type(world.parts.passwords)
    real = passwords.match

    def counted(self: object, stored: str | None, password: str) -> bool:
        verified.append("known" if stored else "unknown")
        return real(world.parts.passwords, stored, password)

    monkeypatch.setattr(passwords, "match", counted)
    for email in (chain.emails["owner"], "nobody@example.com"):
        world.client().post("/v1/auth/login", json={"email": email, "password": "x"})
    assert verified == ["known", "unknown"]


def test_guessing_is_stopped_for_the_account_and_not_for_others(world: World, chain: Chain) -> None:
    client = world.client()
    for _ in range(LOGIN_FAILURES):
        client.post("/v1/auth/login", json={"email": chain.emails["owner"], "password": "guess"})
    right = {"email": chain.emails["owner"], "password": PASSWORD}
    stopped = client.post("/v1/auth/login", json=right)
    assert (stopped.status_code, stopped.json()["code"], stopped.json()["retry"]) == (429, "too_many_attempts", True)
    assert int(stopped.headers["retry-after"]) == LOGIN_WINDOW_S
    world.logged_in(chain.emails["manager"])
    world.clock.pass_by(LOGIN_WINDOW_S)
    assert client.post("/v1/auth/login", json=right).status_code == 200


def test_guessing_at_several_replicas_is_counted_together(world: World, chain: Chain) -> None:
    guess = {"email": chain.emails["owner"], "password": "guess"}
    with serving(create_app(world.settings, clock=world.clock)) as url:
        elsewhere = httpx.Client(base_url=url)
        world.clients.append(elsewhere)
        told = [
            client.post("/v1/auth/login", json=guess).status_code
            for _ in range(LOGIN_FAILURES // 2 + 1)
            for client in (world.client(), elsewhere)
        ]
    assert told == [401] * LOGIN_FAILURES + [429]


def test_guessing_from_many_addresses_is_stopped_for_the_account(world: World, chain: Chain) -> None:
    most, _ = RULES["login_of_account"]
    email = chain.emails["owner"]
    owner = world.logged_in(email)
    account = owner.get("/v1/auth/me").json()["user_id"]
    for _ in range(most):
        world.parts.limits.count("login_of_account", account)
    right = {"email": email, "password": PASSWORD}
    assert world.client().post("/v1/auth/login", json=right).status_code == 429
    # Whoever guesses keeps the owner out for no longer than it takes to choose another password.
    link = world.logged_in(world.operator_email).post(f"/v1/users/{account}/link").json()["link"]
    chosen = {"token": link.partition("token=")[2], "new": "another long password"}
    assert world.client().post("/v1/auth/password/by-link", json=chosen).status_code == 200
    assert world.client().post("/v1/auth/login", json=right | {"password": chosen["new"]}).status_code == 200


@pytest.mark.parametrize("others", ["2001:db8:1:2:{}", "::ffff:198.51.100.7"])
def test_the_addresses_of_one_network_are_one_guesser(world: World, chain: Chain, others: str) -> None:
    most, _ = RULES["login_from_address"]
    first, last = others.format("1:2:3:4"), others.format("ffff::9")
    for _ in range(most):
        world.parts.limits.count("login_from_address", origin(first))
    guess = {"email": chain.emails["owner"], "password": "guess"}
    assert world.client().post("/v1/auth/login", json=guess, headers={"X-Forwarded-For": last}).status_code == 429
    elsewhere = {"X-Forwarded-For": "2001:db8:1:3::1"}
    assert world.client().post("/v1/auth/login", json=guess, headers=elsewhere).status_code == 401


def origin(host: str) -> str:
    return origin_of(Request({"type": "http", "client": (host, 1), "headers": []}))


def test_an_account_has_no_more_guesses_for_being_spelt_otherwise(world: World, chain: Chain) -> None:
    email = chain.emails["owner"]
    with transaction(world.parts.engine, PLATFORM) as connection:
        connection.execute(text("update users set email = 'i' || email where email = :email"), {"email": email})
        if connection.scalar(text("select lower('İ')")) != "i":
            pytest.skip("this database takes no other letter for an i")
    told = [
        world.client().post("/v1/auth/login", json={"email": letter + email, "password": "guess"}).status_code
        for _ in range(LOGIN_FAILURES)
        for letter in ("i", "İ")
    ]
    assert told == [401] * LOGIN_FAILURES + [429] * LOGIN_FAILURES


def test_right_logins_are_not_counted(world: World, chain: Chain) -> None:
    for _ in range(LOGIN_FAILURES + 1):
        world.logged_in(chain.emails["owner"])


def test_nobody_of_a_suspended_chain_comes_in_or_stays(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    key = owner.post("/v1/keys", json={"name": "till", "scopes": ["figures.see"]}).json()["key"]
    with transaction(world.parts.engine, PLATFORM) as connection:
        change_tenant(connection, chain.tenant_id, suspended_at=world.clock())
    refused = [
        refresh(owner),
        world.client().post("/v1/auth/login", json={"email": chain.emails["manager"], "password": PASSWORD}),
        world.client().get("/v1/figures/today", headers={"Authorization": f"Bearer {key}"}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "not_allowed")] * 3


def test_logging_out_ends_the_login_for_whoever_copied_it(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    thief = copy_of(world, client)
    assert client.post("/v1/auth/logout").status_code == 204
    assert client.get("/v1/auth/me").status_code == 401
    assert refresh(thief).status_code == 401
    assert world.client().post("/v1/auth/logout").status_code == 204


def test_logging_out_everywhere_ends_every_login_of_the_account_alone(world: World, chain: Chain) -> None:
    here, there = (world.logged_in(chain.emails["owner"]) for _ in range(2))
    other = world.logged_in(chain.emails["manager"])
    assert here.post("/v1/auth/logout-everywhere").status_code == 204
    assert refresh(there).status_code == refresh(here).status_code == 401
    assert refresh(other).status_code == 200


def test_a_login_is_listed_and_ended_from_another(world: World, chain: Chain) -> None:
    here, there = (world.logged_in(chain.emails["owner"]) for _ in range(2))
    listed = here.get("/v1/auth/sessions").json()["items"]
    assert [one["this_one"] for one in listed] == [False, True]
    assert listed[0]["device"].startswith("python-httpx")
    path = f"/v1/auth/sessions/{listed[0]['session_id']}"
    assert world.logged_in(chain.emails["manager"]).delete(path).status_code == 404
    assert here.delete(path).status_code == 204
    assert here.delete(path).status_code == 404
    assert refresh(there).status_code == 401
    assert refresh(here).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_origins_page_changes_nothing(world: World, chain: Chain, site: str) -> None:
    client = world.logged_in(chain.emails["owner"])
    foreign = {"Sec-Fetch-Site": site}
    new = {"name": "x", "time_zone": "Asia/Ho_Chi_Minh"}
    assert client.post("/v1/sites", json=new, headers=foreign).status_code == 403
    assert client.post("/v1/sites", content='{"name":"x"}', headers={"Content-Type": "text/plain"}).status_code == 422
    assert client.post("/v1/auth/logout", headers=foreign).status_code == 403
    assert client.post("/v1/auth/refresh", headers=foreign).status_code == 403
    assert len(client.get("/v1/sites").json()["items"]) == 1
    assert client.post("/v1/sites", json=new, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201


def test_a_manager_sees_the_named_sites_and_no_others(world: World, chain: Chain) -> None:
    owner, manager = world.logged_in(chain.emails["owner"]), world.logged_in(chain.emails["manager"])
    other = owner.post("/v1/sites", json={"name": "other", "time_zone": "Asia/Ho_Chi_Minh"}).json()["site_id"]
    assert manager.get("/v1/auth/me").json()["site_ids"] == [str(chain.site_id)]
    assert [one["site_id"] for one in manager.get("/v1/sites").json()["items"]] == [str(chain.site_id)]
    assert manager.get(f"/v1/sites/{other}/presence").status_code == 404
    assert len(owner.get("/v1/sites").json()["items"]) == 2
