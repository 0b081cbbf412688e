"""What every answer of recognize over HTTP shares: who may ask, how much may be sent, and how refusals look."""

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Header, Request
from fastapi.responses import JSONResponse

from regulars.errors import InputRefused, NotAuthenticated, RegularsError

RETRY_AFTER_S = 5
_log = logging.getLogger(__name__)


def bearer_of(events_token: str) -> Callable[[str], None]:
    """Return the dependency of every route that does something; raises NotAuthenticated without the token."""
    expected = f"Bearer {events_token}".encode()

    def authenticated(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode("utf-8", "replace"), expected):
            raise NotAuthenticated("The events token is missing or another one; nothing was done.")

    return authenticated


def body_of(most_bytes: int, reason: str, sentence: str) -> Callable[[Request], Awaitable[bytes]]:
    """Return the dependency that reads the body, never more than `most_bytes` of it; InputRefused beyond."""

    async def body(request: Request) -> bytes:
        parts = bytearray()
        async for part in request.stream():
            parts += part
            if len(parts) > most_bytes:
                raise InputRefused(reason, sentence)
        return bytes(parts)

    return body


async def refusal(_: Request, failure: Exception) -> JSONResponse:
    """Answer any failure of the family; the app's exception handler."""
    if not isinstance(failure, RegularsError):
        raise failure
    if failure.http_status >= 500:
        _log.warning("%s: %s", failure.code, failure)
    return told(failure)


def told(failure: RegularsError) -> JSONResponse:
    """Return a failure as JSON: its code, a sentence, and the reason of what was refused."""
    said = {"code": failure.code, "detail": str(failure)}
    if isinstance(failure, InputRefused):
        said["reason"] = failure.reason
    headers = {"Retry-After": str(RETRY_AFTER_S)} if failure.retry else {}
    return JSONResponse(said, status_code=failure.http_status, headers=headers)
