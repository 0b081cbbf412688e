"""Around every request: its id, the body limit, the security headers and one line of log; used by the app alone."""

import asyncio
import logging
import re
import time
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.gateway.errors import Problem, answer_problem, refused_by_http, unexpected
from regulars.metrics import Meter

MAX_BODY_BYTES = 1_000_000
MAX_UPLOAD_BYTES = 12_000_000
"""Of pictures and forms with pictures: a telephone's photograph has 3 to 8 MB."""
BODY_WITHIN_S = 60.0
_UPLOADS = ("image/", "multipart/form-data")
_PICTURES = "/v1/worker/cameras/{camera_id}/picture"
"""Ten a second while somebody watches: what went well is no news."""
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_log = logging.getLogger("regulars.gateway.access")


def content_policy(pictures_from: str) -> str:
    """Return the Content-Security-Policy: everything from here, pictures also from the object store's origin.

    Ant Design writes its styles into the page, so styles may stand inline; scripts may not.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        f" img-src 'self' data: blob: {pictures_from};"
        " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class Envelope:
    """ASGI middleware: a plain one, since a held stream of events must pass through it untouched."""

    def __init__(self, app: ASGIApp, policy: str, meter: Meter) -> None:
        self._app = app
        self._meter = meter
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection of the server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        begun, status = time.monotonic(), 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._meter.began(_route(scope))
                self._dress(message, scope, request_id)
            await send(message)

        try:
            await self._answer(scope, receive, dressed)
        except HTTPException as failure:  # the body's limit, met by a middleware that read it before the app did
            if status:
                raise
            await refused_by_http(Request(scope), failure)(scope, receive, dressed)
        except Exception as failure:
            if status:
                raise
            await unexpected(Request(scope), failure)(scope, receive, dressed)
        finally:
            took_s = time.monotonic() - begun
            if status:
                self._meter.ended(_route(scope))
            self._meter.answered(scope["method"], _route(scope), status, took_s)
            _log_line(scope, status, request_id, took_s * 1000)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        most = MAX_UPLOAD_BYTES if headers.get("content-type", "").lower().startswith(_UPLOADS) else MAX_BODY_BYTES
        too_large = f"The body is larger than {most} bytes; nothing was changed."
        if not length.isdecimal() or int(length) > most:
            problem = Problem(title="Content Too Large", status=413, code="too_large", detail=too_large)
            await answer_problem(Request(scope), problem)(scope, receive, send)
            return
        seen_bytes, ends_s, more = 0, asyncio.get_running_loop().time() + BODY_WITHIN_S, True

        async def counted() -> Message:
            nonlocal seen_bytes, more
            try:
                # A body has its time; who then listens for the caller's leaving may do so for hours.
                async with asyncio.timeout_at(ends_s if more else None):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "The body took too long to arrive; nothing was changed.") from None
            more = message.get("more_body", False)
            seen_bytes += len(message.get("body", b""))
            if seen_bytes > most:
                raise HTTPException(413, too_large)
            return message

        await self._app(scope, counted, send)

    def _dress(self, message: Message, scope: Scope, request_id: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers["X-Request-ID"] = request_id
        if scope.get("scheme") == "https":
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        headers.setdefault("Cache-Control", "no-store")


def _route(scope: MutableMapping[str, Any]) -> str:
    """Return the route's template, never the path or the query: those hold ids of people and what was searched for."""
    return getattr(scope.get("route"), "path", "-")


def _log_line(scope: MutableMapping[str, Any], status: int, request_id: str, took_ms: float) -> None:
    route = _route(scope)
    if route in ("/healthz", "/metrics") or (route == _PICTURES and status < HTTPStatus.BAD_REQUEST):
        return
    _log.info(
        "answered",
        extra={
            "method": scope["method"],
            "route": route,
            "status": status,
            "took_ms": round(took_ms, 1),
            "request_id": request_id,
            "actor": scope["state"].get("actor"),
        },
    )
