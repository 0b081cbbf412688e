"""A proof that somebody is who they say: given by find-me to a face that matched, taken by an erasure of the whole."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from regulars.errors import InputRefused

GOOD_FOR = timedelta(minutes=15)
_FOR = "regulars find-me"


def prove(secret_key: str, tenant_id: UUID, customer_id: UUID, now: datetime) -> str:
    """Return the proof, good for 15 minutes from `now` (UTC), for this chain and customer only."""
    claims = {"aud": _FOR, "tid": str(tenant_id), "sub": str(customer_id), "exp": int((now + GOOD_FOR).timestamp())}
    return jwt.encode(claims, _key(secret_key), algorithm="HS256")


def refuse_unproven(secret_key: str, proof: str, tenant_id: UUID, customer_id: UUID, now: datetime) -> None:
    """Return when the proof is ours, of this customer and still good at `now`; raise InputRefused `not_proven`."""
    try:
        claims: dict[str, Any] = jwt.decode(
            proof, _key(secret_key), algorithms=["HS256"], audience=_FOR, options={"verify_exp": False}
        )
        good = (claims["tid"], claims["sub"]) == (str(tenant_id), str(customer_id))
        good = good and datetime.fromtimestamp(claims["exp"], UTC) > now
    except (jwt.InvalidTokenError, KeyError, ValueError):
        good = False
    if not good:
        raise InputRefused(
            "not_proven", "This proof is not of this person or has run out; find them by a selfie again."
        )


def _key(secret_key: str) -> bytes:
    """Return a key of its own: no login's token is a proof, and no proof logs in."""
    return hashlib.sha256(f"{_FOR}:{secret_key}".encode()).digest()
