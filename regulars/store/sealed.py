"""Every sealed value that PostgreSQL holds, whatever it is of: read and replaced when a key is rotated.

A column holds sealed values when its name ends with `_sealed`; a test holds that to the migrated database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, and_, select, tuple_, update

from regulars.store.account_tables import second_factors
from regulars.store.data_key_tables import face_template_keys, person_keys
from regulars.store.idempotency_tables import idempotency_keys
from regulars.store.tables import cameras
from regulars.store.watching_tables import camera_trials
from regulars.store.webhook_tables import webhooks

_TABLES = (cameras, webhooks, second_factors, camera_trials, idempotency_keys)
SealedColumn = Column[Any]
SEALED: tuple[SealedColumn, ...] = tuple(
    column for table in _TABLES for column in table.columns if column.name.endswith("_sealed")
)
WRAPPED: tuple[SealedColumn, ...] = (face_template_keys.c.data_key_wrapped, person_keys.c.data_key_wrapped)
"""Data keys, wrapped by the same deployment keys in their own way (`regulars.store.data_keys`)."""


@dataclass(frozen=True, slots=True)
class SealedValue:
    """One value as it is stored, and the key of its row."""

    key: tuple[Any, ...]
    sealed: bytes


def sealed_values(
    connection: Connection, column: SealedColumn, after: Sequence[Any] | None, limit: int
) -> list[SealedValue]:
    """Return at most `limit` values of a column by their rows' keys, behind the key `after`; for the platform."""
    keys = list(column.table.primary_key)
    wanted = select(*keys, column).where(column.is_not(None)).order_by(*keys).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple_(*after))
    return [SealedValue(tuple(row[:-1]), row[-1]) for row in connection.execute(wanted)]


def replace_sealed(connection: Connection, column: SealedColumn, value: SealedValue, sealed: bytes) -> bool:
    """Store another sealing of the same secret; return False when the value was changed or removed meanwhile."""
    keys = zip(column.table.primary_key, value.key, strict=True)
    same = and_(*(key == known for key, known in keys), column == value.sealed)
    return connection.execute(update(column.table).where(same).values({column.name: sealed})).rowcount > 0
