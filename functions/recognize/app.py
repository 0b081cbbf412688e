"""The recognize function over HTTP: the object store's events come in here, and questions about pictures."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import anyio.to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from functions.recognize.answers import bearer_of, body_of, refusal
from functions.recognize.caretaker import Caretaker
from functions.recognize.metrics import RecognizeFigures, install_metrics
from functions.recognize.pictures import picture_routes
from functions.recognize.readiness import readiness
from functions.recognize.staff import staff_routes
from regulars.errors import RegularsError
from regulars.events import MAX_BODY_BYTES, parse_events
from regulars.steps.recognize import Recognizer

MOST_AT_ONCE = 16
"""Requests worked on at a time: fewer than the connections to PostgreSQL, so none waits for one in vain."""
Event = Annotated[
    bytes, Depends(body_of(MAX_BODY_BYTES, "event_too_large", f"An event has at most {MAX_BODY_BYTES} bytes."))
]


@dataclass(frozen=True, slots=True)
class Answer:
    """How many of a request's tracks have a sighting now, and how many were set aside."""

    handled: int
    set_aside: int


def create_app(recognizer: Recognizer, events_token: str, caretaker: Caretaker, metrics_token: str = "") -> FastAPI:
    """Return the ASGI app; `caretaker` begins when it starts serving and ends with it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = MOST_AT_ONCE
        caretaker.start()
        yield
        caretaker.stop()

    app = FastAPI(title="Regulars: recognize", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_exception_handler(RegularsError, refusal)
    authenticated = bearer_of(events_token)
    figures = RecognizeFigures(recognizer, caretaker)
    install_metrics(app, figures, metrics_token)
    for routes in (picture_routes, staff_routes):
        app.include_router(routes(recognizer, authenticated))

    @app.post("/events", dependencies=[Depends(authenticated)])
    def take_events(request: Request, body: Event) -> Answer:
        caretaker.refuse_before_check()
        keys = [event.key for event in parse_events(body, dict(request.headers))]
        with caretaker.busy():
            handled = [recognizer.handle(key) for key in keys]
        for one in handled:
            figures.handled(one)
        results = [one.result for one in handled]
        aside = results.count("set_aside")
        return Answer(len(results) - aside, aside)

    @app.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    def ready() -> JSONResponse:
        return readiness(recognizer, caretaker)

    return app
