"""Rotating REGULARS_SECRET_KEY: whoever is logged in renews and stays, and what the old key signed is worth nothing."""

from functions.gateway.app import create_app
from functions.gateway.auth.session_token import COOKIE
from tests.integration.gateway.conftest import Chain, World, serving
from tests.integration.gateway.test_renewal import copy_of, refresh


def test_a_new_secret_key_ends_what_the_old_one_signed_and_nobody_logs_in_again(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    assert client.get("/v1/auth/me").status_code == 200
    rotated = world.settings.model_copy(update={"secret_key": "another secret of these tests"})
    with serving(create_app(rotated, clock=world.clock)) as url:
        there = copy_of(world, client)
        there.base_url = url
        signed_before = there.cookies[COOKIE]
        assert there.get("/v1/auth/me").status_code == 401
        assert refresh(there).status_code == 200
        assert there.cookies[COOKIE] != signed_before
        assert there.get("/v1/auth/me").json()["email"] == chain.emails["owner"]
        back = copy_of(world, there)
        assert back.get("/v1/auth/me").status_code == 401, "the old key takes nothing that the new one signed"
