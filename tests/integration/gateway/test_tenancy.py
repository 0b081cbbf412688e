"""No chain sees another's: every route of the OpenAPI document x every role x own and foreign ids."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx

from functions.gateway.auth.permissions import allowed
from regulars.ids import new_id
from regulars.store.session import transaction
from regulars.store.tenants import Site, add_site
from regulars.store.users import Role
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_proposal, add_visit, forget_look

# Of everybody and of machines; each has tests of its own.
OPEN_TO_ALL = {"alive", "ready", "login", "logout", "me"}
OF_WORKERS = {"worker_heartbeat", "worker_track_links"}
BODIES: dict[str, dict[str, Any]] = {
    "create_site": {"name": "new", "time_zone": "Asia/Ho_Chi_Minh"},
    "create_camera": {"name": "new", "type": "webcam", "webcam_index": 0},
    "change_camera": {"name": "changed"},
    "change_site": {"address": "1 Lê Lợi"},
    "change_tenant": {"recognition": True},
    "change_customer": {"gender": "female"},
    "answer_merge_proposal": {"decision": "refuse"},
}
# Bodies that name things: the field, whether it is a list, and whose id it takes.
BODY_IDS = {
    "create_camera": ("site_id", False, "site_id"),
    "split_customer": ("visit_ids", True, "visit_id"),
    "merge_customers": ("other_id", False, "other_id"),
}


def operations(world: World) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield operation id, method, path and the action it asks for, of every route in the document."""
    document = world.client().get("/openapi.json").json()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            scopes = [scope for needed in operation.get("security", []) for scope in needed.get("Login", [])]
            yield operation["operationId"], method.upper(), path, scopes[0] if scopes else None


def send(client: httpx.Client, name: str, method: str, path: str, ids: dict[str, UUID]) -> httpx.Response:
    body: dict[str, Any] | None = BODIES.get(name)
    if name in BODY_IDS:
        field, is_list, of = BODY_IDS[name]
        body = (body or {}) | {field: [str(ids[of])] if is_list else str(ids[of])}
    if name == "delete_site":  # of the others something hangs on
        ids = ids | {"site_id": ids["empty_site_id"]}
    filled = path.format_map({key: str(value) for key, value in ids.items()})
    with client.stream(method, filled, json=body) as answer:
        if "event-stream" not in answer.headers.get("content-type", ""):
            answer.read()
        return answer


def empty_site(world: World, chain: Chain) -> UUID:
    """Add a site on which nothing hangs."""
    site_id = new_id()
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        add_site(connection, Site(chain.tenant_id, site_id, "empty", "UTC", 30.0, world.clock()))
    return site_id


def stock(world: World, chain: Chain) -> dict[str, UUID]:
    """Give the chain one of everything; return the ids by the name of a path's parameter."""
    customer = add_person(world, chain, world.clock())
    visit_id = add_visit(world, chain, world.clock(), customer_id=customer, status="new", picture=b"face")
    other = add_person(world, chain, world.clock())
    add_visit(world, chain, world.clock(), customer_id=other)
    looks = [add_look(world, chain, customer) for _ in range(3)]
    return {
        "other_id": other,
        "template_id": looks[0],
        "correction_id": forget_look(world, chain, looks[1]),
        "proposal_id": add_proposal(world, chain, customer, other),
        "camera_id": world.add_camera(chain),
        "visit_id": visit_id,
        "tenant_id": chain.tenant_id,
        "site_id": chain.site_id,
        "empty_site_id": empty_site(world, chain),
        "customer_id": customer,
        "track_id": new_id(),
    }


def test_every_route_asks_for_an_action_or_is_known_to_be_open(world: World) -> None:
    for name, _, path, action in operations(world):
        expected = name not in OPEN_TO_ALL | OF_WORKERS
        assert (action is not None) is expected, path


def test_every_role_may_exactly_what_the_table_says(world: World, chain: Chain) -> None:
    clients: dict[Role, httpx.Client] = {role: world.logged_in(email) for role, email in chain.emails.items()}
    clients["operator"] = world.logged_in(world.operator_email)
    checked = 0
    for name, method, path, action in operations(world):
        if action is None:
            continue
        for role, client in clients.items():
            answer = send(client, name, method, path, stock(world, chain))
            if allowed(role, action):
                assert answer.is_success, (role, name, answer.status_code)
            else:
                assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), (role, name)
            checked += 1
        assert send(world.client(), name, method, path, stock(world, chain)).status_code == 401
    assert checked >= 4 * 27


def test_a_foreign_id_answers_like_a_missing_one_and_nothing_of_another_chain_is_told(
    world: World, chain: Chain
) -> None:
    other = world.add_chain("Bún Chả")
    foreign, missing = stock(world, other), {name: new_id() for name in stock(world, chain)}
    client = world.logged_in(chain.emails["owner"])
    secrets = re.compile("|".join(str(value) for value in [*foreign.values(), other.tenant_id]) + "|Bún Chả")
    with_ids = 0
    for name, method, path, action in operations(world):
        if action is None or not allowed("owner", action) or name == "watch_live":
            continue
        takes_id = "{" in path or name == "create_camera"
        if takes_id:
            refused, unknown = (send(client, name, method, path, ids) for ids in (foreign, missing))
            assert refused.status_code == unknown.status_code == 404, name
            assert {**refused.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
            assert not secrets.search(refused.text), name
            with_ids += 1
        own = send(client, name, method, path, stock(world, chain))
        assert own.is_success, (name, own.text)
        assert not secrets.search(own.text), name
    assert with_ids >= 16
    theirs = world.logged_in(other.emails["owner"])
    assert theirs.get(f"/v1/cameras/{foreign['camera_id']}").json()["name"] == "door"
    assert theirs.get(f"/v1/visits/{foreign['visit_id']}").status_code == 200


def test_filtering_by_a_foreign_site_finds_nothing(world: World, chain: Chain) -> None:
    other = world.add_chain("Bún Chả")
    foreign = stock(world, other)
    client = world.logged_in(chain.emails["owner"])
    assert client.get("/v1/visits", params={"site_id": str(foreign["site_id"])}).json()["items"] == []
