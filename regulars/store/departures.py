"""Chains that leave: when, and how all of their rows go, whatever tables there are."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, text, update

from regulars.store.rights_tables import departures
from regulars.store.tables import customers, face_templates

_D, _T = departures.c, face_templates.c
STAYS = frozenset({"departures", "audit_log"})
"""The ledger of those who left; and what only a function of its own may remove."""

# Every table with the column; of a partitioned one the whole, not its parts.
_TABLES = text("""
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname = :column and not a.attisdropped
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by c.relname
""")
_REFERENCES = text("""
select distinct child.relname, parent.relname from pg_constraint f
join pg_class child on child.oid = f.conrelid join pg_class parent on parent.oid = f.confrelid
where f.contype = 'f' and f.conrelid <> f.confrelid
""")


@dataclass(frozen=True, slots=True)
class Departure:
    """A chain that leaves, asked for at `asked_at`, from `due_at` on (UTC). `receipt`: what was removed, in numbers."""

    tenant_id: UUID
    asked_by: str
    asked_at: datetime
    due_at: datetime
    state: Literal["waiting", "in_progress", "done"]
    receipt: dict[str, Any]
    finished_at: datetime | None = None


def add_departure(connection: Connection, departure: Departure) -> None:
    """Note that a chain leaves."""
    connection.execute(insert(departures).values(**asdict(departure)))


def find_departure(connection: Connection, tenant_id: UUID) -> Departure | None:
    """Return the chain's departure, or None when it stays."""
    row = connection.execute(select(departures).where(_D.tenant_id == tenant_id)).mappings().one_or_none()
    return Departure(**row) if row else None


def remove_departure(connection: Connection, tenant_id: UUID) -> bool:
    """Let the chain stay, unless it has begun to leave; return whether it was waiting to."""
    gone = delete(departures).where(_D.tenant_id == tenant_id, _D.state == "waiting")
    return connection.execute(gone).rowcount > 0


def departures_due(connection: Connection, now: datetime) -> list[Departure]:
    """Return the chains whose time has come, those that had begun, and those that left and were restored."""
    back = text("exists (select from tenants t where t.tenant_id = departures.tenant_id)")
    due = select(departures).where(_D.due_at <= now).where((_D.state != "done") | back)
    return [Departure(**row) for row in connection.execute(due.order_by(_D.due_at)).mappings()]


def rewrite_departure(connection: Connection, departure: Departure) -> None:
    """Replace how far it is."""
    values = {name: getattr(departure, name) for name in ("state", "receipt", "finished_at")}
    connection.execute(update(departures).where(_D.tenant_id == departure.tenant_id).values(**values))


def tables_in_order(connection: Connection, column: Literal["tenant_id", "scope_id"]) -> list[str]:
    """Return every table with this column, those that refer to others before them."""
    names = [str(name) for name in connection.scalars(_TABLES, {"column": column}) if name not in STAYS]
    order: TopologicalSorter[str] = TopologicalSorter({name: set[str]() for name in names})
    for child, parent in connection.execute(_REFERENCES):
        if child in names and parent in names:
            order.add(parent, child)
    return list(order.static_order())


def remove_rows(connection: Connection, table: str, column: Literal["tenant_id", "scope_id"], owner_id: UUID) -> int:
    """Remove all rows of this owner from a table that `tables_in_order` named; however long it takes."""
    connection.execute(text("set local statement_timeout = 0"))
    statement = text(f'delete from "{table}" where {column} = :owner_id')  # noqa: S608 - names of our own tables
    return connection.execute(statement, {"owner_id": owner_id}).rowcount


def count_rows(connection: Connection, table: str, column: Literal["tenant_id", "scope_id"], owner_id: UUID) -> int:
    """Return how many rows of this owner a table has."""
    statement = text(f'select count(*) from "{table}" where {column} = :owner_id')  # noqa: S608 - as above
    return connection.scalar(statement, {"owner_id": owner_id}) or 0


def remove_audit(connection: Connection, tenant_id: UUID) -> int:
    """Remove the audit log of a chain that is leaving; of any other nothing."""
    return connection.scalar(select(func.audit_log_forget(tenant_id))) or 0


def looks_brought(connection: Connection, scope_ids: Collection[UUID], tenant_id: UUID) -> dict[str, list[UUID]]:
    """Return the ids of all templates in these galleries that the chain brought, by pack."""
    by_pack: dict[str, list[UUID]] = {}
    wanted = select(_T.pack, _T.template_id).where(_T.scope_id.in_(list(scope_ids)), _T.tenant_id == tenant_id)
    for pack, template_id in connection.execute(wanted):
        by_pack.setdefault(pack, []).append(template_id)
    return by_pack


def keep_ledger(connection: Connection, tenant_id: UUID, scope_id: UUID) -> None:
    """Let the erasures of a shared gallery stay in force without the chain that asked for them."""
    if scope_id != tenant_id:
        statement = (
            "update erasures set tenant_id = null where tenant_id = :tenant_id and scope_id = :scope_id and whole"
        )
        connection.execute(text(statement), {"tenant_id": tenant_id, "scope_id": scope_id})


def left_without_chain(connection: Connection, scope_id: UUID, customer_ids: Collection[UUID]) -> list[UUID]:
    """Return those of these customers, and all who were merged into them, who are still in the gallery."""
    c = customers.c
    below = (
        select(c.customer_id).where(c.scope_id == scope_id, c.customer_id.in_(list(customer_ids))).cte(recursive=True)
    )
    merged = select(c.customer_id).where(c.scope_id == scope_id, c.merged_into == below.c.customer_id)
    return list(connection.scalars(select(below.union(merged).c.customer_id)))
