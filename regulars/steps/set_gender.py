"""A human says what a customer's gender is: it wins over every vote, in visits that were and that will be."""

from uuid import UUID

from regulars.domain.gender import Gender
from regulars.errors import NotFound
from regulars.steps.change_hands import By, tenants_of_scope, who_knows
from regulars.steps.derive_visits import derive_visits
from regulars.store.audit import AuditEntry, record
from regulars.store.people import change_customer, first_visit_at
from regulars.store.session import Connection, act_for
from regulars.store.templates import lock_gallery
from regulars.tenancy import Tenancy


def set_gender(connection: Connection, customer_id: UUID, gender: Gender, *, by: By) -> None:
    """Set the profile's gender, "unknown" to let the pictures speak again; every chain that knows the customer follows.

    Takes the gallery's lock. Raises NotFound when the tenant does not know the customer.
    """
    lock_gallery(connection, by.scope_id)
    tenant_id = by.tenancy.tenant_id
    if tenant_id is None or first_visit_at(connection, tenant_id, customer_id) is None:
        raise NotFound("There is no such customer.")
    change_customer(connection, by.scope_id, customer_id, gender=gender)
    entry = AuditEntry(tenant_id, by.actor, "customer.gender_set", "customer", str(customer_id), {}, by.now)
    record(connection, entry)
    for chain in who_knows(connection, by, [customer_id], tenants_of_scope(connection, by)):
        tenancy = Tenancy(chain, by.scope_id)
        act_for(connection, tenancy)
        derive_visits(connection, tenancy, [customer_id], [], "gender_set", by.now)
    act_for(connection, by.tenancy)
