"""Examples of what each route takes and answers, made from the schemas; put into the OpenAPI document by openapi.py.

A model whose fields depend on each other says an example of its own (`json_schema_extra={"examples": […]}`).
"""

from typing import Any

OpenApi = dict[str, Any]
_JSON = "application/json"
_DEEPEST = 8
_AN_ID = "01a2050e-e6da-72dd-bacb-857420acbf28"
_OF_FORMAT = {
    "uuid": _AN_ID,
    "date-time": "2026-03-12T05:03:58Z",
    "date": "2026-03-12",
    "time": "22:30:00",
    "uri": "https://shop.example.vn/hook",
    "email": "lan@example.vn",
    "password": "correct horse battery",
}
_OF_NAME = {
    "address": "12 Lê Lợi, Quận 1",
    "email": "lan@example.vn",
    "handle": "ACBF28",
    "name": "Lan",
    "next_cursor": "WyIyMDI2LTAzLTEyIiwgIjAxYTIwNTBlIl0",
    "phone": "+84 90 123 45 67",
    "site_name": "Phở Ngon 1",
    "tenant_name": "Phở Ngon",
    "time_zone": "Asia/Ho_Chi_Minh",
    "url": "https://shop.example.vn/hook",
}


def put_examples(document: OpenApi) -> None:
    """Give every JSON body and every JSON answer an example, where it has none."""
    schemas = document["components"]["schemas"]
    for item in document["paths"].values():
        for operation in item.values():
            taken = operation.get("requestBody", {}).get("content", {}).get(_JSON)
            if taken is not None:
                _put(taken, schemas, whole=False)
            for response in operation["responses"].values():
                told = response.get("content", {}).get(_JSON)
                if told is not None:
                    _put(told, schemas, whole=True)


def _put(content: OpenApi, schemas: OpenApi, *, whole: bool) -> None:
    if not content.keys() & {"example", "examples"} and content.get("schema"):
        content["example"] = example_of(content["schema"], schemas, whole=whole)


def example_of(schema: OpenApi, schemas: OpenApi, name: str = "", *, whole: bool, depth: int = 0) -> Any:
    """Return a value of this schema; of an object all fields (`whole`) or those that must be there."""
    schema = _resolved(schema, schemas)
    said = [*schema.get("examples", ()), *schema.get("enum", ())]
    said += [schema[key] for key in ("example", "const", "default") if schema.get(key) is not None]
    options = [one for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, ()) if one.get("type") != "null"]
    if said:
        return said[0]
    if options:
        return example_of(options[0], schemas, name, whole=whole, depth=depth)
    if schema.get("type") == "object" or "properties" in schema:
        return _object(schema, schemas, whole=whole, depth=depth)
    if schema.get("type") == "array":
        few = schema.get("minItems", 0) if depth >= _DEEPEST else max(1, schema.get("minItems", 0))
        items = schema.get("prefixItems") or [schema.get("items", {})] * few
        return [example_of(one, schemas, name, whole=whole, depth=depth + 1) for one in items]
    return _plain(schema, name)


def _object(schema: OpenApi, schemas: OpenApi, *, whole: bool, depth: int) -> OpenApi:
    required = set(schema.get("required", ()))
    whole = whole or not required  # what is all optional says nothing without
    return {
        name: example_of(field, schemas, name, whole=whole, depth=depth + 1)
        for name, field in schema.get("properties", {}).items()
        if name in required or (whole and depth < _DEEPEST)
    }


def _plain(schema: OpenApi, name: str) -> Any:
    kind = schema.get("type")
    if kind in ("integer", "number"):
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        return max(least + (1 if "exclusiveMinimum" in schema else 0), min(1, schema.get("maximum", 1)))
    if kind == "boolean":
        return True
    if kind == "string":
        text = _OF_FORMAT.get(schema.get("format", "")) or _OF_NAME.get(name, "text")
        return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), "-")
    return None


def _resolved(schema: OpenApi, schemas: OpenApi) -> OpenApi:
    if "$ref" not in schema:
        return schema
    return _resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
