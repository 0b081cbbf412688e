"""schemathesis makes up requests to every route of the gateway as every caller: nothing fails, all answers conform.

REGULARS_CONTRACT_EXAMPLES says how many per route and caller, where more than in the suite are wanted, and
REGULARS_CONTRACT_SEED which ones.
"""

import os
from contextlib import suppress
from typing import Any

import httpx
import pytest
import requests
import schemathesis
import schemathesis.checks
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from functions.gateway.auth.permissions import PERMISSIONS, allowed
from functions.gateway.errors import PROBLEM_JSON
from functions.gateway.openapi import build_document, operations
from tests.counted import MADE_UP
from tests.integration.gateway.conftest import World
from tests.tenancy.asking import Ids, Route
from tests.tenancy.stock import Stock
from tests.waiting import PATIENCE_S

EXAMPLES = int(os.environ.get("REGULARS_CONTRACT_EXAMPLES", "4"))
SEED = int(os.environ.get("REGULARS_CONTRACT_SEED", "20261122"))
STREAMS = {
    "worker_wishes": "held until there is news; tests/integration/gateway/test_watching.py waits for it",
    "test_connection": "held until a worker has tried the camera, and none is here",
    "watch_live": "server-sent events that do not end; tests/integration/gateway/test_live.py reads them",
    "watch_cameras": "pictures that do not end; tests/integration/gateway/test_watching.py reads them",
}
EVERY: Any = list(HealthCheck)
CALLERS = [*PERMISSIONS, "worker", "nobody"]
PICTURES = "application/vnd.regulars.picture", "image/jpeg"
_SERVER: Any = schemathesis.checks  # their types are not whole
_CHECKS: Any = checks
CONFORM = [
    _SERVER.not_a_server_error,
    _CHECKS.status_code_conformance,
    _CHECKS.content_type_conformance,
    _CHECKS.response_headers_conformance,
    _CHECKS.response_schema_conformance,
]


def as_it_is(_: Any, value: Any) -> bytes:
    """Send made-up bytes as they are."""
    return value if isinstance(value, bytes) else str(value).encode()


schemathesis.serializer(*PICTURES)(as_it_is)


class Caller:
    """Sends made-up requests as one caller, and notes what does not conform."""

    def __init__(self, world: World, name: str) -> None:
        self.name = name
        self.wrong: list[str] = []
        self._world = world
        self.begin()

    def begin(self) -> None:
        """Begin anew: with a chain and a login that no request has spoilt yet."""
        self.chain = self._world.add_chain("Phở Ngon")
        self.owner = self._world.logged_in(self.chain.emails["owner"])
        self.client = self._client()
        self._session = requests.Session()
        self._session.headers.update(self.client.headers)
        self._session.cookies.update(dict(self.client.cookies))

    def _client(self) -> httpx.Client:
        if self.name in self.chain.emails:
            return self._world.logged_in(self.chain.emails[self.name])
        if self.name == "operator":
            return self._world.logged_in(self._world.operator_email)
        client = self._world.client()
        if self.name == "worker":
            client.headers["Authorization"] = f"Bearer {self.chain.worker_key}"
        return client

    def stays_logged_in(self, after: Route) -> None:
        """Log in again after a route that ended the login, as some do; the token of one is good for minutes more."""
        if after.name == "logout_everywhere":
            self.begin()
        if (
            self.name in PERMISSIONS
            and self._session.get(f"{self._world.url}/v1/auth/me", timeout=PATIENCE_S).status_code != 200
        ):
            self.begin()

    def may(self, route: Route) -> bool:
        """Say whether the route does something for this caller."""
        if self.name == "worker":
            return route.ways_in == {"WorkerKey"}
        return not route.ways_in or (
            self.name in PERMISSIONS and (not route.action or allowed(self.name, route.action))
        )

    def send(self, route: Route, ids: Ids | None, case: Any) -> None:
        """Send one request, half of them about things that there are."""
        if ids is not None:
            case.path_parameters.update({one: str(ids[one]) for one in route.in_path})
        for name in ("Cookie", "Authorization", "If-Match", "if-match"):
            case.headers.pop(name, None)
        case.cookies.clear()
        answer = case.call(base_url=self._world.url, session=self._session, timeout=PATIENCE_S)
        MADE_UP[f"{self.name}: {answer.status_code // 100}xx"] += 1
        if answer.status_code == 400 and answer.text == "Invalid HTTP request received.":
            return  # some made-up headers are no HTTP: uvicorn refuses them, no route was asked
        # Nothing looks at pictures here, and the routes that need it say so: no failure of the gateway's. Nor is it one
        # that a dependency has not answered within a second.
        away = answer.status_code == 503 and (
            route.name == "ready" or "Pictures of faces cannot be looked at" in answer.text
        )
        try:
            case.validate_response(answer, checks=CONFORM[1:] if away else CONFORM)
            if answer.headers.get("content-type", [""])[0] == PROBLEM_JSON:
                told = route.operation["responses"][str(answer.status_code)]["content"][PROBLEM_JSON]["examples"]
                assert answer.json()["code"] in told, f"{answer.json()['code']} is not told"
        except (FailureGroup, Failure, AssertionError, KeyError) as failure:
            self.wrong.append(f"{route.name} as {self.name}: {_said(failure)}")


def _said(failure: BaseException) -> str:
    inner = getattr(failure, "exceptions", [failure])
    return " | ".join(str(one)[:600] for one in inner)


@pytest.fixture(scope="module")
def cases() -> dict[str, list[Any]]:
    """Requests to every route that is no stream, valid ones first, by operation id; the same ones in every run."""
    document = build_document()
    schema = schemathesis.openapi.from_dict(document)
    found: dict[str, list[Any]] = {}
    for path, method, operation in operations(document):
        if operation["operationId"] not in STREAMS:
            found[operation["operationId"]] = [
                case for mode in GenerationMode for case in _made_up(schema[path][method], mode)
            ]
    return found


def _made_up(operation: Any, mode: GenerationMode) -> list[Any]:
    found: list[Any] = []
    quick = settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=EVERY
    )

    def note(case: Any) -> None:
        found.append(case)

    with suppress(Unsatisfiable):  # nothing can be wrong about a route that takes nothing
        seed(SEED)(quick(given(case=operation.as_strategy(generation_mode=mode))(note)))()
    return found


@pytest.mark.parametrize("name", CALLERS)
def test_no_request_makes_the_gateway_fail_or_answer_what_it_does_not_document(
    world: World, cases: dict[str, list[Any]], name: str
) -> None:
    document = world.client().get("/openapi.json").json()
    caller = Caller(world, name)
    for path, method, operation in operations(document):
        route = Route(path, method, operation)
        if route.name in STREAMS:
            continue
        if not caller.may(route):
            caller.send(route, None, cases[route.name][0])
            continue
        stock = Stock(world, caller.chain, document, caller.owner)
        for number, case in enumerate(cases[route.name]):
            # The first half is valid: it is asked about things that there are.
            caller.send(route, stock if number < EXAMPLES else None, case)
        caller.stays_logged_in(after=route)
    MADE_UP["failures"] += len(caller.wrong)
    wrong = sorted(set(caller.wrong))
    assert not wrong, "\n".join(wrong)


def test_the_streams_that_are_left_out_are_there() -> None:
    assert STREAMS.keys() <= {operation["operationId"] for _, _, operation in operations(build_document())}
