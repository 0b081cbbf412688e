"""Accounts of every role at a running demo, for as long as somebody looks around."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from compose.simulation.main import owner_url
from functions.gateway.auth.passwords import Passwords
from regulars.errors import NotFound
from regulars.ids import new_id
from regulars.settings import Settings
from regulars.store.session import Connection, connect, transaction
from regulars.store.tenants import Tenant, list_sites, list_tenants
from regulars.store.users import Role, User, add_user, remove_user
from regulars.tenancy import PLATFORM, Tenancy

ROLES: tuple[Role, ...] = ("owner", "manager", "analyst", "operator")


@contextmanager
def accounts(settings: Settings, chain: str | None) -> Generator[dict[Role, tuple[str, str]]]:
    """Yield e-mail and password of each role in the chain of that name, the oldest for None; then remove them."""
    engine, password = connect(owner_url(settings), pool_size=1), secrets.token_urlsafe(12)
    hashed, now = Passwords().hash(password), datetime.now(UTC)
    made = dict[Role, User]()
    with transaction(engine, PLATFORM) as connection:
        tenant = _tenant(connection, chain)
    with transaction(engine, Tenancy(tenant.tenant_id)) as connection:
        sites = frozenset(site.site_id for site in list_sites(connection, tenant.tenant_id))
    for role in ROLES:
        place: UUID | None = None if role == "operator" else tenant.tenant_id
        email = f"looks-around-{role}-{secrets.token_hex(3)}@example.com"
        made[role] = User(new_id(), place, email, hashed, role, now, sites if role == "manager" else None)
    with transaction(engine, PLATFORM) as connection:
        for user in made.values():
            add_user(connection, user)
    try:
        yield {role: (user.email, password) for role, user in made.items()}
    finally:
        with transaction(engine, PLATFORM) as connection:
            for user in made.values():
                remove_user(connection, user.user_id)
        engine.dispose()


def _tenant(connection: Connection, name: str | None) -> Tenant:
    found = [tenant for tenant in list_tenants(connection) if name in (None, tenant.name)]
    if not found:
        raise NotFound(f"There is no chain {name!r}.")
    return found[0]
