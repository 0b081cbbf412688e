"""A login's access token: a short signed JWT in an HttpOnly cookie, so that no request but its renewal asks for it."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, get_args
from uuid import UUID

import jwt

from regulars.errors import NotAuthenticated
from regulars.store.users import Role

COOKIE = "regulars_session"
LIFE = timedelta(minutes=10)
MOST_SITES = 100
MOST_REMEMBERED = 4096
Stage = Literal["full", "password", "second_factor"]
"""What the login is good for: everything, or only choosing a password, or only setting up a second factor."""
_CLAIMS = ["sub", "sid", "role", "stage", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Access:
    """Who is logged in by which session, what they were when it was made, and until when that is believed (UTC)."""

    user_id: UUID
    session_id: UUID
    tenant_id: UUID | None
    role: Role
    site_ids: frozenset[UUID] | None
    stage: Stage
    expires_at: datetime


def sign_access(secret_key: str, access: Access, now: datetime) -> str:
    """Return the token."""
    claims = {
        "sub": str(access.user_id),
        "sid": str(access.session_id),
        "tid": str(access.tenant_id) if access.tenant_id else None,
        "role": access.role,
        "sites": None if access.site_ids is None else _packed(access.site_ids),
        "stage": access.stage,
        "iat": int(now.timestamp()),
        "exp": int(access.expires_at.timestamp()),
    }
    return jwt.encode(claims, _key(secret_key), algorithm="HS256")


def read_access(secret_key: str, token: str, now: datetime) -> Access:
    """Return what the token says; raises NotAuthenticated when it is not ours, was changed or has run out at `now`."""
    access = _verified(secret_key, token)
    if access.expires_at <= now:
        raise NotAuthenticated("This login has run out; renew it, or log in again.")
    return access


@lru_cache(maxsize=MOST_REMEMBERED)
def _verified(secret_key: str, token: str) -> Access:
    """A page asks several things at once, each with the same token: its signature is looked at once."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(secret_key),
            algorithms=["HS256"],
            # The caller's clock decides, not this machine's, and it is asked each time.
            options={"require": _CLAIMS, "verify_exp": False, "verify_iat": False},
        )
        access = Access(
            user_id=UUID(claims["sub"]),
            session_id=UUID(claims["sid"]),
            tenant_id=UUID(claims["tid"]) if claims["tid"] else None,
            role=claims["role"],
            site_ids=None if claims["sites"] is None else _unpacked(claims["sites"]),
            stage=claims["stage"],
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (jwt.InvalidTokenError, KeyError, ValueError) as failure:
        raise NotAuthenticated("This login is not valid; log in again.") from failure
    if access.role not in get_args(Role) or access.stage not in get_args(Stage):
        raise NotAuthenticated("This login is of another time; log in again.")
    return access


def _packed(site_ids: frozenset[UUID]) -> str:
    """Return the ids in 22 characters each: a cookie has room for `MOST_SITES` of them."""
    return urlsafe_b64encode(b"".join(one.bytes for one in sorted(site_ids))).decode()


def _unpacked(packed: str) -> frozenset[UUID]:
    raw = urlsafe_b64decode(packed)
    return frozenset(UUID(bytes=raw[start : start + 16]) for start in range(0, len(raw), 16))


def _key(secret_key: str) -> bytes:
    """Return 256 bits made from the configured secret for this one use."""
    return hashlib.sha256(b"regulars session\0" + secret_key.encode()).digest()
