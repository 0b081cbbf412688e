"""GET /v1/auth/oidc and its callback: followed by browsers, to the provider and back."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Cookie, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from functions.gateway.auth import sessions
from functions.gateway.auth.oidc import CALLBACK, GOOD_FOR, Oidc, OidcRefused
from functions.gateway.auth.origin import origin_of
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from regulars.errors import NotFound
from regulars.store.users import User, find_user_by_email
from regulars.tenancy import PLATFORM

router = APIRouter(prefix="/v1/auth", tags=["auth"])
COOKIE = "regulars_oidc"
_PATH = "/v1/auth/oidc"
_Given = Annotated[str, Query(max_length=2000)]


class LoginWays(BaseModel):
    """How people may log in here: by password always, and with `oidc` at this installation's provider, too."""

    password: bool = True
    oidc: bool


@router.get("/ways")
def list_login_ways(parts: PartsDep) -> LoginWays:
    """Say how people may log in here."""
    return LoginWays(oidc=parts.oidc is not None)


@router.get("/oidc", status_code=303, response_class=RedirectResponse, responses=problem_responses(404, 503))
def begin_oidc_login(parts: PartsDep, request: Request) -> RedirectResponse:
    """Send the browser to the provider, with a cookie that remembers which login it has begun."""
    url, begun = _provider(parts).begin(parts.clock())
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        COOKIE,
        begun,
        max_age=int(GOOD_FOR.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="lax",  # it must come along when the provider sends the browser back
        secure=request.url.scheme == "https" or parts.settings.mode == "production",
    )
    return answer


@router.get(
    CALLBACK.removeprefix("/v1/auth"),
    status_code=303,
    response_class=RedirectResponse,
    responses=problem_responses(403, 404, 422, 429, 503),
)
def finish_oidc_login(
    parts: PartsDep,
    request: Request,
    state: _Given = "",
    code: _Given = "",
    begun: Annotated[str, Cookie(alias=COOKIE, include_in_schema=False)] = "",
) -> Response:
    """Log in whom the provider names by a verified e-mail, if they were invited here; back to the portal either way.

    A login that is refused comes back with `login_refused`: why.
    """
    provider = _provider(parts)
    parts.limits.count("link_from_address", origin_of(request))
    home = parts.settings.public_url.rstrip("/") + "/"
    try:
        user = _known(parts, provider.finish(begun, state, code, parts.clock()))
    except OidcRefused as refused:
        answer = RedirectResponse(f"{home}?{urlencode({'login_refused': refused.reason})}", 303)
    else:
        answer = RedirectResponse(home, 303)
        sessions.begin(parts, request, answer, user, "oidc")
    answer.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="lax")
    return answer


def _provider(parts: Parts) -> Oidc:
    if parts.oidc is None:
        raise NotFound("Nobody logs in by OpenID Connect here.")
    return parts.oidc


def _known(parts: Parts, email: str) -> User:
    """Return the account of that e-mail: who was not invited is nobody here, however well the provider knows them."""
    with parts.transaction(PLATFORM) as connection:
        user = find_user_by_email(connection, email)
    if user is None:
        raise OidcRefused("no_account")
    return user
