"""The OpenAPI document is the contract: names that a client can be made from, every refusal with its code, examples."""

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args

import jsonschema_rs
import pytest
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError

from functions.gateway.errors import PROBLEM_JSON
from functions.gateway.openapi import action_of, build_document, operations, unconnected_app
from regulars.errors import RegularsError

OPEN = {"alive", "ready", "metrics"}
"""Asked by machines that keep the gateway running; their refusals are no problems to a person."""
SHORT_LISTS = {"list_looks", "list_own_sessions", "list_staff_photographs", "list_visit_shots"}
"""Always on one page: one person's pictures, by links that expire, and one's own logins."""
OF_HTTP = {"invalid_request": 422, "too_large": 413}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build_document()


def family(kind: type[RegularsError] = RegularsError) -> Iterator[type[RegularsError]]:
    for child in kind.__subclasses__():
        yield child
        yield from family(child)


def test_every_operation_has_a_name_of_its_own_like_a_call(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


def test_every_schema_has_a_name_that_a_person_would_give(document: dict[str, Any]) -> None:
    assert [name for name in document["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []


def test_every_reference_is_answered_and_every_operation_described(document: dict[str, Any]) -> None:
    wanted = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert wanted <= set(document["components"]["schemas"])
    assert [path for path, _, operation in operations(document) if not operation.get("description")] == []


def test_every_refusal_names_its_codes_with_examples_of_the_family(document: dict[str, Any]) -> None:
    known = {kind.code: kind.http_status for kind in family()} | OF_HTTP
    problems = jsonschema_rs.validator_for(document | {"$ref": "#/components/schemas/Problem"})
    unnamed: list[tuple[str, str]] = []
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if status < "4" or operation["operationId"] in OPEN:
                continue
            assert list(response["content"]) == [PROBLEM_JSON], (operation["operationId"], status)
            examples = response["content"][PROBLEM_JSON].get("examples", {})
            if not examples:
                unnamed.append((operation["operationId"], status))
            for code, example in examples.items():
                problems.validate(example["value"])
                assert (code, example["value"]["code"]) == (example["value"]["code"], code)
                assert known[code] == int(status) == example["value"]["status"], (operation["operationId"], code)
    assert unnamed == []


def test_what_may_happen_to_every_route_is_told_by_every_route(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        told, taken = set(operation["responses"]), operation.get("parameters", [])
        if operation.get("security"):
            assert {"401", "403", "503"} <= told, path
        if taken or "requestBody" in operation:
            assert "422" in told, path
        if any(one["name"] == "if-match" for one in taken):
            assert "412" in told, path
        if method == "post" and action_of(operation):
            assert any(one["name"] == "Idempotency-Key" for one in taken), path


def test_every_list_is_a_table_too(document: dict[str, Any]) -> None:
    without: set[str] = set()
    for _, method, operation in operations(document):
        told = operation["responses"].get("200", {}).get("content", {})
        name = told.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if method == "get" and "items" in document["components"]["schemas"].get(name, {}).get("properties", {}):
            asked = {one["name"] for one in operation["parameters"]} if "parameters" in operation else set[str]()
            if not ("text/csv" in told and asked >= {"cursor", "limit", "sort", "format"}):
                without.add(operation["operationId"])
    assert without == SHORT_LISTS


def examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield where it stands, schema and value of every example."""
    for path, method, operation in operations(document):
        bodies = {"body": operation.get("requestBody", {})} | operation["responses"]
        for where, body in bodies.items():
            for kind, content in body.get("content", {}).items():
                if kind == "application/json" and content.get("schema"):
                    assert "example" in content or "examples" in content, (path, method, where)
                    yield f"{method} {path} {where}", content["schema"], content.get("example")


def test_every_json_body_and_answer_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    wrong: list[str] = []
    for where, schema, example in examples(document):
        found = jsonschema_rs.validator_for(document | schema).iter_errors(example)
        wrong += [f"{where}: {error.message}" for error in found]
    assert wrong == []


def test_every_bodys_example_is_taken_by_its_route(document: dict[str, Any]) -> None:
    shown = {
        operation["operationId"]: operation["requestBody"]["content"]["application/json"]["example"]
        for _, _, operation in operations(document)
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    tried, wrong = 0, list[str]()
    for route in iter_route_contexts(unconnected_app().routes):
        if route.name not in shown or route.endpoint is None:
            continue
        for parameter in inspect.signature(route.endpoint).parameters.values():
            kinds = get_args(parameter.annotation) or (parameter.annotation,)
            if all(inspect.isclass(kind) and issubclass(kind, BaseModel) for kind in kinds):
                tried += 1
                try:
                    TypeAdapter[Any](parameter.annotation).validate_python(shown[route.name])
                except ValidationError as refused:
                    wrong.append(f"{route.name}: {refused}")
    assert wrong == []
    assert tried == len(shown)


def test_the_command_prints_the_document_without_any_server(document: dict[str, Any]) -> None:
    printed = subprocess.run([sys.executable, "-m", "functions.gateway.openapi"], capture_output=True, check=True)
    assert json.loads(printed.stdout) == document
