"""Entry point on AWS Lambda: the same app behind API Gateway (HTTP API v2) or an ALB, through Mangum.

Behind a CDN every caller would have the CDN's address, and whoever knows the API's own one could go around it. With
REGULARS_EDGE_TOKEN only requests that carry it as `X-Regulars-Edge` are answered, as of the viewer that the CDN names
in `X-Regulars-Viewer`.
"""

import hmac
import json
from functools import cache
from typing import Any

from mangum import Mangum

from functions.gateway.app import create_app
from regulars.logs import configure_logs
from regulars.settings import GATEWAY_NEEDS, load_settings

TEXT = ["text/", "application/json", "application/problem+json"]
_REFUSED = {"title": "Forbidden", "status": 403, "code": "not_allowed", "detail": "Use the portal's own address."}


@cache
def adapter() -> Mangum:
    """Return the app behind Mangum, made at the first event and kept for the next ones."""
    configure_logs()
    return Mangum(create_app(load_settings(GATEWAY_NEEDS), holds_streams=False), lifespan="off", text_mime_types=TEXT)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one Lambda event."""
    app: Any = adapter().app
    token: str = app.state.parts.settings.edge_token
    if token and not came_by_the_edge(event, token):
        headers = {"content-type": "application/problem+json", "cache-control": "no-store"}
        return {"statusCode": 403, "headers": headers, "body": json.dumps({"type": "about:blank", **_REFUSED})}
    return adapter()(event, context)


def came_by_the_edge(event: dict[str, Any], token: str) -> bool:
    """Say whether an HTTP API event came through the CDN; one that did is from the viewer's address from now on."""
    headers: dict[str, str] = event.get("headers") or {}
    if not hmac.compare_digest(headers.pop("x-regulars-edge", "").encode(), token.encode()):
        return False
    if address := headers.pop("x-regulars-viewer", ""):
        event["requestContext"]["http"]["sourceIp"] = address
    return True
