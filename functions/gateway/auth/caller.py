"""Who calls and may do what: the dependency of every route for people and for scripts with a key.

A login is believed without asking anybody, so these are `async`, which saves every request the change to a thread and
back; what asks PostgreSQL (a key, an Idempotency-Key) is still asked from a thread.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from functions.gateway.auth.permissions import PERMISSIONS, Action
from functions.gateway.auth.refusals import PasswordMustChange, SecondFactorSetUp
from functions.gateway.auth.session_token import COOKIE, LIFE, Access, read_access
from functions.gateway.idempotency import claim_once
from functions.gateway.parts import Parts, PartsDep
from regulars.errors import NotAllowed, NotAuthenticated
from regulars.store.api_keys import find_api_key
from regulars.store.tenants import find_tenant
from regulars.store.users import Role
from regulars.tenancy import PLATFORM, Tenancy

_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="Login", description="Set by POST /v1/auth/login.")
_bearer = HTTPBearer(
    auto_error=False, scheme_name="Key", description="An API key whose scopes name the route's action."
)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_PAGES = frozenset({"same-origin", "none"})
_ACTIONS: frozenset[Action] = frozenset(get_args(Action))


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who is logged in, or a key; `access` is the login, and `role` the person's, None for a key.

    `actor` is the name under which the audit log knows the caller, `tenancy` what its transactions may see: of a
    manager's tenant the named sites only. Until `expires_at` (UTC) this may be believed without asking again.
    """

    actor: str
    tenancy: Tenancy
    actions: frozenset[Action]
    expires_at: datetime
    role: Role | None
    access: Access | None

    @property
    def tenant_id(self) -> UUID:
        """The caller's tenant; raises NotAllowed for who belongs to the platform."""
        if self.tenancy.tenant_id is None:
            raise NotAllowed("This account belongs to the platform and to no tenant, so there is nothing here for it.")
        return self.tenancy.tenant_id


def person(request: Request, parts: PartsDep, token: Annotated[str | None, Depends(_cookie)]) -> Access:
    """Return who is logged in, whatever the login is good for; raises NotAuthenticated, NotAllowed."""
    refuse_foreign_pages(request)
    if not token:
        raise NotAuthenticated("Nobody is logged in; log in first.")
    return read_access(parts.settings.secret_key, token, parts.clock())


async def logged_in(
    request: Request,
    parts: PartsDep,
    token: Annotated[str | None, Depends(_cookie)],
    key: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Return who calls, a key before a cookie; raises NotAuthenticated, NotAllowed.

    A browser sends cookies by itself and never a key, so only cookies are held to this site's own pages. A login that
    is good for less raises PasswordMustChange or SecondFactorSetUp.
    """
    if key is not None:
        return await run_in_threadpool(_of_key, parts, key.credentials)
    access = person(request, parts, token)
    if access.stage == "password":
        raise PasswordMustChange("Choose a password of your own first (PUT /v1/auth/password).")
    if access.stage == "second_factor":
        raise SecondFactorSetUp("Set up a second factor first (POST /v1/auth/second-factor): you may see faces here.")
    return Caller(
        actor=actor_of(access.user_id),
        tenancy=Tenancy(access.tenant_id, site_ids=access.site_ids),
        actions=PERMISSIONS[access.role],
        expires_at=access.expires_at,
        role=access.role,
        access=access,
    )


def refuse_foreign_pages(request: Request) -> None:
    """Raise NotAllowed when a page of another origin has the browser send a change (beside SameSite=Strict)."""
    if request.method not in _READING and request.headers.get("sec-fetch-site", "none") not in _OWN_PAGES:
        raise NotAllowed("Changes are only taken from this site's own pages.")


def actor_of(user_id: UUID) -> str:
    """Return the name under which the audit log knows a person."""
    return f"user:{user_id}"


def _of_key(parts: Parts, presented: str) -> Caller:
    with parts.transaction(PLATFORM) as connection:
        key = find_api_key(connection, presented, parts.clock())
        tenant = find_tenant(connection, key.tenant_id) if key and key.tenant_id else None
    if key is None:
        raise NotAuthenticated("This API key is unknown, revoked or has run out; nothing was changed.")
    if tenant is not None and tenant.suspended_at is not None:
        raise NotAllowed("This chain is suspended; ask the platform's operator.")
    return Caller(
        actor=f"key:{key.key_id}",
        tenancy=Tenancy(key.tenant_id),
        actions=frozenset(action for action in _ACTIONS if action in key.scopes),
        expires_at=parts.clock() + LIFE,
        role=None,
        access=None,
    )


LoggedIn = Annotated[Caller, Depends(logged_in)]
Person = Annotated[Access, Depends(person)]


async def _permitted(request: Request, caller: LoggedIn, wanted: SecurityScopes) -> Caller:
    for action in wanted.scopes:
        if action not in caller.actions:
            who = f"The role {caller.role}" if caller.role else "This key"
            raise NotAllowed(f"{who} may not do this ({action}).")
    request.state.actor = caller.actor
    await claim_once(request, caller.actor, caller.tenancy)
    return caller


def may(action: Action) -> Any:
    """Return the dependency of a route that needs this action; it stands in the annotation of a Caller.

    The OpenAPI document names the action as the scope of the login; a route without one is for all who are logged in.
    """
    return Security(_permitted, scopes=[action])
