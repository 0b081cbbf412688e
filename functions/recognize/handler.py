"""Entry point on AWS Lambda: S3 events, bare or through SQS, and over its function URL the questions about pictures."""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI
from mangum import Mangum

from functions.recognize.answers import bearer_of, refusal
from functions.recognize.pictures import picture_routes
from functions.recognize.staff import staff_routes
from regulars.errors import RegularsError
from regulars.events import parse_events
from regulars.logs import configure_logs
from regulars.settings import RECOGNIZE_NEEDS, load_settings
from regulars.steps.index_templates import index_pending
from regulars.steps.recognize import Recognizer
from regulars.wiring import recognizer

_log = logging.getLogger(__name__)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one Lambda event. Parts are made at the first and kept for the next ones."""
    if "requestContext" in event:
        return _over_http()(event, context)
    return answer(event, _recognizer())


def over_http(recognizes: Recognizer, events_token: str) -> Mangum:
    """Return what answers requests to the function URL: a picture of at most 4.5 MB, as Lambda takes 6 of base64."""
    app = FastAPI(title="Regulars: recognize", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(RegularsError, refusal)
    for routes in (picture_routes, staff_routes):
        app.include_router(routes(recognizes, bearer_of(events_token)))
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
