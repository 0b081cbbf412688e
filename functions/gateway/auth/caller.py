"""Who is logged in and may do what: the dependency of every route for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response, Security
from fastapi.security import APIKeyCookie, SecurityScopes

from functions.gateway.auth.permissions import Action, allowed
from functions.gateway.auth.session_token import COOKIE, RENEW_AFTER, Session, read_session, sign_session
from functions.gateway.idempotency import claim_once
from functions.gateway.parts import Parts, PartsDep
from regulars.errors import NotAllowed, NotAuthenticated
from regulars.store.users import Role, find_user
from regulars.tenancy import PLATFORM, Tenancy

_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="Login", description="Set by POST /v1/auth/login.")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_PAGES = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who is logged in."""

    session: Session

    @property
    def role(self) -> Role:
        """The person's role."""
        return self.session.role

    @property
    def tenancy(self) -> Tenancy:
        """What this person's transactions may see: of a manager's tenant the named sites only."""
        return Tenancy(self.session.tenant_id, site_ids=self.session.site_ids)

    @property
    def expires_at(self) -> datetime:
        """Until when this may be taken for true without asking again (UTC)."""
        return self.session.expires_at

    @property
    def tenant_id(self) -> UUID:
        """The person's tenant; raises NotAllowed for an account of the platform."""
        if self.session.tenant_id is None:
            raise NotAllowed("This account belongs to the platform and to no tenant, so there is nothing here for it.")
        return self.session.tenant_id

    @property
    def actor(self) -> str:
        """The name under which the audit log knows the person."""
        return f"user:{self.session.user_id}"


def logged_in(
    request: Request, response: Response, parts: PartsDep, token: Annotated[str | None, Depends(_cookie)]
) -> Caller:
    """Return who calls, and give an active caller a fresh token; raises NotAuthenticated, NotAllowed."""
    refuse_foreign_pages(request)
    if not token:
        raise NotAuthenticated("Nobody is logged in; log in first.")
    now = parts.clock()
    session = read_session(parts.settings.secret_key, token, now)
    if now - session.issued_at >= RENEW_AFTER:
        session = _check_again(parts, session).renewed(now)
        put_cookie(request, response, parts, session)
    return Caller(session)


def refuse_foreign_pages(request: Request) -> None:
    """Raise NotAllowed when a page of another origin has the browser send a change (beside SameSite=Strict)."""
    if request.method not in _READING and request.headers.get("sec-fetch-site", "none") not in _OWN_PAGES:
        raise NotAllowed("Changes are only taken from this site's own pages.")


def put_cookie(request: Request, response: Response, parts: Parts, session: Session) -> None:
    """Let the browser keep the session: out of scripts' reach, for this site only, over TLS wherever there is TLS."""
    response.set_cookie(
        COOKIE,
        sign_session(parts.settings.secret_key, session),
        max_age=int((session.expires_at - session.issued_at).total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https" or parts.settings.mode == "production",
    )


def _check_again(parts: Parts, session: Session) -> Session:
    with parts.transaction(PLATFORM) as connection:
        user = find_user(connection, session.user_id)
    known = (session.tenant_id, session.role, session.site_ids)
    if user is None or (user.tenant_id, user.role, user.site_ids) != known:
        raise NotAuthenticated("This account has changed; log in again.")
    return session


LoggedIn = Annotated[Caller, Depends(logged_in)]


def _permitted(request: Request, caller: LoggedIn, wanted: SecurityScopes) -> Caller:
    for action in wanted.scopes:
        if not allowed(caller.role, action):
            raise NotAllowed(f"The role {caller.role} may not do this ({action}).")
    claim_once(request, caller.actor, caller.tenancy)
    return caller


def may(action: Action) -> Any:
    """Return the dependency of a route that needs this action; it stands in the annotation of a Caller.

    The OpenAPI document names the action as the scope of the login; a route without one is for all who are logged in.
    """
    return Security(_permitted, scopes=[action])
