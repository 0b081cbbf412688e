"""The OpenAPI document: the contract that the portal's client is made from; served at /openapi.json by the app.

`python -m functions.gateway.openapi` prints it; no server is needed for that. Every operation is named like its
function. What holds for many routes is said here and not at each: who is not logged in, a stale `If-Match`, a key
sent again; a route names only what is its own.
"""

import json
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

from fastapi import FastAPI, Response
from fastapi.routing import APIRoute

from functions.gateway.auth.refusals import PasswordMustChange, SecondFactorSetUp
from functions.gateway.errors import Problem, problem_responses
from functions.gateway.etag import ChangedMeanwhile
from functions.gateway.examples import put_examples
from functions.gateway.idempotency import HEADER, REPLAYED, AnswerLost, KeyReused, StillRunning

OpenApi = dict[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")
_KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "The request with this key is carried out once and answered alike for 24 h; make one up per intent.",
}
_REPLAYED_HEADER = {"description": "The answer was given before.", "schema": {"type": "string", "enum": ["true"]}}
_TAG_HEADER = {"description": "What a change may send back as If-Match.", "schema": {"type": "string"}}


def operation_id(route: APIRoute) -> str:
    """Return a route's function name: the name of the call in every generated client."""
    return route.name


def operations(document: OpenApi) -> Iterator[tuple[str, str, OpenApi]]:
    """Yield path, method and operation of every route in the document."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def action_of(operation: OpenApi) -> str | None:
    """Return the action that a route asks for: the scope of its login; None for a route without one."""
    scopes = [scope for way in operation.get("security", ()) for named in way.values() for scope in named]
    return scopes[0] if scopes else None


def with_contract(app: FastAPI) -> Callable[[], OpenApi]:
    """Return the app's document maker, adding what FastAPI cannot know."""
    made_by_fastapi = app.openapi

    def document() -> OpenApi:
        made = made_by_fastapi()
        if "Problem" not in made["components"]["schemas"]:
            _put_problem(made["components"]["schemas"])
            for path, method, operation in operations(made):
                _complete(method, operation, tagged=_has_if_match(made["paths"][path]))
            put_examples(made)
        return made

    return document


def serve_document(app: FastAPI) -> None:
    """Let the app tell its document under /openapi.json.

    It is made and written once, in a thread: that takes seconds, in which FastAPI's own route would answer nobody else.
    """
    making, made = Lock(), list[bytes]()

    @app.get("/openapi.json", include_in_schema=False)
    def openapi_document() -> Response:
        with making:
            if not made:
                made.append(json.dumps(app.openapi(), ensure_ascii=False).encode())
        return Response(made[0], media_type="application/json")


def _put_problem(schemas: OpenApi) -> None:
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)


def _complete(method: str, operation: OpenApi, *, tagged: bool) -> None:
    parameters: list[OpenApi] = operation.get("parameters", [])
    guarded = action_of(operation) is not None
    if method == "post" and guarded:
        operation["parameters"] = [*parameters, _KEY_PARAMETER]
        _tell(operation, StillRunning, AnswerLost, KeyReused)
        _put_header(operation, REPLAYED, _REPLAYED_HEADER)
    if tagged and method in ("get", "put", "patch"):
        _put_header(operation, "ETag", _TAG_HEADER)
    if any(parameter["name"] == "if-match" for parameter in parameters):
        _tell(operation, ChangedMeanwhile)
    if operation.get("security"):
        _tell(operation, 401, 403, 503)
    if guarded:
        _tell(operation, PasswordMustChange, SecondFactorSetUp)
    if any(parameter["in"] == "path" for parameter in parameters) and guarded:
        _tell(operation, 404)
    if "requestBody" in operation:
        _tell(operation, 413)
    if operation.get("parameters") or "requestBody" in operation:
        _tell(operation, 422)
    elif "422" in operation["responses"]:
        del operation["responses"]["422"]  # a router's word for all of its routes; this one takes nothing
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _tell(operation: OpenApi, *told: Any) -> None:
    for status, response in problem_responses(*told).items():
        known = operation["responses"].setdefault(str(status), response)
        for kind, content in response["content"].items():
            known.setdefault("content", {}).setdefault(kind, content).setdefault("examples", {}).update(
                content["examples"]
            )


def _put_header(operation: OpenApi, name: str, header: OpenApi) -> None:
    for status, response in operation["responses"].items():
        if status in ("200", "201"):
            response.setdefault("headers", {})[name] = header


def _has_if_match(item: OpenApi) -> bool:
    return any(
        parameter["name"] == "if-match" for operation in item.values() for parameter in operation.get("parameters", ())
    )


def unconnected_app() -> FastAPI:
    """Return an app without servers, to be asked what its routes are; nothing is connected before a request."""
    from cryptography.fernet import Fernet

    from functions.gateway.app import create_app
    from regulars.settings import Settings

    nowhere = Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none",
        objects_url="s3://nobody:nothing@127.0.0.1:1/none",
        recognize_url="http://127.0.0.1:1",
        sealing_keys=Fernet.generate_key().decode(),
    )
    return create_app(nowhere)


def build_document() -> OpenApi:
    """Return the document."""
    return unconnected_app().openapi()


def main() -> None:
    """Print the document."""
    print(json.dumps(build_document(), indent=2, ensure_ascii=False))  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
