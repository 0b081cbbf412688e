"""Every route of the OpenAPI document x every caller x own and foreign tenant x own and foreign site."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
from sqlalchemy import select

from functions.gateway.auth.permissions import PERMISSIONS, allowed
from functions.gateway.errors import PROBLEM_JSON
from regulars.ids import new_id
from regulars.store.columns import metadata
from regulars.store.session import transaction
from regulars.tenancy import NETWORK_SCOPE_ID, Tenancy
from tests.counted import WALKED
from tests.integration.gateway.conftest import Chain, World
from tests.tenancy.asking import Route, singular
from tests.tenancy.test_actions import FOR_ALL, FOR_ALL_LOGGED_IN
from tests.tenancy.walk import OF_A_SITE, But, Unknown, Walk, walk

__all__ = ["walk"]

HELD = {"test_connection", "worker_wishes"}
"""Routes that keep who may ask waiting, for a worker that is not here or for news that does not come."""
NOT_WHOLE: dict[str, tuple[int, str]] = {
    "add_staff_photograph": (503, "dependency_away"),
    "delete_staff_photograph": (503, "dependency_away"),
    "cancel_departure": (404, "not_found"),
    "delete_site": (409, "in_use"),
    "find_me": (503, "dependency_away"),
    "leave_tenant": (422, "input_refused"),
    "read_departure": (404, "not_found"),
    "replay_set_aside_event": (503, "dependency_away"),
    "worker_track_links": (409, "lease_lost"),
    "worker_picture": (422, "input_refused"),
    "worker_trial_answer": (422, "input_refused"),
}
"""Routes whose other end (recognize, a worker) or whose occasion is no part of these tests: what they answer then."""
OF_CHAINS = ("_user", "_key", "_user_link", "_factor_of_user")
"""Routes of accounts and keys: the platform has its own there, and a chain's are to it what nobody has."""


def problem_of(answer: httpx.Response, route: Route) -> tuple[int, str]:
    """Return status and code; the document must name the code at this route."""
    if answer.is_success:
        return answer.status_code, ""
    told = answer.json()
    examples = route.operation["responses"].get(str(answer.status_code), {}).get("content", {}).get(PROBLEM_JSON, {})
    assert told["code"] in examples.get("examples", {}), (route.name, answer.status_code, told)
    return answer.status_code, told["code"]


def test_every_caller_may_exactly_what_the_table_says(walk: Walk) -> None:
    wrong: list[tuple[Any, ...]] = []
    for route in walk.routes:
        if route.name in FOR_ALL | FOR_ALL_LOGGED_IN:
            continue
        for caller in walk.callers:
            try:
                wrong += [(route.name, caller, *fault) for fault in _by_the_table(walk, caller, route)]
            except (LookupError, AssertionError, httpx.TimeoutException) as failure:
                wrong.append((route.name, caller, failure))
            WALKED["answers by the table of roles"] += 1
    WALKED["routes"] = len(walk.routes)
    WALKED["callers"] = len(walk.callers)
    WALKED["failures"] += len(wrong)
    assert not wrong, "\n".join(" ".join(str(part)[:400] for part in one) for one in wrong)


def _by_the_table(walk: Walk, caller: str, route: Route) -> Iterator[tuple[Any, ...]]:
    """Yield what is wrong about the answer to this caller about things of their own."""
    client = walk.callers[caller]
    if not _may(caller, route):
        refused = problem_of(walk.ask(route).send(client, Unknown()), route)
        if refused not in _refusals(caller, route):
            yield refused, "should be refused"
        return
    if route.name in HELD:
        return
    answer = walk.ask(route).send(client, walk.own.anew())
    told = problem_of(answer, route)
    if caller == "operator" and route.name.endswith(OF_CHAINS):
        if told not in {(403, "not_allowed"), (404, "not_found")}:
            yield told, "is a chain's"
    elif not answer.is_success and told != NOT_WHOLE.get(route.name):
        yield answer.status_code, _text(answer)
    found = walk.secrets_from(caller).search(_text(answer))
    if found:
        yield "tells of another", found


def _may(caller: str, route: Route) -> bool:
    if caller not in PERMISSIONS:
        return caller == "worker" and route.ways_in == {"WorkerKey"}
    return allowed(caller, route.action) if route.action else route.name in FOR_ALL_LOGGED_IN


def _refusals(caller: str, route: Route) -> set[tuple[int, str]]:
    nobody, another = (401, "not_authenticated"), (403, "not_allowed")
    if caller == "nobody":
        return {nobody}
    return {nobody, another} if caller == "worker" or route.ways_in == {"WorkerKey"} else {another}


def _text(answer: httpx.Response) -> str:
    return answer.text if answer.is_stream_consumed else ""


def test_what_is_anothers_answers_like_what_nobody_has(walk: Walk) -> None:
    before = rows_of(walk.world, walk.foreign.chain)
    wrong: list[tuple[Any, ...]] = []
    for route in walk.routes:
        for caller in ("owner", "manager", "analyst"):
            if not route.action or not allowed(caller, route.action):
                continue
            try:
                for where, ids in _not_ones_own(walk, route, caller):
                    wrong += [
                        (route.name, caller, where, *fault) for fault in _told_apart(walk, caller, route, where, ids)
                    ]
                    WALKED["answers about what is another tenant's or site's"] += 1
            except (LookupError, AssertionError, httpx.TimeoutException) as failure:
                wrong.append((route.name, caller, failure))
    WALKED["failures"] += len(wrong)
    assert not wrong, "\n".join(" ".join(str(part)[:400] for part in one) for one in wrong)
    assert rows_of(walk.world, walk.foreign.chain) == before


def _told_apart(
    walk: Walk, caller: str, route: Route, where: tuple[str, str], theirs: Any
) -> Iterator[tuple[Any, ...]]:
    """Yield how the answers about somebody else's thing and about one that nobody has differ."""
    nobodys = new_id()
    refused, unknown = (_ask_for(walk, caller, route, where, one) for one in (theirs, nobodys))
    told, expected = (refused.status_code, _alike(refused, theirs)), (unknown.status_code, _alike(unknown, nobodys))
    if told != expected:
        yield told, expected
    if where[0] == "path" and problem_of(refused, route) != (404, "not_found"):
        yield told


def _not_ones_own(walk: Walk, route: Route, caller: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield where an id goes, and one of another tenant or (for a manager) of another site."""
    ask = walk.ask(route)
    places = [("path", name) for name in route.in_path]
    places += [("query", name) for name in ask.ids_in_query] + [("body", name) for name in ask.ids_in_body]
    for where in places:
        name = singular(where[1])
        yield where, walk.foreign[name]
        if caller == "manager" and name in OF_A_SITE:
            yield where, walk.at_the_other_site[name]


def _ask_for(walk: Walk, caller: str, route: Route, where: tuple[str, str], id_: Any) -> httpx.Response:
    ask, client, (place, name) = walk.ask(route), walk.callers[caller], where
    if place == "path":
        return ask.send(client, But(walk.own, name, id_))
    if place == "query":
        return ask.send(client, walk.own, {name: str(id_)})
    return ask.send(client, walk.own, None, **{name: [str(id_)] if name.endswith("s") else str(id_)})


def _alike(answer: httpx.Response, id_: Any) -> str:
    """Return the answer without what differs between any two requests."""
    text = re.sub(r'"request_id":"[^"]+"', "", _text(answer))
    return text.replace(str(id_), "ID")


def rows_of(world: World, chain: Chain) -> dict[str, list[str]]:
    """Return every row of a chain, table by table."""
    with transaction(world.parts.engine, Tenancy(chain.tenant_id, NETWORK_SCOPE_ID)) as connection:
        return {
            name: sorted(
                json.dumps([str(value) for value in row])
                for row in connection.execute(select(table).where(table.c.tenant_id == chain.tenant_id))
            )
            for name, table in metadata.tables.items()
            if "tenant_id" in table.c
        }
