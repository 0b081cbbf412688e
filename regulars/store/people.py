"""Customers: the people that templates of visitors stand for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.gender import Gender
from regulars.store.tables import customers, tenant_customers


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody recognized; what people have entered of them, `gender` "unknown" when nobody has set it.

    `merged_into` says who it turned out to be: then no visit and no template is theirs any more.
    """

    scope_id: UUID
    customer_id: UUID
    name: str | None
    gender: Gender
    birth_year: int | None
    phone: str | None
    created_at: datetime
    merged_into: UUID | None


def find_customer(connection: Connection, customer_id: UUID, *, lock: bool = False) -> Customer | None:
    """Return the customer, or None when there is none in the transaction's sight.

    With `lock` nobody else can change them before the transaction ends.
    """
    wanted = select(customers).where(customers.c.customer_id == customer_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).mappings().one_or_none()
    return Customer(**row) if row else None


def gender_set(connection: Connection, customer_id: UUID) -> Gender:
    """Return the gender that a human has set in the customer's profile, "unknown" when nobody has."""
    found: Gender | None = connection.scalar(select(customers.c.gender).where(customers.c.customer_id == customer_id))
    return found or "unknown"


def change_customer(connection: Connection, scope_id: UUID, customer_id: UUID, **values: object) -> None:
    """Set these columns of a customer."""
    own = (customers.c.scope_id == scope_id, customers.c.customer_id == customer_id)
    connection.execute(update(customers).where(*own).values(**values))


def note_of(connection: Connection, tenant_id: UUID, customer_id: UUID) -> str | None:
    """Return what this chain alone has noted of the customer."""
    found: str | None = connection.scalar(select(tenant_customers.c.note).where(*_known(tenant_id, customer_id)))
    return found


def put_note(connection: Connection, tenant_id: UUID, customer_id: UUID, note: str | None) -> None:
    """Replace what this chain alone has noted of the customer."""
    connection.execute(update(tenant_customers).where(*_known(tenant_id, customer_id)).values(note=note))


def forget_first_visit(connection: Connection, tenant_id: UUID, customer_id: UUID) -> None:
    """Note that the customer has no visit to this chain any more, so that it does not see them, nor its own note."""
    connection.execute(delete(tenant_customers).where(*_known(tenant_id, customer_id)))


def add_customer(connection: Connection, scope_id: UUID, customer_id: UUID, created_at: datetime) -> None:
    """Add a customer of whom nothing but a face is known."""
    values = {"scope_id": scope_id, "customer_id": customer_id, "gender": "unknown", "created_at": created_at}
    connection.execute(insert(customers).values(**values))


def first_visit_at(connection: Connection, tenant_id: UUID, customer_id: UUID) -> datetime | None:
    """Return when the customer's first visit to this chain began (UTC), or None when there was none."""
    found: datetime | None = connection.scalar(
        select(tenant_customers.c.first_visit_at).where(
            tenant_customers.c.tenant_id == tenant_id, tenant_customers.c.customer_id == customer_id
        )
    )
    return found


def customers_known(connection: Connection, tenant_id: UUID, among: Collection[UUID] | None = None) -> set[UUID]:
    """Return the customers who have visited this chain, of these or of all."""
    known = tenant_customers.c
    wanted = select(known.customer_id).where(known.tenant_id == tenant_id)
    return set(connection.scalars(wanted if among is None else wanted.where(known.customer_id.in_(list(among)))))


def put_first_visit(
    connection: Connection, tenant_id: UUID, scope_id: UUID, customer_id: UUID, began_at: datetime
) -> None:
    """Note that the customer's first visit to this chain began at `began_at` (UTC)."""
    statement = insert(tenant_customers).values(
        tenant_id=tenant_id, customer_id=customer_id, scope_id=scope_id, first_visit_at=began_at
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "customer_id"], set_={"first_visit_at": began_at})
    )


def _known(tenant_id: UUID, customer_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return tenant_customers.c.tenant_id == tenant_id, tenant_customers.c.customer_id == customer_id
