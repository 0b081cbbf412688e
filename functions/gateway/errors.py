"""Turns every failure into application/problem+json (RFC 9457) with a stable code; used by the app alone."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from functions.gateway.etag import ChangedMeanwhile
from regulars.errors import DependencyAway, InputRefused, NotAllowed, NotAuthenticated, NotFound, RegularsError

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 2
_log = logging.getLogger("regulars.gateway")
_PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}  # older Pythons have older words
_LIMITS = ("min_length", "max_length", "gt", "ge", "lt", "le")
MOST_AT_FAULT = 100
"""Of a body with tens of thousands of fields that are none, telling each would cost ten times what was sent."""
_A_REQUEST = "4f0c9f6d2b8e4b7f8f5a0d3c1e2b7a96"
_INVALID = "Some fields cannot be used; nothing was changed. Correct them and send the request again."
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}


class TooManyAttempts(RegularsError):
    """Too many tries (logins, searches, uploads) of one caller; waiting `wait_s` helps."""

    code = "too_many_attempts"
    http_status = 429
    retry = True

    def __init__(self, wait_s: float) -> None:
        self.wait_s = ceil(wait_s)
        super().__init__(f"Too many attempts; try again in {self.wait_s} seconds.")


class FieldProblem(BaseModel):
    """One field at fault: where it is, and what is wrong. The value itself is never repeated.

    `code` is stable: pydantic's type of the error (`missing`, `string_too_long` …) or a rule of our own.
    `limit` is the number that the rule names, where it names one.
    """

    field: str
    code: str
    message: str
    limit: float | None = None


class Problem(BaseModel):
    """Every error's body: `code` is stable, `retry` says whether the same call may succeed later unchanged."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    retry: bool = False
    request_id: str = ""
    reason: str | None = None
    errors: list[FieldProblem] | None = None


def _phrase(status: int) -> str:
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def problem_responses(*told: int | type[RegularsError]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of a route's error answers, each code with an example.

    A status stands for what every route means by it; an error of the route's own is named by its class.
    """
    known = [one for each in told for one in (_MEANT_BY.get(each, ()) if isinstance(each, int) else (_example(each),))]
    statuses = [each if isinstance(each, int) else each.http_status for each in told]
    return {
        status: {
            "description": _phrase(status),
            "content": {
                PROBLEM_JSON: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {
                        one.code: {"value": one.model_dump(exclude_none=True)} for one in known if one.status == status
                    },
                }
            },
        }
        for status in dict.fromkeys(statuses)
    }


def _example(kind: type[RegularsError]) -> Problem:
    """Return what an error of this class may look like."""
    return Problem(
        title=_phrase(kind.http_status),
        status=kind.http_status,
        code=kind.code,
        detail=" ".join((kind.__doc__ or "").split()),
        retry=kind.retry,
        request_id=_A_REQUEST,
    )


_MEANT_BY = {
    401: (_example(NotAuthenticated),),
    403: (_example(NotAllowed),),
    404: (_example(NotFound),),
    412: (_example(ChangedMeanwhile),),
    413: (
        Problem(
            title=_phrase(413),
            status=413,
            code="too_large",
            detail="The body is larger than 1000000 bytes; nothing was changed.",
            request_id=_A_REQUEST,
        ),
    ),
    422: (
        Problem(
            title=_phrase(422),
            status=422,
            code="invalid_request",
            detail=_INVALID,
            request_id=_A_REQUEST,
            errors=[FieldProblem(field="body.name", code="missing", message="Field required")],
        ),
        _example(InputRefused).model_copy(update={"reason": "bad_cursor"}),
    ),
    429: (_example(TooManyAttempts),),
    503: (_example(DependencyAway),),
}


def answer_problem(request: Request, problem: Problem, *, retry_after_s: int = RETRY_AFTER_S) -> JSONResponse:
    """Return the problem as a response, with the request's id in it."""
    problem.request_id = str(request.scope.get("state", {}).get("request_id", ""))
    headers: dict[str, str] = {}
    if problem.retry:
        headers["Retry-After"] = str(retry_after_s)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = problem.model_dump(exclude_none=True)
    return JSONResponse(body, problem.status, headers=headers, media_type=PROBLEM_JSON)


def install_error_answers(app: FastAPI) -> None:
    """Make the app answer every failure as a problem."""
    app.add_exception_handler(RegularsError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, refused_by_http)


def _known(request: Request, failure: Exception) -> JSONResponse:
    assert isinstance(failure, RegularsError)  # noqa: S101
    status = HTTPStatus(failure.http_status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("refused", extra={"code": failure.code, "detail": str(failure)})
    return answer_problem(
        request,
        Problem(
            title=_phrase(status),
            status=status,
            code=failure.code,
            detail=str(failure),
            retry=failure.retry,
            reason=getattr(failure, "reason", None),
        ),
        retry_after_s=failure.wait_s if isinstance(failure, TooManyAttempts) else RETRY_AFTER_S,
    )


def _invalid(request: Request, failure: Exception) -> JSONResponse:
    assert isinstance(failure, RequestValidationError)  # noqa: S101
    at_fault = [
        FieldProblem(
            field=".".join(map(str, error["loc"])),
            code=error["type"],
            message=error["msg"],
            limit=_limit(error.get("ctx", {})),
        )
        for error in failure.errors()[:MOST_AT_FAULT]
    ]
    return answer_problem(
        request,
        Problem(
            title=_phrase(422),
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            code="invalid_request",
            detail=_INVALID,
            errors=at_fault,
        ),
    )


def _limit(context: Mapping[str, object]) -> float | None:
    """Return the number that a broken rule of pydantic names."""
    limits = (context.get(name) for name in _LIMITS)
    return next((float(limit) for limit in limits if isinstance(limit, int | float)), None)


def refused_by_http(request: Request, failure: Exception) -> JSONResponse:
    """Answer what HTTP itself refuses: no such path, no such method, a body beyond the limit."""
    assert isinstance(failure, HTTPException)  # noqa: S101
    status = HTTPStatus(failure.status_code)
    if status == HTTPStatus.BAD_REQUEST:  # FastAPI's word for a body that is no JSON, no form or no UTF-8 at all
        return _cannot_be_read(request)
    code = _CODES.get(status, "bad_request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "internal")
    problem = Problem(title=_phrase(status), status=status, code=code, detail=str(failure.detail))
    answer = answer_problem(request, problem)
    answer.headers.update(failure.headers or {})  # which methods there are
    return answer


def _cannot_be_read(request: Request) -> JSONResponse:
    at_fault = FieldProblem(
        field="body", code="unreadable", message="This cannot be read as what its Content-Type says."
    )
    problem = Problem(title=_phrase(422), status=422, code="invalid_request", detail=_INVALID, errors=[at_fault])
    return answer_problem(request, problem)


def unexpected(request: Request, failure: Exception) -> JSONResponse:
    """Log what nobody foresaw and answer it as a problem that tells nothing of the inside."""
    _log.error("failed", exc_info=failure)
    return answer_problem(
        request,
        Problem(
            title="Internal Server Error",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            code="internal",
            detail="The gateway failed on this request; nothing was changed. Give the request id to the operator.",
        ),
    )
