"""The second factor: set up where it is required, a code taken once, guessing limited, a lost phone recovered from."""

import httpx
import pytest
from pyotp.totp import TOTP

from functions.gateway.auth.limits import RULES
from functions.gateway.auth.second_factor import CODES, STEP_S
from regulars.store.session import transaction
from regulars.store.tenants import change_tenant
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import PASSWORD, Chain, World


class Phone:
    """An authenticator that knows the world's time."""

    def __init__(self, world: World, secret: str) -> None:
        self._world, self._totp = world, TOTP(secret)

    def code(self) -> str:
        return self._totp.at(self._world.clock())

    def next_code(self) -> str:
        self._world.clock.pass_by(STEP_S)
        return self.code()


def log_in(world: World, email: str, code: str | None = None) -> httpx.Response:
    given = {"email": email, "password": PASSWORD} | ({"code": code} if code else {})
    return world.client().post("/v1/auth/login", json=given)


def set_up(world: World, client: httpx.Client) -> tuple[Phone, list[str]]:
    shown = client.post("/v1/auth/second-factor", json={"present": PASSWORD}).json()
    phone = Phone(world, shown["secret"])
    confirmed = client.post("/v1/auth/second-factor/confirm", json={"code": phone.code()})
    assert confirmed.status_code == 200, confirmed.text
    return phone, confirmed.json()["codes"]


@pytest.fixture
def required(world: World, chain: Chain) -> Chain:
    """A chain whose people need a second factor when they may see faces."""
    with transaction(world.parts.engine, PLATFORM) as connection:
        change_tenant(connection, chain.tenant_id, second_factor_required=True)
    return chain


def test_who_may_see_faces_sets_one_up_before_anything_else(world: World, required: Chain) -> None:
    client = world.client()
    given = {"email": required.emails["manager"], "password": PASSWORD}
    told = client.post("/v1/auth/login", json=given).json()
    assert (told["stage"], told["actions"]) == ("second_factor", [])
    for path in ("/v1/visits", "/v1/sites", "/v1/live"):
        refused = client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_must_be_set_up")
    assert client.post("/v1/auth/refresh").json()["stage"] == "second_factor"
    shown = client.post("/v1/auth/second-factor", json={"present": PASSWORD}).json()
    assert shown["otpauth_uri"].startswith("otpauth://totp/Regulars:")
    phone = Phone(world, shown["secret"])
    assert client.post("/v1/auth/second-factor/confirm", json={"code": "000000"}).status_code == 401
    assert client.post("/v1/auth/second-factor/confirm", json={"code": phone.code()}).status_code == 200
    assert client.get("/v1/visits").status_code == 200
    assert client.get("/v1/auth/me").json()["stage"] == "full"


def test_who_sees_no_faces_needs_none(world: World, required: Chain) -> None:
    assert log_in(world, required.emails["analyst"]).json()["stage"] == "full"


def test_a_login_then_needs_a_code_and_takes_each_once(world: World, chain: Chain) -> None:
    email = chain.emails["owner"]
    phone, _ = set_up(world, world.logged_in(email))
    wanted = log_in(world, email)
    assert (wanted.status_code, wanted.json()["code"]) == (401, "second_factor_wanted")
    assert "set-cookie" not in wanted.headers
    used = log_in(world, email, phone.code())
    assert (used.status_code, used.json()["code"]) == (401, "second_factor_wrong"), "it confirmed the set-up"
    code = phone.next_code()
    assert log_in(world, email, code).status_code == 200
    assert log_in(world, email, code).status_code == 401


def test_a_code_is_taken_a_step_early_or_late_and_no_later(world: World, chain: Chain) -> None:
    email = chain.emails["owner"]
    phone, _ = set_up(world, world.logged_in(email))
    code = phone.next_code()
    world.clock.pass_by(STEP_S)
    assert log_in(world, email, code).status_code == 200
    code = phone.next_code()
    world.clock.pass_by(2 * STEP_S)
    assert log_in(world, email, code).status_code == 401


def test_guessing_codes_is_stopped_even_for_who_has_the_password(world: World, chain: Chain) -> None:
    email, (most, window_s) = chain.emails["owner"], RULES["second_factor"]
    phone, _ = set_up(world, world.logged_in(email))
    phone.next_code()
    told = [log_in(world, email, f"{number:06}").status_code for number in range(most + 1)]
    assert told == [401] * most + [429]
    assert log_in(world, email, phone.code()).status_code == 429
    world.clock.pass_by(window_s)
    assert log_in(world, email, phone.code()).status_code == 200


def test_a_recovery_code_opens_once_and_new_ones_take_the_place_of_old(world: World, chain: Chain) -> None:
    email = chain.emails["owner"]
    client = world.logged_in(email)
    phone, codes = set_up(world, client)
    assert len(set(codes)) == CODES
    assert log_in(world, email, codes[0].upper()).status_code == 200
    assert log_in(world, email, codes[0]).status_code == 401
    given = {"present": PASSWORD, "code": phone.next_code()}
    newer = client.post("/v1/auth/second-factor/recovery-codes", json=given).json()["codes"]
    assert log_in(world, email, codes[1]).status_code == 401
    assert log_in(world, email, newer[0]).status_code == 200


def test_a_second_one_is_not_set_up_over_the_first_by_whoever_finds_the_screen(world: World, chain: Chain) -> None:
    client = world.logged_in(chain.emails["owner"])
    assert client.post("/v1/auth/second-factor", json={"present": "guess"}).json()["code"] == "wrong_password"
    phone, _ = set_up(world, client)
    again = client.post("/v1/auth/second-factor", json={"present": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (409, "already_there")
    wrong = {"present": PASSWORD, "code": "000000"}
    assert client.post("/v1/auth/second-factor/remove", json=wrong).status_code == 401
    right = {"present": PASSWORD, "code": phone.next_code()}
    assert client.post("/v1/auth/second-factor/remove", json=right).status_code == 204
    assert log_in(world, chain.emails["owner"]).status_code == 200


def test_setting_one_up_ends_the_logins_that_had_none(world: World, chain: Chain) -> None:
    here, there = (world.logged_in(chain.emails["owner"]) for _ in range(2))
    set_up(world, here)
    assert there.post("/v1/auth/refresh").status_code == 401
    assert here.post("/v1/auth/refresh").status_code == 200


def test_an_owner_frees_who_lost_phone_and_codes_and_not_oneself(world: World, chain: Chain) -> None:
    owner, manager = world.logged_in(chain.emails["owner"]), world.logged_in(chain.emails["manager"])
    set_up(world, manager)
    path = f"/v1/users/{manager.get('/v1/auth/me').json()['user_id']}"
    assert owner.get(path).json()["second_factor"] is True
    assert owner.delete(f"{path}/second-factor").status_code == 204
    assert manager.post("/v1/auth/refresh").status_code == 401
    assert log_in(world, chain.emails["manager"]).status_code == 200
    own = owner.get("/v1/auth/me").json()["user_id"]
    assert owner.delete(f"/v1/users/{own}/second-factor").json()["reason"] == "own_second_factor"
