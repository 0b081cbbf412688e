"""Entry point on AWS Lambda: S3 events, bare or through SQS, and over HTTP what the gateway and the flows ask.

Schedules send `{"catch_up": true}`: what the server's caretaker does beside its events is done then; and
`{"count_cameras": true}`: how many should run is written into the log.
"""

import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from fastapi import FastAPI
from mangum import Mangum

from functions.recognize.answers import bearer_of, refusal
from functions.recognize.cameras_told import cameras_told
from functions.recognize.caretaker import catch_up
from functions.recognize.object_events import Watched, event_routes
from functions.recognize.pictures import picture_routes
from functions.recognize.readiness import dependencies, readiness_routes
from functions.recognize.staff import staff_routes
from regulars.errors import RegularsError
from regulars.events import parse_events
from regulars.logs import configure_logs
from regulars.settings import RECOGNIZE_NEEDS, load_settings
from regulars.steps.index_templates import index_pending
from regulars.steps.recognize import Recognizer
from regulars.wiring import recognizer

LAST_WORK_MS = 30_000
"""When no more time than this is left of an invocation, catching up ends and leaves the rest to the next one."""
_log = logging.getLogger(__name__)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one Lambda event. Parts are made at the first and kept for the next ones."""
    if "requestContext" in event:
        return _over_http()(event, context)
    if event.get("catch_up"):
        catch_up(_recognizer(), lambda: context.get_remaining_time_in_millis() < LAST_WORK_MS)
        return {"caught_up": True}
    if event.get("count_cameras"):
        sys.stdout.write(f"{cameras_told(_recognizer().engine, datetime.now(UTC))}\n")
        return {"counted": True}
    return answer(event, _recognizer())


def over_http(recognizes: Recognizer, events_token: str) -> Mangum:
    """Return what answers HTTP requests: a picture of at most 4.5 MB, as Lambda takes 6 of base64.

    The index was followed when the process started, so nothing is refused for its sake.
    """
    app = FastAPI(title="Regulars: recognize", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(RegularsError, refusal)
    authenticated = bearer_of(events_token)
    for routes in (picture_routes, staff_routes):
        app.include_router(routes(recognizes, authenticated))
    app.include_router(event_routes(recognizes, authenticated, Watched()))
    app.include_router(readiness_routes(dependencies(recognizes)))
    return Mangum(app, lifespan="off", text_mime_types=["application/json"])


def answer(event: Mapping[str, Any], recognizes: Recognizer) -> dict[str, Any]:
    """Handle every manifest an event tells of.

    Of SQS records return those that failed as `batchItemFailures`, so that only they are sent again; what can never be
    read ends in the queue's dead-letter queue. Without SQS the RegularsError is raised, and Lambda repeats the event.
    """
    records: list[Mapping[str, Any]] = event.get("Records") or []
    if not records or any("messageId" not in record for record in records):
        return _handled(event, recognizes)
    failed: list[dict[str, str]] = []
    for record in records:
        try:
            _handled({"Records": [record]}, recognizes)
        except RegularsError as failure:
            _log.warning("message %s: %s: %s", record["messageId"], failure.code, failure)
            failed.append({"itemIdentifier": str(record["messageId"])})
    return {"batchItemFailures": failed}


def _handled(event: Mapping[str, Any], recognizes: Recognizer) -> dict[str, Any]:
    results = [recognizes.handle(told.key).result for told in parse_events(event, {})]
    return {"handled": len(results) - results.count("set_aside"), "set_aside": results.count("set_aside")}


@cache
def _over_http() -> Mangum:
    return over_http(_recognizer(), load_settings(RECOGNIZE_NEEDS).events_token)


@cache
def _recognizer() -> Recognizer:
    configure_logs()
    made = recognizer(load_settings(RECOGNIZE_NEEDS))
    for _ in index_pending(
        engine=made.engine, vectors=made.vectors, pack=made.pack.digest, dimension=made.pack.dimension
    ):
        pass
    return made
