"""POST /v1/auth/login, refresh, logout; GET /v1/auth/me and the sessions: called by the page and the portal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Request, Response

from functions.gateway.auth import known_browser, sessions
from functions.gateway.auth.caller import Person, refuse_foreign_pages
from functions.gateway.auth.origin import origin_of
from functions.gateway.auth.refusals import SecondFactorWanted, SecondFactorWrong
from functions.gateway.auth.schema import Login, Me, OwnSession, OwnSessions
from functions.gateway.auth.second_factor import check_code
from functions.gateway.auth.session_token import COOKIE, read_access
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from regulars.errors import NotAuthenticated, NotFound
from regulars.store import sessions as stored
from regulars.store.users import User, find_user_by_email, set_password_hash
from regulars.tenancy import PLATFORM

router = APIRouter(prefix="/v1/auth", tags=["auth"])
RefreshToken = Annotated[str | None, Cookie(alias=sessions.REFRESH_COOKIE, include_in_schema=False)]
KnownBrowser = Annotated[str | None, Cookie(alias=known_browser.COOKIE, include_in_schema=False)]
AccessToken = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]


@router.post("/login", responses=problem_responses(401, SecondFactorWanted, SecondFactorWrong, 403, 422, 429, 503))
def login(parts: PartsDep, request: Request, response: Response, given: Login, known: KnownBrowser = None) -> Me:
    """Log in: the answer sets the cookies. After five failures an account waits 5 min for that address.

    A browser that has logged the account in before has tries of its own, whoever else has used up theirs.
    """
    refuse_foreign_pages(request)
    user, browser = _check_password(parts, request, given, known)
    if user.second_factor:
        if given.code is None:
            raise SecondFactorWanted("The password is right; now send the code of the second factor with it.")
        check_code(parts, user, given.code)
    password = given.password.get_secret_value()
    if user.password_hash and parts.passwords.outdated(user.password_hash):
        with parts.transaction(PLATFORM) as connection:
            since = user.password_temporary_since
            set_password_hash(connection, user.user_id, parts.passwords.hash(password), temporary_since=since)
    sessions.put_known_browser(request, response, parts, user, browser)
    return sessions.begin(parts, request, response, user, "password")


@router.post("/refresh", responses=problem_responses(401, 403, 503))
def refresh(parts: PartsDep, request: Request, response: Response, token: RefreshToken = None) -> Me:
    """Renew the login: a new access cookie, and a new refresh cookie for the one that was used up.

    A refresh token that comes a second time ends the login everywhere it was copied to.
    """
    refuse_foreign_pages(request)
    if not token:
        raise NotAuthenticated("Nobody is logged in; log in first.")
    return sessions.renew(parts, request, response, token)


@router.post("/logout", status_code=204, responses=problem_responses(403, 503))
def logout(
    parts: PartsDep,
    request: Request,
    response: Response,
    token: RefreshToken = None,
    access_token: AccessToken = None,
) -> None:
    """End this login; harmless when nobody is logged in."""
    refuse_foreign_pages(request)
    sessions.forget_cookies(response)
    with parts.transaction(PLATFORM) as connection:
        session = stored.session_of_token(connection, token) if token else None
        if session:
            stored.end_session(connection, session.user_id, session.session_id)
            return
    try:
        access = read_access(parts.settings.secret_key, access_token or "", parts.clock())
    except NotAuthenticated:
        return
    with parts.transaction(PLATFORM) as connection:
        stored.end_session(connection, access.user_id, access.session_id)


@router.post("/logout-everywhere", status_code=204, responses=problem_responses(401, 403, 503))
def logout_everywhere(parts: PartsDep, response: Response, access: Person) -> None:
    """End every login of this account; those elsewhere are out within 10 min."""
    sessions.forget_cookies(response)
    now = parts.clock()
    with parts.transaction(PLATFORM) as connection:
        stored.end_sessions(connection, access.user_id)
        sessions.note(connection, access.tenant_id, access.user_id, "session.all_ended", "user", access.user_id, now)


@router.get("/me", responses=problem_responses(401, 503))
def me(parts: PartsDep, access: Person) -> Me:
    """Say who is logged in."""
    return sessions.describe(parts, access)


@router.get("/sessions", responses=problem_responses(401, 503))
def list_own_sessions(parts: PartsDep, access: Person) -> OwnSessions:
    """List where the account is logged in."""
    with parts.transaction(PLATFORM) as connection:
        living = stored.sessions_of(connection, access.user_id, parts.clock())
    return OwnSessions(
        items=[
            OwnSession(
                session_id=one.session_id,
                via=one.via,
                device=one.device,
                began_at=one.began_at,
                renewed_at=one.renewed_at,
                expires_at=one.expires_at,
                this_one=one.session_id == access.session_id,
            )
            for one in living
        ]
    )


@router.delete("/sessions/{session_id}", status_code=204, responses=problem_responses(401, 403, 404, 422, 503))
def end_own_session(parts: PartsDep, access: Person, session_id: UUID) -> None:
    """End one login of this account; whoever uses it is out within 10 min."""
    with parts.transaction(PLATFORM) as connection:
        if not stored.end_session(connection, access.user_id, session_id):
            raise NotFound("There is no such session.")


def _check_password(parts: Parts, request: Request, given: Login, known: str | None) -> tuple[User, str | None]:
    """Return whose password this is, and from which known browser it came.

    Every try is counted before it is looked at, a right one is not.
    """
    address = origin_of(request)
    parts.limits.count("login_from_address", address)
    with parts.transaction(PLATFORM) as connection:
        user = find_user_by_email(connection, given.email)
    # Not by what was typed: PostgreSQL may find one account by more spellings than Python takes for the same.
    account = str(user.user_id) if user else given.email.lower()
    browser = known_browser.read_known(parts.settings.secret_key, known, user.user_id, parts.clock()) if user else None
    here, anywhere = f"{account} {browser or address}", f"{account} {browser}" if browser else account
    parts.limits.count("login", here)
    parts.limits.count("login_of_account", anywhere)
    right = parts.passwords.match(user.password_hash if user else None, given.password.get_secret_value())
    if not right or user is None:
        raise NotAuthenticated("E-mail or password is wrong.")
    parts.limits.forget("login", here)
    parts.limits.give_back("login_of_account", anywhere)
    parts.limits.give_back("login_from_address", address)
    return user, browser
