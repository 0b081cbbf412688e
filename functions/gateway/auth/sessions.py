"""Logins begin, are renewed and end: cookies to the browser, a row per login; under the routes of this folder.

Two cookies: the access token (10 min, sent everywhere, asks no database) and the refresh token (2 h, sent to /v1/auth
only, good once). Whoever was changed, removed or suspended is told so at the next renewal, after 10 min at most.
"""

from datetime import datetime
from uuid import UUID

from fastapi import Request, Response

from functions.gateway.auth import known_browser
from functions.gateway.auth.caller import actor_of
from functions.gateway.auth.permissions import PERMISSIONS
from functions.gateway.auth.schema import Me
from functions.gateway.auth.session_token import COOKIE, LIFE, Access, Stage, sign_access
from functions.gateway.parts import Parts
from regulars.errors import NotAllowed, NotAuthenticated
from regulars.ids import new_id
from regulars.store import sessions
from regulars.store.audit import AuditEntry, record
from regulars.store.session import Connection
from regulars.store.sessions import Session, Via
from regulars.store.tenants import Tenant, find_tenant
from regulars.store.users import User, find_user
from regulars.tenancy import PLATFORM

REFRESH_COOKIE = "regulars_refresh"
REFRESH_PATH = "/v1/auth"
_DEVICE_LENGTH = 200
_AGAIN = "This login is over; log in again."


def begin(parts: Parts, request: Request, response: Response, user: User, via: Via) -> Me:
    """Log the account in, now that it is known who it is; raises NotAllowed when its chain is suspended."""
    now = parts.clock()
    device = request.headers.get("user-agent", "")[:_DEVICE_LENGTH]
    session = Session(new_id(), user.tenant_id, user.user_id, via, device, now, now, now + sessions.IDLE)
    with parts.transaction(PLATFORM) as connection:
        tenant = _open_tenant(connection, user)
        token = sessions.add_session(connection, session)
    put_refresh_cookie(request, response, parts, token)
    return _let_in(parts, request, response, user, tenant, session)


def renew(parts: Parts, request: Request, response: Response, token: str) -> Me:
    """Renew a login by its refresh token, as its account is now; raises NotAuthenticated when it is over.

    A token that comes a second time was stolen from its owner, or is the thief's: the login ends for both.
    """
    now = parts.clock()
    with parts.transaction(PLATFORM) as connection:
        taken = sessions.take_turn(connection, token, now)
        user = find_user(connection, taken[0].user_id) if taken else None
        if taken and taken[1] == "stolen":
            stolen = taken[0]
            note(
                connection, stolen.tenant_id, stolen.user_id, "session.token_reused", "session", stolen.session_id, now
            )
    if taken is None or taken[1] == "stolen" or user is None:
        raise NotAuthenticated(_AGAIN)
    session, _, next_token = taken
    with parts.transaction(PLATFORM) as connection:
        tenant = _open_tenant(connection, user)
    if next_token:
        put_refresh_cookie(request, response, parts, next_token)
    return _let_in(parts, request, response, user, tenant, session)


def go_on(parts: Parts, request: Request, response: Response, access: Access) -> Me:
    """Give a login an access token of what its account is now, after it has changed something of itself."""
    with parts.transaction(PLATFORM) as connection:
        user = find_user(connection, access.user_id)
        living = sessions.sessions_of(connection, access.user_id, parts.clock())
        session = next((one for one in living if one.session_id == access.session_id), None)
        if user is None or session is None:
            raise NotAuthenticated(_AGAIN)
        tenant = _open_tenant(connection, user)
    return _let_in(parts, request, response, user, tenant, session)


def describe(parts: Parts, access: Access) -> Me:
    """Say who is logged in; raises NotAuthenticated when the account is gone."""
    with parts.transaction(PLATFORM) as connection:
        user = find_user(connection, access.user_id)
        tenant = find_tenant(connection, user.tenant_id) if user and user.tenant_id else None
    if user is None:
        raise NotAuthenticated("This account is gone.")
    return _me(user, tenant, access)


def put_refresh_cookie(request: Request, response: Response, parts: Parts, token: str) -> None:
    """Let the browser keep the refresh token, for this folder's routes only."""
    _put(request, response, parts, REFRESH_COOKIE, token, int(sessions.IDLE.total_seconds()), REFRESH_PATH)


def put_known_browser(request: Request, response: Response, parts: Parts, user: User, browser: str | None) -> None:
    """Let the browser be known as one that has logged this account in; it is told to nobody but the login."""
    token = known_browser.write_known(parts.settings.secret_key, user.user_id, browser, parts.clock())
    good_for_s = int(known_browser.GOOD_FOR.total_seconds())
    _put(request, response, parts, known_browser.COOKIE, token, good_for_s, known_browser.PATH)


def forget_cookies(response: Response) -> None:
    """Let the browser forget both cookies."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    response.delete_cookie(REFRESH_COOKIE, path=REFRESH_PATH, httponly=True, samesite="strict")


def _open_tenant(connection: Connection, user: User) -> Tenant | None:
    if user.tenant_id is None:
        return None
    tenant = find_tenant(connection, user.tenant_id)
    if tenant is None or tenant.suspended_at is not None:
        raise NotAllowed("This chain is suspended; ask the platform's operator.")
    return tenant


def _let_in(
    parts: Parts, request: Request, response: Response, user: User, tenant: Tenant | None, session: Session
) -> Me:
    now = parts.clock()
    expires_at = min(now + LIFE, session.began_at + sessions.LONGEST)
    access = Access(
        user_id=user.user_id,
        session_id=session.session_id,
        tenant_id=user.tenant_id,
        role=user.role,
        site_ids=user.site_ids,
        stage=_stage(user, tenant, session.via),
        expires_at=expires_at,
    )
    token = sign_access(parts.settings.secret_key, access, now)
    _put(request, response, parts, COOKIE, token, int((expires_at - now).total_seconds()), "/")
    return _me(user, tenant, access)


def _stage(user: User, tenant: Tenant | None, via: Via) -> Stage:
    """Return what a login is good for. One by OIDC answers to the provider's own rules."""
    if via == "oidc":
        return "full"
    if user.password_temporary_since is not None:
        return "password"
    sees_faces = "faces.see" in PERMISSIONS[user.role]
    if sees_faces and tenant is not None and tenant.second_factor_required and not user.second_factor:
        return "second_factor"
    return "full"


def _me(user: User, tenant: Tenant | None, access: Access) -> Me:
    return Me(
        user_id=user.user_id,
        email=user.email,
        role=access.role,
        tenant_id=user.tenant_id,
        tenant_name=tenant.name if tenant else None,
        site_ids=None if access.site_ids is None else sorted(access.site_ids),
        stage=access.stage,
        second_factor=user.second_factor,
        actions=sorted(PERMISSIONS[access.role]) if access.stage == "full" else [],
        expires_at=access.expires_at,
    )


def _put(request: Request, response: Response, parts: Parts, name: str, value: str, max_age_s: int, path: str) -> None:
    """Set a cookie: out of scripts' reach, for this site only, over TLS wherever there is TLS."""
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path=path,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https" or parts.settings.mode == "production",
    )


def note(
    connection: Connection, tenant_id: UUID | None, user_id: UUID, action: str, kind: str, subject: UUID, now: datetime
) -> None:
    """Add to the audit log what somebody did about their own login."""
    record(connection, AuditEntry(tenant_id, actor_of(user_id), action, kind, str(subject), {}, now))
