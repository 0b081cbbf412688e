"""What is typed into a search or an order is a text to every list, never SQL and never a pattern."""

from typing import Any

import httpx
import pytest

from functions.gateway.openapi import build_document, operations
from tests.integration.gateway.conftest import World
from tests.tenancy.asking import Route
from tests.tenancy.stock import Stock

TYPED = (
    "%",
    "%%",
    "_",
    "\\",
    "'",
    "' or '1'='1",
    "x'; drop table visits; --",
    "') union select * from users --",
    "$1",
    ":q",
)
ORDERS = (
    "name; drop table visits",
    "name desc, (select 1)",
    "1",
    "(case when 1=1 then name end)",
    "--",
    "%2d%2dname",
    "",
)


def lists(parameter: str) -> list[Route]:
    """Return every list that takes this query parameter."""
    routes = [Route(path, method, operation) for path, method, operation in operations(build_document())]
    return [
        one
        for one in routes
        if one.method == "get" and any(taken["name"] == parameter for taken in one.operation.get("parameters", ()))
    ]


@pytest.fixture
def stocked(world: World) -> tuple[httpx.Client, httpx.Client, Stock]:
    """An owner and an operator, and a chain that has something of each kind."""
    chain = world.add_chain("Phở Ngon")
    document: dict[str, Any] = world.client().get("/openapi.json").json()
    owner = world.logged_in(chain.emails["owner"])
    stock = Stock(world, chain, document, owner)
    for name in ("camera_id", "customer_id", "staff_id", "key_id", "user_id", "webhook_id"):
        assert stock[name]
    return owner, world.logged_in(world.operator_email), stock


def test_a_search_is_a_text_and_an_order_one_of_those_that_there_are(
    stocked: tuple[httpx.Client, httpx.Client, Stock],
) -> None:
    owner, operator, stock = stocked
    searched, ordered = 0, 0
    for route in lists("q"):
        path, client = route.path.format_map({name: str(stock[name]) for name in route.in_path}), owner
        if client.get(path).status_code == 403:
            client = operator
        for typed in TYPED:
            answer = client.get(path, params={"q": typed})
            assert answer.status_code == 200, (route.name, typed, answer.text)
            without = [one for one in answer.json()["items"] if typed not in " ".join(map(str, one.values()))]
            assert without == [], (route.name, typed)
            searched += 1
    for route in lists("sort"):
        path, client = route.path.format_map({name: str(stock[name]) for name in route.in_path}), owner
        if client.get(path).status_code == 403:
            client = operator
        for typed in ORDERS:
            assert client.get(path, params={"sort": typed}).status_code == 422, (route.name, typed)
            ordered += 1
        assert client.get(path).status_code == 200, route.name
    assert searched >= 5 * len(TYPED)
    assert ordered >= 8 * len(ORDERS)
