"""Holds a chain, and the platform for its own accounts and keys, to how many of each kind there may be."""

from sqlalchemy import ColumnElement, Connection, Table, func, select, text, true

from regulars.domain.bounds import MOST_OF_A_CHAIN, Kept
from regulars.errors import LimitReached
from regulars.store.account_tables import api_keys, users
from regulars.store.saved_report_tables import saved_reports
from regulars.store.session import act_for
from regulars.store.tables import cameras, sites, staff
from regulars.store.webhook_tables import webhooks
from regulars.tenancy import Tenancy

_ROWS: dict[Kept, tuple[Table, ColumnElement[bool]]] = {
    "sites": (sites, true()),
    "cameras": (cameras, true()),
    "staff": (staff, true()),
    "accounts": (users, true()),
    "keys": (api_keys, api_keys.c.revoked_at.is_(None)),
    "webhooks": (webhooks, true()),
    "saved_reports": (saved_reports, true()),
}
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:name, 7353))")
_ADDED_AT_ONCE = 100
"""No more are ever added to one chain at the same moment: who is farther from the bound waits for nobody."""


def refuse_one_too_many(connection: Connection, kind: Kept, of: Tenancy, seen_by: Tenancy) -> None:
    """Return when the chain may add one more; near the bound whoever else adds one waits until this transaction ends.

    Counted is what all of the chain has, whatever `seen_by`, the transaction's own tenancy, may see of it: a manager
    sees some sites only, the platform accounts only. Raises LimitReached.
    """
    most = MOST_OF_A_CHAIN[kind]
    act_for(connection, Tenancy(of.tenant_id))
    there = _there(connection, kind, of, most)
    if there + _ADDED_AT_ONCE >= most:
        connection.execute(_LOCK, {"name": f"{kind} {of.tenant_id}"})
        there = _there(connection, kind, of, most)
    act_for(connection, seen_by)
    if there >= most:
        raise LimitReached(
            f"There are {most} {kind.replace('_', ' ')} already, the most that a chain may have. Nothing was added, and"
            " what is there stays. Remove some that nobody needs any more, then try again."
        )


def _there(connection: Connection, kind: Kept, of: Tenancy, most: int) -> int:
    table, counts = _ROWS[kind]
    some = select(true()).select_from(table).where(table.c.tenant_id == of.tenant_id, counts).limit(most)
    return connection.scalar(select(func.count()).select_from(some.subquery())) or 0
