"""The transaction of every route that puts people right: the one place where the gateway acts in a gallery."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from uuid import UUID

from functions.gateway.auth.caller import Caller
from functions.gateway.parts import Parts
from regulars.errors import NotAllowed, NotFound
from regulars.steps.change_hands import By
from regulars.store.corrections import find_correction
from regulars.store.merge_proposals import find_proposal
from regulars.store.people import first_visit_at
from regulars.store.session import Connection, act_for
from regulars.store.staff import find_member
from regulars.store.tenants import find_tenant
from regulars.store.visit_list import one_visit
from regulars.tenancy import Tenancy


@contextmanager
def putting_right(
    parts: Parts,
    caller: Caller,
    *,
    visits: Sequence[UUID] = (),
    customers: Sequence[UUID] = (),
    proposals: Sequence[UUID] = (),
    corrections: Sequence[UUID] = (),
    staff: Sequence[UUID] = (),
) -> Generator[tuple[Connection, By]]:
    """Open the request's transaction in the caller's gallery, and say who acts; it commits at the end.

    What is named must be in the caller's sight, else NotFound: a manager knows the people of some sites only, while
    putting somebody right reaches all of a person's visits.

    The vector index follows later, by recognize: until then nobody is matched with what was withdrawn, and what is new
    is compared one by one.
    """
    with parts.transaction(caller.tenancy) as connection:
        tenant = find_tenant(connection, caller.tenant_id)
        if tenant is None:
            raise NotAllowed("This account's tenant is no more.")
        for kind, find, named in (
            ("visit", one_visit, visits),
            ("customer", first_visit_at, customers),
            ("open proposal", find_proposal, proposals),
            ("staff member", find_member, staff),
        ):
            if any(find(connection, caller.tenant_id, one) is None for one in named):
                raise NotFound(f"There is no such {kind}.")
        if any(find_correction(connection, one) is None for one in corrections):
            raise NotFound("There is no such correction.")
        tenancy = Tenancy(tenant.tenant_id, tenant.scope_id)
        act_for(connection, tenancy)
        yield connection, By(tenancy, caller.actor, parts.clock())
