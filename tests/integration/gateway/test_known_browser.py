"""Who guesses at an account from elsewhere does not keep its owner out of the browser that they always use."""

import httpx
import pytest

from functions.gateway.auth import known_browser
from functions.gateway.auth.limits import RULES
from tests.integration.gateway.conftest import PASSWORD, Chain, World


@pytest.fixture
def beset(world: World, chain: Chain) -> httpx.Client:
    """The owner's own browser, logged out, while others have used up all guesses at the account."""
    owner = world.logged_in(chain.emails["owner"])
    account = owner.get("/v1/auth/me").json()["user_id"]
    for _ in range(RULES["login_of_account"][0]):
        world.parts.limits.count("login_of_account", account)
    for _ in range(RULES["login"][0]):
        world.parts.limits.count("login", f"{account} 127.0.0.1")
    assert owner.post("/v1/auth/logout").status_code == 204
    return owner


def log_in(client: httpx.Client, email: str, password: str = PASSWORD) -> int:
    return client.post("/v1/auth/login", json={"email": email, "password": password}).status_code


def test_the_owners_browser_lets_the_owner_in(world: World, chain: Chain, beset: httpx.Client) -> None:
    assert log_in(world.client(), chain.emails["owner"]) == 429
    assert log_in(beset, chain.emails["owner"]) == 200
    assert [log_in(beset, chain.emails["owner"], "guess") for _ in range(RULES["login"][0] + 1)][-1] == 429


def test_it_is_known_for_half_a_year(world: World, chain: Chain, beset: httpx.Client) -> None:
    kept = beset.cookies[known_browser.COOKIE]
    world.clock.pass_by(known_browser.GOOD_FOR.total_seconds())
    secret, now = world.settings.secret_key, world.clock()
    [account] = [
        one["user_id"]
        for one in world.logged_in(chain.emails["owner"]).get("/v1/users").json()["items"]
        if one["email"] == chain.emails["owner"]
    ]
    assert known_browser.read_known(secret, kept, account, now) is None


def test_it_is_nothing_to_another_account_and_cannot_be_made_up(
    world: World, chain: Chain, beset: httpx.Client
) -> None:
    kept = beset.cookies[known_browser.COOKIE]
    for made_up in (kept[:-2], known_browser.write_known("another secret", chain.tenant_id, None, world.clock()), "x"):
        stranger = world.client()
        stranger.cookies.set(known_browser.COOKIE, made_up, path=known_browser.PATH)
        assert log_in(stranger, chain.emails["owner"]) == 429
    for _ in range(RULES["login"][0]):
        log_in(beset, chain.emails["analyst"], "guess")
    assert log_in(world.client(), chain.emails["analyst"]) == 429, "its guesses at others count as everybody's"
