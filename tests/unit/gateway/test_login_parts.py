"""What a login stands on: the access token, new passwords, the table of roles."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import jwt
import pytest

from functions.gateway.auth.passwords import MIN_PASSWORD_LENGTH, check_new_password
from functions.gateway.auth.permissions import PERMISSIONS, Action, allowed
from functions.gateway.auth.session_token import LIFE, MOST_SITES, Access, Stage, read_access, sign_access
from regulars.errors import InputRefused, NotAuthenticated
from regulars.ids import new_id
from regulars.store.secret_tokens import mint, present
from regulars.store.users import Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRET = "one secret"
LARGEST_COOKIE_BYTES = 4096


def access(role: Role = "owner", stage: Stage = "full") -> Access:
    sites = frozenset({new_id(), new_id()}) if role == "manager" else None
    tenant_id = None if role == "operator" else new_id()
    return Access(new_id(), new_id(), tenant_id, role, sites, stage, NOON + LIFE)


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("stage", get_args(Stage))
def test_a_token_says_what_was_signed(role: Role, stage: Stage) -> None:
    one = access(role, stage)
    assert read_access(SECRET, sign_access(SECRET, one, NOON), NOON) == one


def test_a_manager_without_a_site_is_not_one_of_all_sites() -> None:
    one = replace(access("manager"), site_ids=frozenset())
    assert read_access(SECRET, sign_access(SECRET, one, NOON), NOON).site_ids == frozenset()


def test_the_sites_of_a_manager_of_many_fit_into_a_cookie() -> None:
    one = replace(access("manager"), site_ids=frozenset(new_id() for _ in range(MOST_SITES)))
    token = sign_access(SECRET, one, NOON)
    assert len(token) + 200 < LARGEST_COOKIE_BYTES
    assert read_access(SECRET, token, NOON) == one


@pytest.mark.parametrize("later", [LIFE, LIFE + timedelta(days=1)])
def test_a_token_runs_out_by_the_callers_clock(later: timedelta) -> None:
    token = sign_access(SECRET, access(), NOON)
    read_access(SECRET, token, NOON + LIFE - timedelta(seconds=1))
    with pytest.raises(NotAuthenticated):
        read_access(SECRET, token, NOON + later)


def test_a_token_of_another_secret_a_changed_one_and_an_unsigned_one_are_refused() -> None:
    one = access("analyst")
    good = sign_access(SECRET, one, NOON)
    claims = jwt.decode(good, options={"verify_signature": False})
    unsigned = jwt.encode(claims | {"role": "owner"}, "", algorithm="none")
    head, body, signature = good.split(".")
    for forged in (sign_access("another", one, NOON), unsigned, f"{head}.{body[:-2]}AA.{signature}", "", "x.y.z"):
        with pytest.raises(NotAuthenticated):
            read_access(SECRET, forged, NOON)


@pytest.mark.parametrize("wrong", [{"role": "worker"}, {"stage": "other"}, {"sub": "x"}, {"sites": "AAA"}, {"sid": ""}])
def test_a_token_of_ours_that_says_what_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    claims = jwt.decode(sign_access(SECRET, access(), NOON), options={"verify_signature": False})
    key = hashlib.sha256(b"regulars session\0" + SECRET.encode()).digest()
    with pytest.raises(NotAuthenticated):
        read_access(SECRET, jwt.encode(claims | wrong, key, algorithm="HS256"), NOON)


def test_the_configured_secret_itself_signs_nothing() -> None:
    """A token made with the raw setting, for another use of it, is no login."""
    secret = "0123456789abcdef0123456789abcdef"
    claims = jwt.decode(sign_access(secret, access(), NOON), options={"verify_signature": False})
    with pytest.raises(NotAuthenticated):
        read_access(secret, jwt.encode(claims, secret, algorithm="HS256"), NOON)


@pytest.mark.parametrize("password", ["short", "x" * (MIN_PASSWORD_LENGTH - 1), "MAI.Tran@example.com", "aaaaaaaaaaaa"])
def test_a_password_that_is_soon_guessed_is_refused(password: str) -> None:
    with pytest.raises(InputRefused):
        check_new_password(password, "mai.tran@example.com")


@pytest.mark.parametrize("password", ["correct horse battery", "mật khẩu của tôi", "1234567890"])
def test_nothing_is_asked_of_what_a_password_is_made_of(password: str) -> None:
    check_new_password(password, "mai.tran@example.com")


def test_a_secret_is_presented_as_it_was_minted_and_of_its_own_kind_only() -> None:
    row_id = new_id()
    token, secret_hash = mint("rk", row_id)
    presented = present("rk", token)
    assert presented is not None
    assert (presented.row_id, presented.secret_hash) == (row_id, secret_hash)
    for other in (token.replace("rk_", "rs_"), "rk_", "rk_x_y", "", f"rk_{'g' * 32}_x"):
        assert present("rk", other) is None


def test_every_role_is_in_the_table_and_every_action_is_somebodys() -> None:
    assert set(PERMISSIONS) == set(get_args(Role))
    assert set[Action]().union(*PERMISSIONS.values()) == set(get_args(Action))


@pytest.mark.parametrize("role", ["operator", "analyst"])
def test_operator_and_analyst_see_neither_faces_nor_single_visits(role: Role) -> None:
    assert not allowed(role, "faces.see")
    assert not allowed(role, "visits.see")
    assert not allowed(role, "live.watch")
