"""A human says who a customer is: the profile that the chains of a gallery share, and the chain's own note."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from regulars.errors import NotFound
from regulars.steps.change_hands import By
from regulars.steps.set_gender import set_gender
from regulars.store.audit import AuditEntry, record
from regulars.store.people import Customer, change_customer, find_customer, first_visit_at, note_of, put_note
from regulars.store.session import Connection
from regulars.store.templates import lock_gallery

SHARED = ("name", "birth_year", "phone")
OWN = "note"


def hold_profile(
    connection: Connection, customer_id: UUID, *, by: By, gender_too: bool = False
) -> tuple[Customer, str | None]:
    """Return the customer and the chain's own note; nobody else can change the profile before the transaction ends.

    `gender_too` takes the gallery's lock first, as setting the gender does. Raises NotFound.
    """
    if gender_too:
        lock_gallery(connection, by.scope_id)
    tenant_id = by.tenancy.tenant_id
    customer = find_customer(connection, customer_id, lock=True)
    if tenant_id is None or customer is None or first_visit_at(connection, tenant_id, customer_id) is None:
        raise NotFound("There is no such customer.")
    return customer, note_of(connection, tenant_id, customer_id)


def change_profile(connection: Connection, customer_id: UUID, changes: Mapping[str, Any], *, by: By) -> None:
    """Set what `changes` names: name, birth_year, phone, note (None: nothing is known any more), gender.

    The audit log notes the names of the fields, not what was written. Raises NotFound.
    """
    hold_profile(connection, customer_id, by=by, gender_too="gender" in changes)
    tenant_id = by.tenancy.tenant_id
    assert tenant_id is not None  # noqa: S101 - or nobody would have been found
    if shared := {name: changes[name] for name in SHARED if name in changes}:
        change_customer(connection, by.scope_id, customer_id, **shared)
    if OWN in changes:
        put_note(connection, tenant_id, customer_id, changes[OWN])
    if "gender" in changes:
        set_gender(connection, customer_id, changes["gender"], by=by)
    if fields := sorted(set(changes) - {"gender"}):
        detail = {"fields": fields}
        record(
            connection,
            AuditEntry(tenant_id, by.actor, "customer.changed", "customer", str(customer_id), detail, by.now),
        )
