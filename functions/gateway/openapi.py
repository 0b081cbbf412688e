"""The OpenAPI document: the contract that the portal's client is made from; served at /openapi.json by the app."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from functions.gateway.errors import Problem

OpenApi = dict[str, Any]


def operation_id(route: APIRoute) -> str:
    """Return a route's function name: the name of the call in every generated client."""
    return route.name


def with_problem_schema(app: FastAPI) -> Callable[[], OpenApi]:
    """Return the app's document maker, adding the one body of all errors and replacing FastAPI's own 422."""
    made_by_fastapi = app.openapi

    def document() -> OpenApi:
        made = made_by_fastapi()
        schemas: OpenApi = made["components"]["schemas"]
        if "Problem" not in schemas:
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs") | {"Problem": problem}
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
        return made

    return document
