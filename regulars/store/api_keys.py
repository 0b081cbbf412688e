"""Keys of machines and scripts: minted once, kept as a hash, looked up on every call; `rk_…` as secret_tokens says."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, or_, select, true, update

from regulars.ids import new_id
from regulars.store.account_tables import api_keys
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.records import record_of
from regulars.store.secret_tokens import mint, present

_KIND = "rk"
_K = api_keys.c
_SORTING = Sorting(_K.key_id, {"created_at": _K.created_at, "name": _K.name})
LAST_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key: `tenant_id` None is the platform's own; `scopes` are `worker` and names of actions. Times in UTC."""

    key_id: UUID
    tenant_id: UUID | None
    name: str
    scopes: frozenset[str]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    old_until: datetime | None

    @property
    def prefix(self) -> str:
        """What the key begins with: enough to recognize it, nothing of its secret."""
        return f"{_KIND}_{self.key_id.hex}"


def add_api_key(
    connection: Connection,
    tenant_id: UUID | None,
    name: str,
    scopes: Collection[str],
    now: datetime,
    *,
    created_by: str,
    expires_at: datetime | None = None,
) -> str:
    """Store a new key's hash and return the key itself, which cannot be read again."""
    key_id = new_id()
    key, secret_hash = mint(_KIND, key_id)
    connection.execute(
        insert(api_keys).values(
            key_id=key_id,
            tenant_id=tenant_id,
            name=name,
            scopes=sorted(scopes),
            secret_hash=secret_hash,
            created_by=created_by,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return key


def key_id_of(key: str) -> UUID | None:
    """Return the id that a key names, None when it is no key."""
    presented = present(_KIND, key)
    return presented.row_id if presented else None


def find_api_key(connection: Connection, key: str, now: datetime) -> KnownKey | None:
    """Return the key that was presented, None when it is unknown, revoked, run out or wrong; note when it was used.

    Needs a transaction of the platform, since who calls is not known before. The use is noted once a minute.
    """
    presented = present(_KIND, key)
    if presented is None:
        return None
    alive = (_K.revoked_at.is_(None), or_(_K.expires_at.is_(None), _K.expires_at > now))
    row = connection.execute(select(api_keys).where(_K.key_id == presented.row_id, *alive)).mappings().one_or_none()
    if row is None:
        return None
    right = hmac.compare_digest(row["secret_hash"], presented.secret_hash)
    if row["old_until"] is not None and row["old_until"] > now:
        right |= hmac.compare_digest(row["old_secret_hash"], presented.secret_hash)
    if not right:
        return None
    if row["last_used_at"] is None or row["last_used_at"] < now - LAST_USED_EVERY:
        connection.execute(update(api_keys).where(_K.key_id == presented.row_id).values(last_used_at=now))
    return _key_of(row)


def read_api_key(
    connection: Connection, tenant_id: UUID | None, key_id: UUID, *, lock: bool = False
) -> KnownKey | None:
    """Return the tenant's (None: the platform's) key, revoked or not; with `lock` nobody changes it meanwhile."""
    wanted = select(api_keys).where(_K.key_id == key_id, _owned_by(tenant_id))
    row = connection.execute(wanted.with_for_update() if lock else wanted).mappings().one_or_none()
    return _key_of(row) if row else None


def page_of_api_keys(
    connection: Connection, tenant_id: UUID | None, piece: Piece, *, q: str | None, revoked: bool | None
) -> Slice[KnownKey]:
    """Return one page of the tenant's (None: the platform's) keys; `q` is looked for in their names."""
    wanted = select(api_keys).where(_owned_by(tenant_id), mentions(q, _K.name) if q else true())
    if revoked is not None:
        wanted = wanted.where(_K.revoked_at.isnot(None) if revoked else _K.revoked_at.is_(None))
    return read_slice(connection, wanted, _SORTING, piece, _key_of)


def rotate_api_key(connection: Connection, key_id: UUID, old_until: datetime) -> str:
    """Return a new key of the same id; the old one is good until `old_until`, and one before it no more."""
    key, secret_hash = mint(_KIND, key_id)
    values = {"old_secret_hash": _K.secret_hash, "old_until": old_until, "secret_hash": secret_hash}
    connection.execute(update(api_keys).where(_K.key_id == key_id).values(**values))
    return key


def rename_api_key(connection: Connection, key_id: UUID, name: str) -> None:
    """Call the key something else."""
    connection.execute(update(api_keys).where(_K.key_id == key_id).values(name=name))


def revoke_api_key(connection: Connection, key_id: UUID, now: datetime) -> None:
    """Let the key be refused from now on."""
    connection.execute(update(api_keys).where(_K.key_id == key_id, _K.revoked_at.is_(None)).values(revoked_at=now))


def _owned_by(tenant_id: UUID | None) -> ColumnElement[bool]:
    return _K.tenant_id.is_(None) if tenant_id is None else _K.tenant_id == tenant_id


def _key_of(row: RowMapping) -> KnownKey:
    return record_of(KnownKey, row, scopes=frozenset(row["scopes"]))
