"""Every field of every route gets what lies at the end of its kind: the first and the last moment, NUL, huge numbers.

schemathesis makes up what a kind mostly looks like; these are the values that go through a schema and break behind it.
What was taken must not stand in the way of a list either, whoever asks for it.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from tests.contract.test_gateway import STREAMS
from tests.tenancy.asking import Asking, Route
from tests.tenancy.walk import Walk, walk

__all__ = ["walk"]

MOMENTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
OF_FORMAT: dict[str, tuple[Any, ...]] = {
    "date-time": MOMENTS,
    "date": ("0001-01-01", "9999-12-31"),
    "time": ("00:00:00+23:59", "23:59:59.999999"),
}
OF_TYPE: dict[str, tuple[Any, ...]] = {
    "string": ("a\0b@c", "\ud800", "\u202e@\u202d", "a" * 100_000),
    "integer": (10**30, -(10**30), -1, 2**63, 0),
    "number": (10**400, -1e308, 1e-320),
    "array": ([], ["\0"], [None] * 10_000),
    "object": ({}, {"\0": {"\ud800": 1}}),
}
AWAY = "dependency_away"
"""Nothing looks at pictures here: routes that need it say so."""
ASKED_BY = ("owner", "operator", "worker")
LONGEST_QUERY = 20_000
"""What httpx sends; nor does a URL hold half a letter."""
DEEP = '{"name":' * 5_000 + "1" + "}" * 5_000


def kinds(schema: Any, resolve: Any) -> Iterator[tuple[str, str]]:
    """Yield type and format of everything that a schema takes, but null."""
    schema = resolve(schema)
    for option in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        yield from kinds(option, resolve)
    if schema.get("type") not in (None, "null"):
        yield schema["type"], schema.get("format", "")


def extremes(schema: Any, resolve: Any) -> Iterator[Any]:
    """Yield values at the end of what a schema takes."""
    for kind, form in kinds(schema, resolve):
        yield from OF_FORMAT.get(form, ())
        yield from OF_TYPE.get(kind, ())


def test_no_field_at_the_end_of_its_kind_makes_the_gateway_fail(walk: Walk) -> None:
    wrong: list[str] = []
    asked = 0
    for route in walk.routes:
        if route.name in STREAMS or route.name in ("logout_everywhere", "logout"):
            continue
        for caller in callers(route):
            for where, answer in answers(walk, route, walk.callers[caller]):
                asked += 1
                if answer.status_code >= 500 and AWAY not in answer.text:
                    wrong.append(f"{route.name} as {caller}: {where}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert asked > 10 * len(walk.routes)


def callers(route: Route) -> tuple[str, ...]:
    """Return who may ask: a worker the routes of workers, the others everything else."""
    return ("worker",) if route.ways_in == {"WorkerKey"} else ("owner", "operator")


def answers(walk: Walk, route: Route, client: httpx.Client) -> Iterator[tuple[str, httpx.Response]]:
    """Yield the answers to this route with one thing at a time at its end, and what that was."""
    ask = walk.ask(route)
    for name, schema in ask.query.items():
        for value in extremes(schema, ask.resolve):
            if "\ud800" not in str(value) and len(str(value)) < LONGEST_QUERY:
                yield f"{name}={str(value)[:40]!r}", ask.send(client, walk.own, {name: value})
    for name, schema in ask.body.items():
        for value in extremes(schema, ask.resolve):
            yield f"{name}: {str(value)[:40]!r}", sent(ask, client, walk, {name: value})
    if ask.body:
        yield "deep", sent(ask, client, walk, DEEP)
        yield "unknown", sent(ask, client, walk, {"\0\ud800": 1})


def sent(ask: Asking, client: httpx.Client, walk: Walk, body: str | dict[str, Any]) -> httpx.Response:
    """Send a body as it is, or the example with these fields put over it; halves of letters are spelt out."""
    text = body if isinstance(body, str) else json.dumps(ask.body_with(walk.own, body))
    return client.request(
        ask.route.method.upper(),
        ask.path(walk.own),
        content=text,
        headers={"Content-Type": "application/json"},
        params=ask.needed(walk.own),
    )


def test_no_moment_at_the_end_of_the_calendar_is_kept(walk: Walk) -> None:
    owner, operator, worker = (walk.callers[name] for name in ASKED_BY)
    camera = {"name": "film", "type": "file", "file_path": "/film.mp4", "site_id": str(walk.own["site_id"])}
    known = owner.post("/v1/cameras", json=camera).json()["camera_id"]
    for at in MOMENTS:
        assert owner.post("/v1/cameras", json=camera | {"file_starts_at": at}).status_code == 422
        assert owner.patch(f"/v1/cameras/{known}", json={"file_starts_at": at}).status_code == 422
        assert owner.post("/v1/keys", json={"name": "x", "scopes": ["sites.see"], "expires_at": at}).status_code == 422
    assert operator.get("/v1/cameras", params={"limit": 200}).status_code == 200
    beat = worker.post("/v1/worker/heartbeat", json={"worker_id": "box", "capacity": 100})
    assert beat.status_code == 200, beat.text
