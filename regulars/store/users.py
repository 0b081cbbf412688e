"""People who log in: found by e-mail before anyone knows which tenant they belong to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, delete, exists, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from regulars.store.account_tables import second_factors, user_sites, users
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.records import record_of

Role = Literal["operator", "owner", "manager", "analyst"]
_U = users.c
_SORTING = Sorting(_U.user_id, {"created_at": _U.created_at, "email": func.lower(_U.email)})
_SITES = select(func.array_agg(user_sites.c.site_id)).where(user_sites.c.user_id == _U.user_id).scalar_subquery()
_HAS_SECOND_FACTOR = exists().where(second_factors.c.user_id == _U.user_id, second_factors.c.confirmed_at.isnot(None))


@dataclass(frozen=True, slots=True)
class User:
    """An account. `tenant_id` None is the platform's; `password_hash` is argon2id in its own text form.

    Who was invited and has not chosen a password has none. `site_ids` names the only sites of the tenant that it sees;
    None, and for every role but the manager's: all of them. `password_temporary_since` is when (UTC) a password was
    printed for it that it has not changed.
    """

    user_id: UUID
    tenant_id: UUID | None
    email: str
    password_hash: str | None
    role: Role
    created_at: datetime
    site_ids: frozenset[UUID] | None = None
    password_temporary_since: datetime | None = None
    second_factor: bool = False


def add_user(connection: Connection, user: User) -> bool:
    """Add an account; return False and change nothing when the e-mail (whatever its case) has one already."""
    values = {column.name: getattr(user, column.name) for column in users.columns}
    statement = insert(users).values(**values).on_conflict_do_nothing().returning(_U.user_id)
    if connection.execute(statement).one_or_none() is None:
        return False
    if user.tenant_id and user.site_ids:
        _add_sites(connection, user.tenant_id, user.user_id, user.site_ids)
    return True


def find_user_by_email(connection: Connection, email: str) -> User | None:
    """Return the account of this e-mail, whatever its case; needs a transaction of the platform."""
    return _one(connection, _accounts().where(func.lower(_U.email) == func.lower(email)))


def find_user(connection: Connection, user_id: UUID, *, lock: bool = False) -> User | None:
    """Return the account, or None when it is gone or out of sight; with `lock` nobody changes it meanwhile."""
    wanted = _accounts().where(_U.user_id == user_id)
    return _one(connection, wanted.with_for_update(of=users) if lock else wanted)


def page_of_users(
    connection: Connection, tenant_id: UUID | None, piece: Piece, *, q: str | None = None, role: Role | None = None
) -> Slice[User]:
    """Return one page of a tenant's accounts; for the platform (None) its own and the owners of all tenants."""
    wanted = _accounts().where(_run_by(tenant_id), mentions(q, _U.email) if q else true())
    return read_slice(connection, wanted if role is None else wanted.where(_U.role == role), _SORTING, piece, _user_of)


def find_managed_user(connection: Connection, tenant_id: UUID | None, user_id: UUID) -> User | None:
    """Return, locked, one of the accounts that `page_of_users` lists; None when it is none of them."""
    wanted = _accounts().where(_run_by(tenant_id), _U.user_id == user_id).with_for_update(of=users)
    return _one(connection, wanted)


def others_of_role(connection: Connection, user: User) -> int:
    """Return how many other accounts of the same tenant have this role and a way in; locks all of them."""
    same = (_U.tenant_id.is_(None) if user.tenant_id is None else _U.tenant_id == user.tenant_id, _U.role == user.role)
    found = connection.scalars(select(_U.user_id).where(*same).order_by(_U.user_id).with_for_update())
    return len(set(found) - {user.user_id})


def set_password_hash(
    connection: Connection, user_id: UUID, password_hash: str, *, temporary_since: datetime | None = None
) -> None:
    """Replace the password's hash; with `temporary_since` (UTC) its owner must choose another."""
    values = {"password_hash": password_hash, "password_temporary_since": temporary_since}
    connection.execute(update(users).where(_U.user_id == user_id).values(**values))


def change_user(connection: Connection, user: User, role: Role, site_ids: Collection[UUID] | None) -> None:
    """Give an account this role, and a manager these sites of the tenant and no others."""
    connection.execute(update(users).where(_U.user_id == user.user_id).values(role=role))
    connection.execute(delete(user_sites).where(user_sites.c.user_id == user.user_id))
    if user.tenant_id:
        _add_sites(connection, user.tenant_id, user.user_id, site_ids or ())


def remove_user(connection: Connection, user_id: UUID) -> None:
    """Remove an account with its sessions, second factor and links; what it did stays in the audit log."""
    connection.execute(delete(users).where(_U.user_id == user_id))


def temporary_passwords_since(connection: Connection) -> datetime | None:
    """Return since when (UTC) the platform has had an account whose printed password is unchanged, None for none."""
    oldest: datetime | None = connection.scalar(
        select(func.min(_U.password_temporary_since)).where(_U.tenant_id.is_(None))
    )
    return oldest


def an_operator(connection: Connection) -> User | None:
    """Return the platform's oldest operator, None when it has none."""
    return _one(connection, _accounts().where(_U.role == "operator").order_by(_U.user_id).limit(1))


def _accounts() -> Select[Any]:
    return select(users, _SITES.label("site_ids"), _HAS_SECOND_FACTOR.label("second_factor"))


def _run_by(tenant_id: UUID | None) -> ColumnElement[bool]:
    return or_(_U.tenant_id.is_(None), _U.role == "owner") if tenant_id is None else _U.tenant_id == tenant_id


def _add_sites(connection: Connection, tenant_id: UUID, user_id: UUID, site_ids: Collection[UUID]) -> None:
    for site_id in site_ids:
        connection.execute(insert(user_sites).values(tenant_id=tenant_id, user_id=user_id, site_id=site_id))


def _one(connection: Connection, wanted: Select[Any]) -> User | None:
    row = connection.execute(wanted).mappings().one_or_none()
    return _user_of(row) if row else None


def _user_of(row: RowMapping) -> User:
    site_ids = frozenset(row["site_ids"] or ()) if row["role"] == "manager" else None
    return record_of(User, row, site_ids=site_ids)
