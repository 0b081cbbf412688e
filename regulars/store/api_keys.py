"""Keys of machines: minted once, kept as a hash, looked up on every call of a worker.

A key reads `rk_<key id, 32 hex>_<secret>`. The secret is 256 random bits, so a plain SHA-256 of it cannot be reversed
and a slow password hash would only cost time.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select, update

from regulars.ids import new_id
from regulars.store.tables import api_keys

_K = api_keys.c
LAST_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A valid key: `tenant_id` None is the platform's own."""

    key_id: UUID
    tenant_id: UUID | None
    name: str
    scope: str


def add_api_key(connection: Connection, tenant_id: UUID | None, name: str, scope: str, now: datetime) -> str:
    """Store a new key's hash and return the key itself, which cannot be read again."""
    key_id, secret = new_id(), secrets.token_urlsafe(32)
    connection.execute(
        insert(api_keys).values(
            key_id=key_id, tenant_id=tenant_id, name=name, scope=scope, secret_hash=_hash(secret), created_at=now
        )
    )
    return f"rk_{key_id.hex}_{secret}"


def find_api_key(connection: Connection, presented: str, now: datetime) -> KnownKey | None:
    """Return the key that `presented` is, None when it is unknown, revoked or wrong; note when it was used.

    Needs a transaction of the platform, since who calls is not known before. The use is noted once a minute.
    """
    parts = presented.split("_", 2)
    if len(parts) != 3 or parts[0] != "rk" or len(parts[1]) != 32:
        return None
    try:
        key_id = UUID(parts[1])
    except ValueError:
        return None
    row = connection.execute(select(api_keys).where(_K.key_id == key_id, _K.revoked_at.is_(None))).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_hash, _hash(parts[2])):
        return None
    connection.execute(
        update(api_keys)
        .where(_K.key_id == key_id, or_(_K.last_used_at.is_(None), _K.last_used_at < now - LAST_USED_EVERY))
        .values(last_used_at=now)
    )
    return KnownKey(key_id=row.key_id, tenant_id=row.tenant_id, name=row.name, scope=row.scope)


def revoke_api_key(connection: Connection, key_id: UUID, now: datetime) -> None:
    """Let the key be refused from now on."""
    connection.execute(update(api_keys).where(_K.key_id == key_id, _K.revoked_at.is_(None)).values(revoked_at=now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
