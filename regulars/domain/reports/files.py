"""Where rollups lie in the object store: single visits and small sums apart from what analysts are told.

A table that hides nothing has a file for each month that is over and one for each day of a month that is not: so a
night writes one day.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal, get_args
from uuid import UUID

WholeTable = Literal["visits", "hours"]
ToldTable = Literal["months", "days", "hours"]
TOLD_TABLES: tuple[ToldTable, ...] = get_args(ToldTable)


def whole_prefix(tenant_id: UUID, table: WholeTable) -> str:
    """Return under which prefix the months of a table lie that hides nothing."""
    return f"rollups/{tenant_id}/{table}/"


def month_prefix(tenant_id: UUID, table: WholeTable, month: date) -> str:
    """Return under which prefix one month of it lies, or the days of it."""
    return f"{whole_prefix(tenant_id, table)}month={month:%Y-%m}/"


def whole_key(tenant_id: UUID, table: WholeTable, month: date) -> str:
    """Return where one month of it lies when it is over."""
    return f"{month_prefix(tenant_id, table, month)}{table}.parquet"


def day_key(tenant_id: UUID, table: WholeTable, day: date) -> str:
    """Return where one day of it lies until its month is over."""
    return f"{month_prefix(tenant_id, table, day)}day={day:%d}.parquet"


def each_once(keys: Iterable[str]) -> list[str]:
    """Return of one table's keys those that hold every visit once, in order: of a month or of its days, never both.

    While the one takes the place of the other both are there.
    """
    ordered = sorted(keys)
    months = {month_in(key) for key in ordered if not _is_day(key)}
    return [key for key in ordered if not _is_day(key) or month_in(key) not in months]


def _is_day(key: str) -> bool:
    return key.rpartition("/")[2].startswith("day=")


def told_root(tenant_id: UUID) -> str:
    """Return under which prefix everything lies that analysts are or were told."""
    return f"rollups/{tenant_id}/told/"


def told_prefix(tenant_id: UUID, k: int) -> str:
    """Return under which prefix the tables lie in which nothing tells of fewer than k people."""
    return f"{told_root(tenant_id)}least={k}/"


def told_key(tenant_id: UUID, k: int, table: ToldTable, month: date) -> str:
    """Return where one month of such a table lies."""
    return f"{told_prefix(tenant_id, k)}{table}/month={month:%Y-%m}/{table}.parquet"


def month_in(key: str) -> date:
    """Return the first day of the month of a key."""
    return date.fromisoformat(key.partition("month=")[2][:7] + "-01")
