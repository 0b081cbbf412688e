"""The recognize function over HTTP: the object store's events come in here, and questions about pictures."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio.to_thread
from fastapi import FastAPI

from functions.recognize.answers import bearer_of, refusal
from functions.recognize.caretaker import Caretaker
from functions.recognize.metrics import RecognizeFigures, install_metrics
from functions.recognize.object_events import Watched, event_routes
from functions.recognize.pictures import picture_routes
from functions.recognize.readiness import dependencies, readiness_routes
from functions.recognize.staff import staff_routes
from regulars.errors import RegularsError
from regulars.steps.recognize import Recognizer

MOST_AT_ONCE = 16
"""Requests worked on at a time: fewer than the connections to PostgreSQL, so none waits for one in vain."""


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
    recognizer = replace(recognizer, before_index=caretaker.refuse_before_check)
    asked = dependencies(recognizer)
    figures = RecognizeFigures(asked)
    install_metrics(app, figures, metrics_token)
    for routes in (picture_routes, staff_routes):
        app.include_router(routes(recognizer, authenticated))
    watched = Watched(caretaker.busy, figures.handled)
    app.include_router(event_routes(recognizer, authenticated, watched))
    app.include_router(readiness_routes(asked))

    @app.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    return app
