"""'Not this person', 'this is staff': a visit was given to the wrong one, says somebody who was there."""

from uuid import UUID

from regulars.errors import InputRefused, NotFound
from regulars.steps.change_hands import By, Draft
from regulars.steps.split_person import may_become_somebody, part
from regulars.store.corrections import Correction
from regulars.store.reassigning import put_into_visit, sightings_of_customers, sightings_of_visits
from regulars.store.session import Connection
from regulars.store.staff import is_staff
from regulars.store.template_changes import templates_of_customers
from regulars.store.templates import lock_gallery


def not_this_person(connection: Connection, visit_id: UUID, *, by: By) -> Correction:
    """Take the tenant's visit, with the templates it brought, from its customer.

    It becomes a new customer's when a look of it is good enough to know that person again: then the two are remembered
    as two, and the next visit finds the new one. Otherwise nobody can tell, and it is undetermined. Takes the gallery's
    lock. Raises NotFound, and InputRefused `nobody_named` for a visit that is nobody's.
    """
    tenant_id = by.tenancy.tenant_id
    lock_gallery(connection, by.scope_id)
    moved = sightings_of_visits(connection, tenant_id, [visit_id]) if tenant_id else []
    if tenant_id is None or not moved:
        raise NotFound("There is no such visit.")
    customer_id = moved[0].customer_id
    if customer_id is None:
        raise InputRefused("nobody_named", "Nobody was recognized on this visit; there is nothing to take back.")
    brought = {one.track_id for one in moved}
    held = templates_of_customers(connection, by.scope_id, [customer_id])
    own = [one for one in held if one.track_id in brought]
    seen = sightings_of_customers(connection, tenant_id, [customer_id])
    all_of_them = len(own) == len(held) and len(seen) == len(moved)
    if not all_of_them and (own or may_become_somebody(moved, by)):
        return part(connection, customer_id, seen, [visit_id], kind="not_this_person", by=by)
    draft = Draft(by, "not_this_person", [customer_id])
    draft.withdraw(connection, [one.template_id for one in own])
    draft.move_sightings(connection, tenant_id, moved, None, "undetermined", "not_this_person")
    return draft.finish(connection, ("visit", visit_id), [tenant_id])


def this_is_staff(connection: Connection, visit_id: UUID, staff_id: UUID, *, by: By) -> Correction:
    """Say that the tenant's visit was a staff member at work: it stops counting as one, and is no customer's.

    The looks it brought are withdrawn, so that the staff member is not matched with them as a customer again; to be
    known as staff they need photographs. Undoing brings the visit back under its id. Takes the gallery's lock. Raises
    NotFound.
    """
    tenant_id = by.tenancy.tenant_id
    lock_gallery(connection, by.scope_id)
    moved = sightings_of_visits(connection, tenant_id, [visit_id]) if tenant_id else []
    if tenant_id is None or not moved:
        raise NotFound("There is no such visit.")
    if not is_staff(connection, tenant_id, staff_id):
        raise NotFound("There is no such staff member.")
    customers = [moved[0].customer_id] if moved[0].customer_id else []
    brought = {one.track_id for one in moved}
    held = templates_of_customers(connection, by.scope_id, customers)
    draft = Draft(by, "was_staff", customers)
    draft.before["visit"] = str(visit_id)
    draft.withdraw(connection, [one.template_id for one in held if one.track_id in brought])
    draft.move_sightings(connection, tenant_id, moved, None, "staff", "was_staff", staff_id=staff_id)
    put_into_visit(connection, tenant_id, brought, None)
    return draft.finish(connection, ("visit", visit_id), [tenant_id])
