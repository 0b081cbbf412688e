"""Staying logged in: renewed by a token that is used once, for so long and no longer, and not by a thief."""

from datetime import timedelta

import httpx
import pytest

from functions.gateway.auth.session_token import COOKIE, LIFE
from functions.gateway.auth.sessions import REFRESH_COOKIE
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.sessions import IDLE, LONGEST, TWO_TABS
from regulars.store.users import change_user, find_user_by_email, remove_user
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World


def refresh(client: httpx.Client) -> httpx.Response:
    return client.post("/v1/auth/refresh")


def copy_of(world: World, client: httpx.Client) -> httpx.Client:
    """Return what a thief has who copied the browser's cookies."""
    thief = world.client()
    for cookie in client.cookies.jar:
        thief.cookies.jar.set_cookie(cookie)
    return thief


def test_who_renews_stays_logged_in_and_who_does_not_is_out(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    first = client.cookies[COOKIE]
    world.clock.pass_by(LIFE.total_seconds())
    answer = client.get("/v1/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert refresh(client).json()["role"] == "owner"
    assert client.cookies[COOKIE] != first
    assert client.get("/v1/auth/me").status_code == 200
    world.clock.pass_by(IDLE.total_seconds())
    assert refresh(client).status_code == 401


def test_nobody_stays_longer_than_twelve_hours(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    until = world.clock() + LONGEST
    while world.clock() < until:
        assert refresh(client).status_code == 200
        assert client.get("/v1/auth/me").status_code == 200
        world.clock.pass_by(timedelta(minutes=75).total_seconds())
    assert client.get("/v1/auth/me").status_code == 401
    assert refresh(client).status_code == 401


def test_a_stolen_refresh_token_ends_the_login_for_thief_and_owner(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    thief = copy_of(world, client)
    assert refresh(client).status_code == 200
    world.clock.pass_by(TWO_TABS.total_seconds() + 1)
    stolen = refresh(thief)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "not_authenticated")
    assert refresh(client).status_code == 401
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        assert entries(connection, chain.tenant_id)[0].action == "session.token_reused"


def test_a_thief_who_comes_first_is_found_out_by_the_owner(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    thief = copy_of(world, client)
    assert refresh(thief).status_code == 200
    assert refresh(thief).status_code == 200
    assert refresh(client).status_code == 401
    assert refresh(thief).status_code == 401


def test_two_tabs_that_renew_at_once_both_stay(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    tab = copy_of(world, client)
    assert refresh(client).status_code == 200
    late = refresh(tab)
    assert late.status_code == 200
    assert REFRESH_COOKIE not in {one.split("=")[0] for one in late.headers.get_list("set-cookie")}
    assert refresh(client).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "rs_", f"rs_{'0' * 32}_x", "rk_" + "0" * 32 + "_x"])
def test_a_token_that_is_none_renews_nothing(world: World, token: str) -> None:
    answer = world.client().post("/v1/auth/refresh", headers={"Cookie": f"{REFRESH_COOKIE}={token}"})
    assert answer.status_code == 401


def test_a_made_up_secret_does_not_end_somebodys_login(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    kind, row_id, _ = client.cookies[REFRESH_COOKIE].split("_", 2)
    forged = world.client().post("/v1/auth/refresh", headers={"Cookie": f"{REFRESH_COOKIE}={kind}_{row_id}_guess"})
    assert forged.status_code == 401
    assert refresh(client).status_code == 200


def test_another_role_is_had_and_a_removed_account_is_out_at_the_renewal(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    with transaction(world.parts.engine, PLATFORM) as connection:
        user = find_user_by_email(connection, chain.emails["owner"])
        assert user is not None
        change_user(connection, user, "analyst", None)
    assert refresh(client).json()["role"] == "analyst"
    assert client.get("/v1/visits").status_code == 403
    with transaction(world.parts.engine, PLATFORM) as connection:
        remove_user(connection, user.user_id)
    assert refresh(client).status_code == 401
