"""Where rollups lie in the object store: single visits and small sums apart from what analysts are told."""

from datetime import date
from typing import Literal, get_args
from uuid import UUID

WholeTable = Literal["visits", "hours"]
ToldTable = Literal["months", "days", "hours"]
TOLD_TABLES: tuple[ToldTable, ...] = get_args(ToldTable)


def whole_prefix(tenant_id: UUID, table: WholeTable) -> str:
    """Return under which prefix the months of a table lie that hides nothing."""
    return f"rollups/{tenant_id}/{table}/"


def whole_key(tenant_id: UUID, table: WholeTable, month: date) -> str:
    """Return where one month of it lies."""
    return f"{whole_prefix(tenant_id, table)}month={month:%Y-%m}/{table}.parquet"


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
