"""Entry point on AWS Lambda: the same app behind API Gateway (HTTP API v2) or an ALB, through Mangum.

API Gateway says who has connected to it. A load balancer only adds that to the end of `X-Forwarded-For`; what stands
before may be made up.

Behind a CDN every caller would have the CDN's address, and whoever knows the API's own one could go around it. With
REGULARS_EDGE_TOKEN only requests that carry it as `X-Regulars-Edge` are answered, as of the viewer that the CDN names
in `X-Regulars-Viewer`.
"""

import hmac
import json
from functools import cache
from typing import Any

from fastapi import FastAPI
from mangum import Mangum
from starlette.types import ASGIApp, Receive, Scope, Send

from functions.gateway.app import create_app
from regulars.garbage import settle
from regulars.logs import configure_logs
from regulars.settings import GATEWAY_NEEDS, load_settings

TEXT = ["text/", "application/json", "application/problem+json"]
_REFUSED = {"title": "Forbidden", "status": 403, "code": "not_allowed", "detail": "Use the portal's own address."}


class LastAddress:
    """ASGI middleware: of the addresses that Mangum hands on as one, who is connected to the load balancer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        client: tuple[str, int] = scope["client"]
        await self._app({**scope, "client": (client[0].rpartition(",")[2].strip(), client[1])}, receive, send)


@cache
def gateway() -> FastAPI:
    """Return the app, made at the first event and kept for the next ones."""
    configure_logs()
    app = create_app(load_settings(GATEWAY_NEEDS), holds_streams=False)
    settle()
    return app


@cache
def adapter() -> Mangum:
    """Return the app behind Mangum, which learns from where it is called."""
    return Mangum(LastAddress(gateway()), lifespan="off", text_mime_types=TEXT)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one Lambda event."""
    token: str = gateway().state.parts.settings.edge_token
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
