"""People who log in: found by e-mail before anyone knows which tenant they belong to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.store.account_tables import user_sites
from regulars.store.tables import users

Role = Literal["operator", "owner", "manager", "analyst"]
_U = users.c
_OWN = ("user_id", "tenant_id", "email", "password_hash", "role", "created_at")
_SITES = (
    select(func.array_agg(user_sites.c.site_id))
    .where(user_sites.c.user_id == _U.user_id)
    .scalar_subquery()
    .label("site_ids")
)


@dataclass(frozen=True, slots=True)
class User:
    """An account. `tenant_id` None is the platform's; `password_hash` is argon2id in its own text form.

    `site_ids` names the only sites of the tenant that it sees; None, and for every role but the manager's: all of them.
    """

    user_id: UUID
    tenant_id: UUID | None
    email: str
    password_hash: str
    role: Role
    created_at: datetime
    site_ids: frozenset[UUID] | None = None


def add_user(connection: Connection, user: User) -> bool:
    """Add an account; return False and change nothing when the e-mail (whatever its case) has one already."""
    values = {name: getattr(user, name) for name in _OWN}
    statement = insert(users).values(**values).on_conflict_do_nothing().returning(_U.user_id)
    if connection.execute(statement).one_or_none() is None:
        return False
    if user.tenant_id and user.site_ids:
        set_user_sites(connection, user.tenant_id, user.user_id, user.site_ids)
    return True


def find_user_by_email(connection: Connection, email: str) -> User | None:
    """Return the account of this e-mail, whatever its case; needs a transaction of the platform."""
    return _one(connection, func.lower(_U.email) == email.lower())


def find_user(connection: Connection, user_id: UUID) -> User | None:
    """Return the account, or None when it is gone or out of the transaction's sight."""
    return _one(connection, _U.user_id == user_id)


def set_user_sites(connection: Connection, tenant_id: UUID, user_id: UUID, site_ids: Collection[UUID]) -> None:
    """Let a manager see these sites and no others; the sites must be the tenant's."""
    connection.execute(delete(user_sites).where(user_sites.c.user_id == user_id))
    for site_id in site_ids:
        connection.execute(insert(user_sites).values(tenant_id=tenant_id, user_id=user_id, site_id=site_id))


def set_password_hash(connection: Connection, user_id: UUID, password_hash: str) -> None:
    """Replace the password's hash."""
    connection.execute(update(users).where(_U.user_id == user_id).values(password_hash=password_hash))


def _one(connection: Connection, condition: ColumnElement[bool]) -> User | None:
    row = connection.execute(select(users, _SITES).where(condition)).mappings().one_or_none()
    return _user_of(row) if row else None


def _user_of(row: RowMapping) -> User:
    values: dict[str, Any] = dict(row)
    values["site_ids"] = frozenset(values["site_ids"] or ()) if values["role"] == "manager" else None
    return User(**values)
