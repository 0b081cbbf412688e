"""Chains as the operator runs them, and what an owner decides for the own one."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from regulars.ids import new_id
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.tenants import find_tenant
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_person


def test_the_operator_opens_names_and_suspends_a_chain(world: World) -> None:
    operator = world.logged_in(world.operator_email)
    made = operator.post("/v1/tenants", json={"name": "Trà Sữa", "sharing": "isolated"})
    assert made.status_code == 201
    chain = made.json()
    path = f"/v1/tenants/{chain['tenant_id']}"
    assert operator.get(path).json() == chain
    assert (chain["recognition"], chain["suspended_at"], chain["language"]) == (True, None, "vi")
    suspended = operator.patch(
        path, json={"suspended": True, "name": "Trà"}, headers={"If-Match": made.headers["ETag"]}
    )
    assert (suspended.json()["name"], suspended.json()["suspended_at"] is None) == ("Trà", False)
    stale = operator.patch(path, json={"name": "Sữa"}, headers={"If-Match": made.headers["ETag"]})
    assert stale.status_code == 412
    found = operator.get("/v1/tenants", params={"q": "tra", "suspended": True, "sort": "-created_at"}).json()["items"]
    assert found[0] == suspended.json()
    assert operator.patch(path, json={"suspended": True}).json() == suspended.json()
    assert operator.patch(path, json={"suspended": False}).json()["suspended_at"] is None
    assert operator.get(f"/v1/tenants/{new_id()}").status_code == 404


def test_in_production_a_new_chain_asks_for_a_second_factor(world: World) -> None:
    operator, parts = world.logged_in(world.operator_email), world.parts
    asked: list[bool] = []
    for mode in ("embedded", "production"):
        world.app.state.parts = replace(parts, settings=world.settings.model_copy(update={"mode": mode}))
        tenant_id = operator.post("/v1/tenants", json={"name": mode}).json()["tenant_id"]
        with transaction(parts.engine, PLATFORM) as connection:
            tenant = find_tenant(connection, UUID(tenant_id))
        assert tenant
        asked.append(tenant.second_factor_required)
    world.app.state.parts = parts
    assert asked == [False, True]


def test_whose_customers_a_chain_knows_is_decided_before_the_first(world: World, chain: Chain) -> None:
    operator = world.logged_in(world.operator_email)
    path = f"/v1/tenants/{chain.tenant_id}"
    assert operator.patch(path, json={"sharing": "isolated"}).json()["sharing"] == "isolated"
    assert operator.patch(path, json={"sharing": "network"}).json()["sharing"] == "network"
    add_person(world, chain, world.clock())
    refused = operator.patch(path, json={"sharing": "isolated", "name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert operator.patch(path, json={"sharing": "network"}).status_code == 200
    assert operator.get(path).json()["name"] == "Phở Ngon"


def test_an_owner_decides_for_the_own_chain_and_it_is_noted(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    before = owner.get("/v1/tenant")
    assert before.json() == {
        "name": "Phở Ngon",
        "sharing": "network",
        "recognition": True,
        "language": "vi",
        "retention_days": 30,
        "inactive_after_months": None,
        "least_people_shown": 10,
        "second_factor_required": False,
    }
    change = {"retention_days": 7, "inactive_after_months": 12, "least_people_shown": 5, "language": "en"}
    changed = owner.patch("/v1/tenant", json=change, headers={"If-Match": before.headers["ETag"]})
    assert changed.json() == before.json() | change
    assert owner.patch("/v1/tenant", json=change, headers={"If-Match": before.headers["ETag"]}).status_code == 412
    assert owner.patch("/v1/tenant", json={"inactive_after_months": None}).json()["inactive_after_months"] is None
    assert owner.patch("/v1/tenant", json={"name": "Phở"}).json()["retention_days"] == 7
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = entries(connection, chain.tenant_id)
    assert [one.detail for one in noted][:2] == [
        {"fields": ["name"]},
        {"fields": ["inactive_after_months"], "inactive_after_months": None},
    ]
    assert world.logged_in(chain.emails["analyst"]).get("/v1/tenant").json()["name"] == "Phở"


@pytest.mark.parametrize(
    "change",
    [
        {"retention_days": 31},
        {"retention_days": 0},
        {"inactive_after_months": 0},
        {"least_people_shown": 0},
        {"language": "fr"},
        {"sharing": "isolated"},
        {"suspended": False},
        {"name": " "},
    ],
)
def test_what_an_owner_cannot_decide_is_refused(world: World, chain: Chain, change: dict[str, Any]) -> None:
    owner = world.logged_in(chain.emails["owner"])
    assert owner.patch("/v1/tenant", json=change).status_code == 422


def test_no_chain_sees_the_others(world: World, chain: Chain) -> None:
    for role in ("owner", "manager", "analyst"):
        client = world.logged_in(chain.emails[role])
        assert client.get("/v1/tenants").status_code == 403
        assert client.get(f"/v1/tenants/{chain.tenant_id}").status_code == 403
    assert world.logged_in(world.operator_email).get("/v1/tenant").status_code == 403
