"""What a login stands on: the session's token, the limit on guessing, the table of roles."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import jwt
import pytest

from functions.gateway.auth.permissions import PERMISSIONS, Action, allowed
from functions.gateway.auth.rate_limit import MAX_PLACES, AttemptLimit
from functions.gateway.auth.session_token import IDLE, LONGEST, begin_session, read_session, sign_session
from regulars.errors import NotAuthenticated
from regulars.ids import new_id
from regulars.store.users import Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRET = "one secret"


def test_a_token_says_what_was_signed() -> None:
    session = begin_session(new_id(), new_id(), "manager", NOON)
    assert read_session(SECRET, sign_session(SECRET, session), NOON) == session


def test_an_account_of_the_platform_has_no_tenant() -> None:
    session = begin_session(new_id(), None, "operator", NOON)
    assert read_session(SECRET, sign_session(SECRET, session), NOON).tenant_id is None


@pytest.mark.parametrize("later", [IDLE, IDLE + timedelta(days=1)])
def test_a_token_runs_out_by_the_callers_clock(later: timedelta) -> None:
    token = sign_session(SECRET, begin_session(new_id(), None, "owner", NOON))
    read_session(SECRET, token, NOON + IDLE - timedelta(seconds=1))
    with pytest.raises(NotAuthenticated):
        read_session(SECRET, token, NOON + later)


def test_renewing_ends_twelve_hours_after_the_login() -> None:
    session = begin_session(new_id(), None, "owner", NOON)
    now = NOON
    while session.expires_at > now:
        session = session.renewed(now)
        now += timedelta(minutes=20)
    assert session.expires_at == NOON + LONGEST


def test_a_token_of_another_secret_a_changed_one_and_an_unsigned_one_are_refused() -> None:
    session = begin_session(new_id(), new_id(), "analyst", NOON)
    good = sign_session(SECRET, session)
    claims = jwt.decode(good, options={"verify_signature": False})
    unsigned = jwt.encode(claims | {"role": "owner"}, "", algorithm="none")
    head, body, signature = good.split(".")
    for forged in (sign_session("another", session), unsigned, f"{head}.{body[:-2]}AA.{signature}", "", "x.y.z"):
        with pytest.raises(NotAuthenticated):
            read_session(SECRET, forged, NOON)


def test_the_configured_secret_itself_signs_nothing() -> None:
    """A token made with the raw setting, for another use of it, is no login."""
    secret = "0123456789abcdef0123456789abcdef"
    session = begin_session(new_id(), None, "owner", NOON)
    claims = jwt.decode(sign_session(secret, session), options={"verify_signature": False})
    with pytest.raises(NotAuthenticated):
        read_session(secret, jwt.encode(claims, secret, algorithm="HS256"), NOON)


def test_the_limit_opens_again_after_the_window() -> None:
    limit = AttemptLimit(3, 60.0)
    for second in range(3):
        assert limit.wait_s("a", NOON) == 0
        limit.failed("a", NOON + timedelta(seconds=second))
    assert limit.wait_s("a", NOON + timedelta(seconds=10)) == 50
    assert limit.wait_s("b", NOON + timedelta(seconds=10)) == 0
    assert limit.wait_s("a", NOON + timedelta(seconds=60)) == 0


def test_a_success_forgets_failures() -> None:
    limit = AttemptLimit(1, 60.0)
    limit.failed("a", NOON)
    limit.succeeded("a")
    assert limit.wait_s("a", NOON) == 0


def test_many_places_do_not_fill_the_memory_and_push_out_the_oldest_only() -> None:
    limit = AttemptLimit(1, 60.0)
    for number in range(MAX_PLACES + 1):
        limit.failed(str(number), NOON)
    assert limit.wait_s("0", NOON) == 0
    assert limit.wait_s("1", NOON) > 0


def test_every_role_is_in_the_table_and_every_action_is_somebodys() -> None:
    assert set(PERMISSIONS) == set(get_args(Role))
    assert set[Action]().union(*PERMISSIONS.values()) == set(get_args(Action))


@pytest.mark.parametrize("role", ["operator", "analyst"])
def test_operator_and_analyst_see_neither_faces_nor_single_visits(role: Role) -> None:
    assert not allowed(role, "faces.see")
    assert not allowed(role, "visits.see")
    assert not allowed(role, "live.watch")
