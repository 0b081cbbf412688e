"""A browser that an account has logged in from before: it has tries of its own.

So nobody who guesses from elsewhere keeps the owner out, however often (the device cookies of OWASP's authentication
cheat sheet). The cookie lets nobody in; stolen, it is good for as many guesses as any one browser has.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from regulars.ids import new_id

COOKIE = "regulars_browser"
PATH = "/v1/auth/login"
GOOD_FOR = timedelta(days=180)
_FOR = "regulars known browser"


def write_known(secret_key: str, user_id: UUID, browser: str | None, now: datetime) -> str:
    """Return the cookie's value of a browser that has just logged this account in; one known before keeps its name."""
    told = {
        "aud": _FOR,
        "sub": str(user_id),
        "jti": browser or new_id().hex,
        "exp": int((now + GOOD_FOR).timestamp()),
    }
    return jwt.encode(told, _key(secret_key), algorithm="HS256")


def read_known(secret_key: str, token: str | None, user_id: UUID, now: datetime) -> str | None:
    """Return the browser's name, None when it is not known to have logged this account in at `now` (UTC)."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token or "", _key(secret_key), algorithms=["HS256"], audience=_FOR, options={"verify_exp": False}
        )
        good = claims["sub"] == str(user_id) and datetime.fromtimestamp(claims["exp"], UTC) > now
        return str(claims["jti"]) if good else None
    except (jwt.InvalidTokenError, KeyError, ValueError):
        return None


def _key(secret_key: str) -> bytes:
    """Return a key of its own: this is no login's token and no proof."""
    return hashlib.sha256(f"{_FOR}:{secret_key}".encode()).digest()
