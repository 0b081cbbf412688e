"""How a route of the OpenAPI document is asked: its parameters and its body filled with ids of somebody's stock."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from functions.gateway.examples import example_of
from functions.gateway.openapi import action_of
from regulars.ids import new_id

BODIES: dict[str, dict[str, Any]] = {
    "change_camera": {"name": "back door"},
    "change_staff_member": {"name": "Lan"},
    "change_tenant": {"name": "Phở Ngon"},
    "create_staff_member": {"name": "Lan", "site_ids": [""]},
    "erase_customer": {},
    "object_customer": {"how": "said so at the counter"},
    "split_customer": {"visit_ids": [""]},
}
"""Where the document's own example does not do for a chain of the tests."""
UNENDING = ("text/event-stream", "application/vnd.regulars.live-view")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


class Ids(Protocol):
    """Gives the id of a parameter's name."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True)
class Route:
    """A route of the document."""

    path: str
    method: str
    operation: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return self.operation["operationId"]

    @property
    def action(self) -> str | None:
        return action_of(self.operation)

    @property
    def ways_in(self) -> set[str]:
        return {name for way in self.operation.get("security", ()) for name in way}

    @property
    def in_path(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


@dataclass(frozen=True)
class Asking:
    """Sends requests to a route."""

    route: Route
    document: Mapping[str, Any]

    @property
    def ids_in_query(self) -> list[str]:
        """Names of query parameters that take ids."""
        return [one["name"] for one in self._in_query() if _takes_ids(self.resolve(one["schema"]), self.resolve)]

    @property
    def ids_in_body(self) -> list[str]:
        """Names of the body's fields that take ids."""
        properties = self.resolve(self._body_schema() or {}).get("properties", {})
        return [name for name, schema in properties.items() if _takes_ids(self.resolve(schema), self.resolve)]

    @property
    def query(self) -> dict[str, Any]:
        """Schemas of the query parameters, by name."""
        return {one["name"]: one["schema"] for one in self._in_query()}

    @property
    def body(self) -> dict[str, Any]:
        """Schemas of the fields of a body of JSON, by name; where one of several is taken, of all."""
        schema = self.resolve(self._body_schema() or {})
        options = [self.resolve(one) for one in schema.get("anyOf", ())] or [schema]
        return {name: field for option in options for name, field in option.get("properties", {}).items()}

    def path(self, ids: Ids) -> str:
        """Return the path with ids in it."""
        return self.route.path.format_map({name: str(ids[name]) for name in self.route.in_path})

    def needed(self, ids: Ids) -> dict[str, Any]:
        """Return what the query must say."""
        return {one["name"]: str(self._value(one, ids)) for one in self._in_query() if one.get("required")}

    def body_with(self, ids: Ids, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the example of a body with these fields put over it."""
        return self._body(ids, fields)["json"]

    def send(
        self, client: httpx.Client, ids: Ids, query: dict[str, Any] | None = None, **fields: Any
    ) -> httpx.Response:
        """Ask with the ids of `ids`; `fields` of the body and `query` are put over them. A stream is left unread."""
        sent, asked = self._body(ids, fields), self.needed(ids) | (query or {})
        with client.stream(self.route.method.upper(), self.path(ids), params=asked, **sent) as answer:
            if not answer.headers.get("content-type", "").startswith(UNENDING):
                answer.read()
            return answer

    def _body(self, ids: Ids, fields: dict[str, Any]) -> dict[str, Any]:
        content = self.route.operation.get("requestBody", {}).get("content", {})
        if not content:
            return {}
        kind = next(iter(content))
        if kind == "application/json":
            example: dict[str, Any] = dict(content[kind].get("example", {}))
            example = BODIES.get(self.route.name, example)
            schema = self.resolve(content[kind]["schema"])
            filled = {name: self._own(name, value, schema, ids) for name, value in example.items()}
            return {"json": filled | fields}
        if kind.startswith("multipart/"):
            return {"files": dict.fromkeys(self._files(), ("face.jpg", JPEG, "image/jpeg"))}
        return {"content": JPEG, "headers": {"Content-Type": kind}}

    def _own(self, name: str, value: Any, schema: Any, ids: Ids) -> Any:
        """Return an id of the stock, or an address of its own, where the example has one made up."""
        if name == "email":
            return f"{new_id().hex}@example.vn"
        if not _takes_ids(self.resolve(schema.get("properties", {}).get(name, {})), self.resolve):
            return value
        return [str(ids[singular(name)])] if isinstance(value, list) else str(ids[singular(name)])

    def _value(self, parameter: Any, ids: Ids) -> Any:
        if parameter["name"] in self.ids_in_query:
            return ids[singular(parameter["name"])]
        return example_of(parameter["schema"], self._schemas(), parameter["name"], whole=True)

    def _files(self) -> Iterator[str]:
        schema = self.resolve(next(iter(self.route.operation["requestBody"]["content"].values()))["schema"])
        yield from schema["properties"]

    def _in_query(self) -> list[dict[str, Any]]:
        return [one for one in self.route.operation.get("parameters", ()) if one["in"] == "query"]

    def _body_schema(self) -> Any:
        content = self.route.operation.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    def _schemas(self) -> Any:
        return self.document["components"]["schemas"]

    def resolve(self, schema: Any) -> Any:
        """Return what a reference stands for."""
        return self._schemas()[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def singular(name: str) -> str:
    """Return the name of one of many: `visit_ids` are many of `visit_id`."""
    return name.removesuffix("s")


def _takes_ids(schema: Any, resolve: Any) -> bool:
    if schema.get("format") == "uuid":
        return True
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if schema.get("type") == "array" else ())]
    return any(_takes_ids(resolve(one), resolve) for one in inner)
