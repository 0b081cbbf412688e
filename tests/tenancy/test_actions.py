"""Every route of the OpenAPI document asks for one action, and every action is asked for."""

from typing import get_args

import pytest

from functions.gateway.auth.permissions import Action
from functions.gateway.openapi import build_document, operations
from tests.tenancy.asking import Route

FOR_ALL = {
    "alive",
    "begin_oidc_login",
    "finish_oidc_login",
    "list_login_ways",
    "forget_password",
    "login",
    "logout",
    "ready",
    "refresh",
    "set_password_by_link",
}
"""Routes that ask for nobody's login: they make one, or say that the process lives."""
FOR_ALL_LOGGED_IN = {
    "begin_second_factor",
    "change_password",
    "confirm_second_factor",
    "end_own_session",
    "list_own_sessions",
    "logout_everywhere",
    "me",
    "remove_own_second_factor",
    "renew_recovery_codes",
}
"""Routes about the caller alone: any role may, so none names an action."""

UNASKED = {"reports.change", "workers.see"}
"""Actions that the table grants and no route of today asks for."""


@pytest.fixture(scope="module")
def routes() -> list[Route]:
    return [Route(path, method, operation) for path, method, operation in operations(build_document())]


def test_every_route_asks_for_one_action_or_is_known_to_be_open(routes: list[Route]) -> None:
    for route in routes:
        kinds = [
            route.name in FOR_ALL and not route.ways_in,
            route.name in FOR_ALL_LOGGED_IN and "Login" in route.ways_in and route.action is None,
            route.ways_in == {"WorkerKey"},
            route.action in get_args(Action),
        ]
        assert kinds.count(True) == 1, (route.name, kinds)
        ways = route.operation.get("security", ())
        assert {scope for way in ways for named in way.values() for scope in named} <= {route.action}, route.name


def test_every_action_is_asked_for_by_some_route(routes: list[Route]) -> None:
    assert set(get_args(Action)) - {route.action for route in routes} <= UNASKED
