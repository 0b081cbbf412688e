"""Logging in and staying in: the cookie, its life, guessing, and pages of other origins."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from functions.gateway.auth.session_token import COOKIE, IDLE, LONGEST, RENEW_AFTER
from functions.gateway.parts import LOGIN_FAILURES, LOGIN_WINDOW_S
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import PASSWORD, Chain, World


def test_the_cookie_is_out_of_scripts_reach_and_of_this_site_only(world: World, chain: Chain) -> None:
    answer = world.client().post("/v1/auth/login", json={"email": chain.emails["owner"], "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert f"max-age={int(IDLE.total_seconds())}" in cookie
    assert answer.json()["tenant_name"] == "Phở Ngon"
    assert "password" not in answer.text


def test_the_cookie_is_secure_behind_tls(world: World, chain: Chain) -> None:
    answer = world.client().post(
        "/v1/auth/login",
        json={"email": chain.emails["owner"], "password": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    )
    assert "; secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"]


def test_an_email_is_the_same_in_any_case(world: World, chain: Chain) -> None:
    world.logged_in(chain.emails["owner"].upper())


def test_a_wrong_password_and_an_unknown_account_answer_alike(world: World, chain: Chain) -> None:
    wrong = world.client().post("/v1/auth/login", json={"email": chain.emails["owner"], "password": "x"})
    unknown = world.client().post("/v1/auth/login", json={"email": "nobody@example.com", "password": "x"})
    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert "set-cookie" not in wrong.headers


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


def test_who_is_active_stays_logged_in_and_who_is_not_does_not(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    first = client.cookies[COOKIE]
    world.clock.pass_by(RENEW_AFTER.total_seconds())
    assert client.get("/v1/auth/me").status_code == 200
    assert client.cookies[COOKIE] != first
    world.clock.pass_by(IDLE.total_seconds() - 1)
    assert client.get("/v1/auth/me").status_code == 200
    world.clock.pass_by(IDLE.total_seconds())
    answer = client.get("/v1/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_nobody_stays_longer_than_twelve_hours(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    until = world.clock() + LONGEST
    while world.clock() < until:
        assert client.get("/v1/auth/me").status_code == 200
        world.clock.pass_by(timedelta(minutes=20).total_seconds())
    assert client.get("/v1/auth/me").status_code == 401


def test_an_account_that_lost_its_role_is_out_at_the_next_renewal(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    with transaction(world.parts.engine, PLATFORM) as connection:
        connection.execute(
            text("update users set role = 'analyst' where email = :email"), {"email": chain.emails["owner"]}
        )
    world.clock.pass_by(RENEW_AFTER.total_seconds())
    assert client.get("/v1/visits").status_code == 401


def test_logging_out_forgets_the_cookie(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    assert client.post("/v1/auth/logout").status_code == 204
    assert client.get("/v1/auth/me").status_code == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_origins_page_changes_nothing(world: World, chain: Chain, site: str) -> None:
    client = world.logged_in(chain.emails["owner"])
    foreign = {"Sec-Fetch-Site": site}
    new = {"name": "x", "time_zone": "Asia/Ho_Chi_Minh"}
    assert client.post("/v1/sites", json=new, headers=foreign).status_code == 403
    assert client.post("/v1/sites", content='{"name":"x"}', headers={"Content-Type": "text/plain"}).status_code == 422
    assert client.post("/v1/auth/logout", headers=foreign).status_code == 403
    assert len(client.get("/v1/sites").json()["items"]) == 1
    assert client.post("/v1/sites", json=new, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201
