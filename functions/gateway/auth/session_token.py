"""A login's token: a short signed JWT in an HttpOnly cookie, made anew while its owner is active."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import jwt

from regulars.errors import NotAuthenticated
from regulars.store.users import Role

COOKIE = "regulars_session"
IDLE = timedelta(minutes=30)
RENEW_AFTER = timedelta(minutes=5)
LONGEST = timedelta(hours=12)
_CLAIMS = ["sub", "role", "iat", "exp", "since"]


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in: since when, and with a token made and running out when (UTC)."""

    user_id: UUID
    tenant_id: UUID | None
    role: Role
    since: datetime
    issued_at: datetime
    expires_at: datetime
    site_ids: frozenset[UUID] | None = None

    def renewed(self, now: datetime) -> "Session":
        """Return the session as a token made now would say it; it never outlives 12 h from the login."""
        expires_at = min(now + IDLE, self.since + LONGEST)
        return replace(self, issued_at=now, expires_at=expires_at)


def begin_session(
    user_id: UUID, tenant_id: UUID | None, role: Role, now: datetime, site_ids: frozenset[UUID] | None = None
) -> Session:
    """Return the session of a login that happens now."""
    return Session(user_id, tenant_id, role, now, now, now + IDLE, site_ids)


def sign_session(secret_key: str, session: Session) -> str:
    """Return the token."""
    claims = {
        "sub": str(session.user_id),
        "tid": str(session.tenant_id) if session.tenant_id else None,
        "role": session.role,
        "sites": None if session.site_ids is None else _packed(session.site_ids),
        "since": int(session.since.timestamp()),
        "iat": int(session.issued_at.timestamp()),
        "exp": int(session.expires_at.timestamp()),
    }
    return jwt.encode(claims, _key(secret_key), algorithm="HS256")


def read_session(secret_key: str, token: str, now: datetime) -> Session:
    """Return what the token says; raises NotAuthenticated when it is not ours, was changed or has run out at `now`."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(secret_key),
            algorithms=["HS256"],
            # The caller's clock decides, not this machine's.
            options={"require": _CLAIMS, "verify_exp": False, "verify_iat": False},
        )
        role: Role = claims["role"]
        session = Session(
            user_id=UUID(claims["sub"]),
            tenant_id=UUID(claims["tid"]) if claims.get("tid") else None,
            role=role,
            site_ids=None if claims["sites"] is None else _unpacked(claims["sites"]),
            since=datetime.fromtimestamp(claims["since"], UTC),
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (jwt.InvalidTokenError, KeyError, ValueError) as failure:
        raise NotAuthenticated("This login is not valid; log in again.") from failure
    if session.role not in get_args(Role) or session.expires_at <= now:
        raise NotAuthenticated("This login has run out; log in again.")
    return session


def _packed(site_ids: frozenset[UUID]) -> str:
    """Return the ids in 22 characters each: a cookie has room for some 100 of them."""
    return urlsafe_b64encode(b"".join(one.bytes for one in sorted(site_ids))).decode()


def _unpacked(packed: str) -> frozenset[UUID]:
    raw = urlsafe_b64decode(packed)
    return frozenset(UUID(bytes=raw[start : start + 16]) for start in range(0, len(raw), 16))


def _key(secret_key: str) -> bytes:
    """Return 256 bits made from the configured secret for this one use."""
    return hashlib.sha256(b"regulars session\0" + secret_key.encode()).digest()
