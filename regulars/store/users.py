"""People who log in: found by e-mail before anyone knows which tenant they belong to."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.store.tables import users

Role = Literal["operator", "owner", "manager", "analyst"]
_U = users.c


@dataclass(frozen=True, slots=True)
class User:
    """An account. `tenant_id` None is the platform's; `password_hash` is argon2id in its own text form."""

    user_id: UUID
    tenant_id: UUID | None
    email: str
    password_hash: str
    role: Role
    created_at: datetime


def add_user(connection: Connection, user: User) -> bool:
    """Add an account; return False and change nothing when the e-mail (whatever its case) has one already."""
    statement = insert(users).values(**asdict(user)).on_conflict_do_nothing().returning(_U.user_id)
    return connection.execute(statement).one_or_none() is not None


def find_user_by_email(connection: Connection, email: str) -> User | None:
    """Return the account of this e-mail, whatever its case; needs a transaction of the platform."""
    row = connection.execute(select(users).where(func.lower(_U.email) == email.lower())).mappings().one_or_none()
    return User(**row) if row else None


def find_user(connection: Connection, user_id: UUID) -> User | None:
    """Return the account, or None when it is gone or out of the transaction's sight."""
    row = connection.execute(select(users).where(_U.user_id == user_id)).mappings().one_or_none()
    return User(**row) if row else None


def set_password_hash(connection: Connection, user_id: UUID, password_hash: str) -> None:
    """Replace the password's hash."""
    connection.execute(update(users).where(_U.user_id == user_id).values(password_hash=password_hash))
