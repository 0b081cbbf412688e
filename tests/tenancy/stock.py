"""One of everything that a route may be asked about, made when it is asked for: by the name of the parameter.

A noun that the API creates needs no entry: its own route is called as the chain's owner. What only comes into being by
people walking in has a maker here. A route with a parameter that neither knows fails the walk with its name.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from functions.gateway.openapi import operations
from regulars.ids import new_id
from regulars.store.session import transaction
from regulars.store.set_aside import list_set_aside, set_aside
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_proposal, add_visit, forget_look
from tests.tenancy.asking import Asking, Route


class Stock:
    """What one chain has at one site; each thing is made once, at its first use."""

    def __init__(self, world: World, chain: Chain, document: dict[str, Any], owner: httpx.Client) -> None:
        self.world = world
        self.chain = chain
        self.document = document
        self.owner = owner
        self.made: dict[str, Any] = {"site_id": chain.site_id, "tenant_id": chain.tenant_id}

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            make = MAKERS.get(name)
            self.made[name] = make(self) if make else self._through_the_api(name)
        return self.made[name]

    def anew(self) -> "Stock":
        """Return the same chain's stock with nothing in it yet."""
        return Stock(self.world, self.chain, self.document, self.owner)

    def ask(self, operation_id: str) -> dict[str, Any]:
        """Ask a route as the chain's owner; return its answer."""
        for path, method, operation in operations(self.document):
            if operation["operationId"] == operation_id:
                answer = Asking(Route(path, method, operation), self.document).send(self.owner, self)
                assert answer.is_success, (operation_id, answer.status_code, answer.text)
                return answer.json()
        raise LookupError(operation_id)

    def _through_the_api(self, name: str) -> Any:
        """Create it in the collection that the route's path names, or take the first one there."""
        for path in self.document["paths"]:
            collection, of_one, _ = path.partition(f"/{{{name}}}")
            ways: dict[str, Any] = self.document["paths"].get(collection, {}) if of_one else {}
            if "post" in ways:
                return self.ask(ways["post"]["operationId"])[name]
            if "get" in ways:
                return self.ask(ways["get"]["operationId"])["items"][0][name]
        raise LookupError(f"{name}: a route asks for it and nothing makes it; add a maker to tests/tenancy/stock.py")


def _camera(stock: Stock) -> UUID:
    return stock.world.add_camera(stock.chain)


def _customer(stock: Stock) -> UUID:
    """Somebody who has come twice, with a picture and enough looks to take some away."""
    customer_id = add_person(stock.world, stock.chain, stock.world.clock() - timedelta(days=1))
    stock.made["visit_id"] = add_visit(
        stock.world, stock.chain, stock.world.clock(), customer_id=customer_id, status="new", picture=b"face"
    )
    stock.made["template_id"] = add_look(stock.world, stock.chain, customer_id)
    stock.made["forgotten"], _ = (add_look(stock.world, stock.chain, customer_id) for _ in range(2))
    return customer_id


def _with_customer(name: str) -> Callable[[Stock], Any]:
    def make(stock: Stock) -> Any:
        stock["customer_id"]
        return stock.made[name]

    return make


def _other(stock: Stock) -> UUID:
    customer_id = add_person(stock.world, stock.chain, stock.world.clock())
    add_visit(stock.world, stock.chain, stock.world.clock(), customer_id=customer_id, status="new")
    return customer_id


def _correction(stock: Stock) -> UUID:
    stock["customer_id"]
    return forget_look(stock.world, stock.chain, stock.made["forgotten"])


def _proposal(stock: Stock) -> UUID:
    return add_proposal(stock.world, stock.chain, stock["customer_id"], stock["other_id"])


def _set_aside(stock: Stock) -> UUID:
    key = f"tracks/{stock.chain.tenant_id}/{new_id()}/track.json"
    with transaction(stock.world.parts.engine, PLATFORM) as connection:
        set_aside(connection, stock.chain.tenant_id, key, "corrupt_manifest", "", stock.world.clock())
        return next(one.set_aside_id for one in list_set_aside(connection) if one.object_key == key)


def _delivery(stock: Stock) -> UUID:
    stock.ask("test_webhook")
    return stock.ask("list_webhook_deliveries")["items"][0]["event_id"]


def _insert(stock: Stock, table: str, **values: Any) -> None:
    """Put a row there, as only a photograph that recognize has judged would bring one."""
    columns = ", ".join(values)
    named = ", ".join(f":{name}" for name in values)
    with transaction(stock.world.parts.engine, Tenancy(stock.chain.tenant_id)) as connection:
        connection.execute(
            text(f"insert into {table} (tenant_id, {columns}) values (:tenant_id, {named})"),  # noqa: S608
            values | {"tenant_id": stock.chain.tenant_id},
        )


def _staff(stock: Stock) -> UUID:
    staff_id, now = new_id(), stock.world.clock()
    _insert(stock, "staff", staff_id=staff_id, name="Hoa", gender="female", active=True, created_at=now)
    _insert(stock, "staff_sites", staff_id=staff_id, site_id=stock.chain.site_id)
    return staff_id


def _photograph(stock: Stock) -> UUID:
    photograph_id, now = new_id(), stock.world.clock()
    _insert(
        stock,
        "staff_photographs",
        photograph_id=photograph_id,
        staff_id=stock["staff_id"],
        quality=0.9,
        created_at=now,
    )
    return photograph_id


MAKERS: dict[str, Callable[[Stock], Any]] = {
    "camera_id": _camera,
    "customer_id": _customer,
    "visit_id": _with_customer("visit_id"),
    "template_id": _with_customer("template_id"),
    "other_id": _other,
    "correction_id": _correction,
    "proposal_id": _proposal,
    "set_aside_id": _set_aside,
    "erasure_id": lambda stock: stock.anew().ask("erase_customer")["erasure_id"],
    "event_id": _delivery,
    "objection_id": lambda stock: stock.anew().ask("object_customer")["objection_id"],
    "photograph_id": _photograph,
    "staff_id": _staff,
    "recipient_id": lambda stock: stock["user_id"],
    "lease_id": lambda _: new_id(),
    "trial_id": lambda _: new_id(),
    "track_id": lambda _: new_id(),
}
