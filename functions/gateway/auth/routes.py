"""POST /v1/auth/login and logout, GET /v1/auth/me: called by the page and the portal."""

from fastapi import APIRouter, Request, Response

from functions.gateway.auth.caller import LoggedIn, put_cookie, refuse_foreign_pages
from functions.gateway.auth.permissions import PERMISSIONS
from functions.gateway.auth.schema import Login, Me
from functions.gateway.auth.session_token import COOKIE, Session, begin_session
from functions.gateway.errors import TooManyAttempts, problem_responses
from functions.gateway.parts import PartsDep
from regulars.errors import NotAuthenticated
from regulars.store.session import Connection
from regulars.store.tenants import find_tenant
from regulars.store.users import User, find_user, find_user_by_email, set_password_hash
from regulars.tenancy import PLATFORM

router = APIRouter(prefix="/v1/auth", tags=["auth"])


@router.post("/login", responses=problem_responses(401, 403, 422, 429, 503))
def login(parts: PartsDep, request: Request, response: Response, given: Login) -> Me:
    """Log in: the answer sets the session's cookie. After five failures an account waits 5 min for that address."""
    refuse_foreign_pages(request)
    now = parts.clock()
    place = f"{given.email.lower()} {request.client.host if request.client else ''}"
    if (wait_s := parts.login_limit.wait_s(place, now)) > 0:
        raise TooManyAttempts(wait_s)
    with parts.transaction(PLATFORM) as connection:
        user = find_user_by_email(connection, given.email)
    password = given.password.get_secret_value()
    if not parts.passwords.match(user.password_hash if user else None, password) or user is None:
        parts.login_limit.failed(place, now)
        raise NotAuthenticated("E-mail or password is wrong.")
    parts.login_limit.succeeded(place)
    session = begin_session(user.user_id, user.tenant_id, user.role, now, user.site_ids)
    with parts.transaction(PLATFORM) as connection:
        if parts.passwords.outdated(user.password_hash):
            set_password_hash(connection, user.user_id, parts.passwords.hash(password))
        me = _describe(connection, user, session)
    put_cookie(request, response, parts, session)
    return me


@router.post("/logout", status_code=204, responses=problem_responses(403))
def logout(request: Request, response: Response) -> None:
    """Forget the session's cookie; harmless when nobody is logged in."""
    refuse_foreign_pages(request)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


@router.get("/me", responses=problem_responses(401, 503))
def me(parts: PartsDep, caller: LoggedIn) -> Me:
    """Say who is logged in."""
    with parts.transaction(PLATFORM) as connection:
        user = find_user(connection, caller.session.user_id)
        if user is None:
            raise NotAuthenticated("This account is gone.")
        return _describe(connection, user, caller.session)


def _describe(connection: Connection, user: User, session: Session) -> Me:
    tenant = find_tenant(connection, user.tenant_id) if user.tenant_id else None
    return Me(
        user_id=user.user_id,
        email=user.email,
        role=user.role,
        tenant_id=user.tenant_id,
        tenant_name=tenant.name if tenant else None,
        site_ids=None if user.site_ids is None else sorted(user.site_ids),
        actions=sorted(PERMISSIONS[user.role]),
        expires_at=session.expires_at,
    )
