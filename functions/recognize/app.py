"""The recognize function over HTTP: the object store's events come in here, from a webhook or through Knative."""

import hmac
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import anyio.to_thread
from fastapi import Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse

from functions.recognize.caretaker import Caretaker
from regulars.errors import InputRefused, NotAuthenticated, RegularsError
from regulars.events import MAX_BODY_BYTES, parse_events
from regulars.steps.recognize import Recognizer
from regulars.store.session import is_there

MOST_AT_ONCE = 16
"""Requests worked on at a time: fewer than the connections to PostgreSQL, so none waits for one in vain."""
RETRY_AFTER_S = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """How many of a request's tracks have a sighting now, and how many were set aside."""

    handled: int
    set_aside: int


def create_app(recognizer: Recognizer, events_token: str, caretaker: Caretaker) -> FastAPI:
    """Return the ASGI app; `caretaker` begins when it starts serving and ends with it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = MOST_AT_ONCE
        caretaker.start()
        yield
        caretaker.stop()

    def authenticated(authorization: Annotated[str, Header()] = "") -> None:
        expected = f"Bearer {events_token}".encode()
        if not hmac.compare_digest(authorization.encode("utf-8", "replace"), expected):
            raise NotAuthenticated("The events token is missing or another one; nothing was done.")

    app = FastAPI(title="Regulars: recognize", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_exception_handler(RegularsError, _refusal)

    @app.post("/events", dependencies=[Depends(authenticated)])
    def take_events(request: Request, body: Annotated[bytes, Depends(_body)]) -> Answer:
        caretaker.refuse_before_check()
        keys = [event.key for event in parse_events(body, dict(request.headers))]
        with caretaker.busy():
            results = [recognizer.handle(key).result for key in keys]
        aside = results.count("set_aside")
        return Answer(len(results) - aside, aside)

    @app.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    def ready() -> JSONResponse:
        return _readiness(recognizer, caretaker)

    return app


def _readiness(recognizer: Recognizer, caretaker: Caretaker) -> JSONResponse:
    try:
        caretaker.refuse_before_check()
        is_there(recognizer.engine)
        recognizer.objects.check()
        recognizer.vectors.check()
    except RegularsError as failure:
        return _told(failure)
    return JSONResponse({"status": "ready"})


async def _body(request: Request) -> bytes:
    """Read the body, never more than the largest event."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MAX_BODY_BYTES:
            raise InputRefused("event_too_large", f"An event has at most {MAX_BODY_BYTES} bytes.")
    return bytes(parts)


async def _refusal(_: Request, failure: Exception) -> JSONResponse:
    if not isinstance(failure, RegularsError):
        raise failure
    if failure.http_status >= 500:
        _log.warning("%s: %s", failure.code, failure)
    return _told(failure)


def _told(failure: RegularsError) -> JSONResponse:
    said = {"code": failure.code, "detail": str(failure)}
    if isinstance(failure, InputRefused):
        said["reason"] = failure.reason
    headers = {"Retry-After": str(RETRY_AFTER_S)} if failure.retry else {}
    return JSONResponse(said, status_code=failure.http_status, headers=headers)
