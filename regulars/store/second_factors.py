"""Second factors: a sealed TOTP secret per account, the last step a code was taken of, and codes for a lost phone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from regulars.store.account_tables import recovery_codes, second_factors

_F = second_factors.c
_R = recovery_codes.c


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """An account's TOTP secret, sealed; `confirmed_at` None: shown, but no code of it has come yet."""

    user_id: UUID
    secret_sealed: bytes
    confirmed_at: datetime | None


def put_unconfirmed(connection: Connection, user_id: UUID, tenant_id: UUID | None, secret_sealed: bytes) -> bool:
    """Store a secret that waits for its first code, instead of an earlier one; False when there is one confirmed."""
    values = {"secret_sealed": secret_sealed, "last_step": 0}
    statement = upsert(second_factors).values(user_id=user_id, tenant_id=tenant_id, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["user_id"], set_=values, where=_F.confirmed_at.is_(None)
    ).returning(_F.user_id)
    return connection.execute(statement).one_or_none() is not None


def find_second_factor(connection: Connection, user_id: UUID) -> SecondFactor | None:
    """Return the account's second factor, confirmed or not."""
    wanted = select(_F.user_id, _F.secret_sealed, _F.confirmed_at).where(_F.user_id == user_id)
    row = connection.execute(wanted).one_or_none()
    return SecondFactor(*row) if row else None


def use_step(connection: Connection, user_id: UUID, step: int, now: datetime) -> bool:
    """Take a code of this 30 s step, once; return False when one of this or a later step was taken. Confirms."""
    taken = (
        update(second_factors)
        .where(_F.user_id == user_id, _F.last_step < step)
        .values(last_step=step, confirmed_at=func.coalesce(_F.confirmed_at, now))
    )
    return connection.execute(taken).rowcount > 0


def replace_recovery_codes(
    connection: Connection, user_id: UUID, tenant_id: UUID | None, hashes: Collection[str]
) -> None:
    """Let these codes, and none before, open the account once each."""
    connection.execute(delete(recovery_codes).where(_R.user_id == user_id))
    rows = [{"user_id": user_id, "tenant_id": tenant_id, "code_hash": one} for one in hashes]
    connection.execute(insert(recovery_codes), rows)


def use_recovery_code(connection: Connection, user_id: UUID, code_hash: str) -> bool:
    """Use up a recovery code; return False when it is none of the account's."""
    used = delete(recovery_codes).where(_R.user_id == user_id, _R.code_hash == code_hash)
    return connection.execute(used).rowcount > 0


def remove_second_factor(connection: Connection, user_id: UUID) -> None:
    """Remove the second factor with its recovery codes."""
    connection.execute(delete(second_factors).where(_F.user_id == user_id))
