"""'Undo this addition': a look that a customer learned by itself was somebody else's."""

from uuid import UUID

from regulars.errors import InputRefused, NotFound
from regulars.steps.change_hands import By, Draft
from regulars.store.corrections import Correction
from regulars.store.people import first_visit_at
from regulars.store.session import Connection
from regulars.store.template_changes import find_addition, templates_of_customers
from regulars.store.templates import lock_gallery


def undo_addition(connection: Connection, known_by: UUID, *, by: By, customer_id: UUID | None = None) -> Correction:
    """Take a template that the tenant's own track brought, known by its id or its track's, out of the gallery.

    `customer_id` says whose it must be. The visit stays as it is. Takes the gallery's lock. Raises NotFound, and
    InputRefused `last_look` for all that is known of the customer's face: then the visit is what is wrong.
    """
    lock_gallery(connection, by.scope_id)
    template = find_addition(connection, by.scope_id, known_by)
    tenant_id = by.tenancy.tenant_id
    if (
        template is None
        or tenant_id is None
        or template.tenant_id != tenant_id
        or customer_id not in (None, template.subject_id)
        or first_visit_at(connection, tenant_id, template.subject_id) is None
    ):
        raise NotFound("There is no such look.")
    others = templates_of_customers(connection, by.scope_id, [template.subject_id])
    if not [one for one in others if one.pack == template.pack and one.template_id != template.template_id]:
        raise InputRefused(
            "last_look", "This is all that is known of this face; nothing was changed. Correct the visit instead."
        )
    draft = Draft(by, "addition_undone", [template.subject_id])
    draft.withdraw(connection, [template.template_id])
    return draft.finish(connection, ("customer", template.subject_id), [tenant_id])
