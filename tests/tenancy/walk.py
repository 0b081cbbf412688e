"""Two chains and every caller, to walk the routes with: whose things, asked by whom."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from functions.gateway.openapi import operations
from regulars.ids import new_id
from regulars.store.session import transaction
from regulars.store.tenants import Site, add_site
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import World
from tests.tenancy.asking import Asking, Route
from tests.tenancy.stock import Stock

OF_A_SITE = {"site_id", "camera_id", "visit_id", "staff_id"}
PEOPLE = ("customer_id", "staff_id", "other_id", "visit_id", "template_id", "correction_id", "proposal_id")


class Unknown:
    """Ids that nobody has."""

    def __getitem__(self, name: str) -> Any:
        return new_id()


@dataclass
class But:
    """Somebody's ids, except for one."""

    ids: Any
    name: str
    other: Any

    def __getitem__(self, name: str) -> Any:
        return self.other if name == self.name else self.ids[name]


@dataclass
class Walk:
    """A gateway with two chains, the first with two sites, and a client of each caller."""

    world: World
    document: dict[str, Any]
    routes: list[Route]
    callers: dict[str, httpx.Client]
    own: Stock
    at_the_other_site: Stock
    foreign: Stock
    unmade: dict[str, str] = field(default_factory=dict[str, str])

    def ask(self, route: Route) -> Asking:
        return Asking(route, self.document)

    def secrets_from(self, caller: str) -> re.Pattern[str]:
        """Return what no answer to this caller may hold: of the platform's, everything about people."""
        told: list[Any] = []
        if caller == "operator":
            told = [stock[name] for stock in (self.own, self.foreign) for name in PEOPLE]
        else:
            told = [*self.foreign.made.values(), "Bún Chả"]
        if caller == "manager":
            told += [self.at_the_other_site[name] for name in OF_A_SITE]
        return re.compile("|".join(str(one) for one in told if not isinstance(one, dict)))


@pytest.fixture
def walk(world: World) -> Walk:
    chain, other = world.add_chain("Phở Ngon"), world.add_chain("Bún Chả")
    document = world.client().get("/openapi.json").json()
    routes = [Route(path, method, operation) for path, method, operation in operations(document)]
    callers = {role: world.logged_in(email) for role, email in chain.emails.items()}
    callers |= {"operator": world.logged_in(world.operator_email), "nobody": world.client()}
    callers["worker"] = world.client()
    callers["worker"].headers["Authorization"] = f"Bearer {chain.worker_key}"
    elsewhere = replace(chain, site_id=new_id())
    with transaction(world.parts.engine, PLATFORM) as connection:
        now = world.clock()
        add_site(connection, Site(chain.tenant_id, elsewhere.site_id, "Phở Xa", "Asia/Ho_Chi_Minh", 30.0, now))
    owner = callers["owner"]
    found = Walk(
        world,
        document,
        routes,
        callers,
        own=Stock(world, chain, document, owner),
        at_the_other_site=Stock(world, elsewhere, document, owner),
        foreign=Stock(world, other, document, world.logged_in(other.emails["owner"])),
    )
    for name in sorted({name for route in routes for name in route.in_path}):
        try:
            assert found.foreign[name]
        except (AssertionError, LookupError) as failure:
            found.unmade[name] = str(failure)
    for name in OF_A_SITE:
        assert found.at_the_other_site[name], name
    return found
