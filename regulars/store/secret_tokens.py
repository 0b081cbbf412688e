"""Secrets that are handed out once and kept as a hash: keys, refresh tokens, one-time links.

A token reads `<kind>_<id, 32 hex>_<secret>`. The secret is 256 random bits, so a plain SHA-256 of it cannot be reversed
and a slow password hash would only cost time.
"""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Presented:
    """What a token says: whose it claims to be, and the hash of its secret, to be compared in constant time."""

    row_id: UUID
    secret_hash: str


def mint(kind: str, row_id: UUID) -> tuple[str, str]:
    """Return a new token, and the hash of its secret to be stored."""
    secret = secrets.token_urlsafe(32)
    return f"{kind}_{row_id.hex}_{secret}", hash_of(secret)


def present(kind: str, token: str) -> Presented | None:
    """Return what the token says, None when it is not one of this kind."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != kind or len(parts[1]) != 32:
        return None
    try:
        return Presented(UUID(parts[1]), hash_of(parts[2]))
    except ValueError:
        return None


def hash_of(secret: str) -> str:
    """Return the hash under which a secret of many random bits is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
