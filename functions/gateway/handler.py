"""Entry point on AWS Lambda: the same app behind API Gateway (HTTP API v2) or an ALB, through Mangum."""

from functools import cache
from typing import Any

from mangum import Mangum

from functions.gateway.app import create_app
from regulars.logs import configure_logs
from regulars.settings import GATEWAY_NEEDS, load_settings

TEXT = ["text/", "application/json", "application/problem+json"]


@cache
def adapter() -> Mangum:
    """Return the app behind Mangum, made at the first event and kept for the next ones."""
    configure_logs()
    return Mangum(create_app(load_settings(GATEWAY_NEEDS), holds_streams=False), lifespan="off", text_mime_types=TEXT)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one Lambda event."""
    return adapter()(event, context)
