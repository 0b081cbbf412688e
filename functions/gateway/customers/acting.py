"""The transaction of every route that puts people right: the one place where the gateway acts in a gallery."""

from collections.abc import Generator
from contextlib import contextmanager

from functions.gateway.auth.caller import Caller
from functions.gateway.parts import Parts
from regulars.errors import NotAllowed
from regulars.steps.change_hands import By
from regulars.store.session import Connection, act_for
from regulars.store.tenants import find_tenant
from regulars.tenancy import Tenancy


@contextmanager
def putting_right(parts: Parts, caller: Caller) -> Generator[tuple[Connection, By]]:
    """Open the request's transaction in the caller's gallery, and say who acts; it commits at the end.

    The vector index follows later, by recognize: until then nobody is matched with what was withdrawn, and what is new
    is compared one by one.
    """
    with parts.transaction(Tenancy(caller.tenant_id)) as connection:
        tenant = find_tenant(connection, caller.tenant_id)
        if tenant is None:
            raise NotAllowed("This account's tenant is no more.")
        tenancy = Tenancy(tenant.tenant_id, tenant.scope_id)
        act_for(connection, tenancy)
        yield connection, By(tenancy, caller.actor, parts.clock())
