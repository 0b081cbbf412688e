"""What a new onebox needs in PostgreSQL before anyone can use it: a role, a worker's key, a chain with its owner."""

from dataclasses import dataclass
from datetime import UTC, datetime

from compose.onebox.place import Place
from functions.gateway.auth.passwords import Passwords
from regulars.ids import new_id
from regulars.steps.set_up import open_tenant
from regulars.store.api_keys import add_api_key, find_api_key
from regulars.store.data_keys import DataKeys
from regulars.store.migrate import migrate
from regulars.store.session import Engine, as_role, connect, transaction
from regulars.store.tenants import Site, Tenant
from regulars.store.users import User, add_user, find_user_by_email, set_password_hash
from regulars.tenancy import PLATFORM

APPLICATION_ROLE = "regulars_app"
"""The role that row-level security holds; the migrations make it."""
OWNER_EMAIL = "owner@example.com"
PASSWORD_LENGTH = 16
"""Of the secret's characters the first ones are the owner's first password."""


def migrated(owner_url: str, sealing_key: str, application_password: str) -> str:
    """Bring the database at `owner_url` up to date, and return its URL for the application's role."""
    application_url = as_role(owner_url, APPLICATION_ROLE, application_password)
    owner = connect(owner_url, pool_size=1, data_keys=DataKeys(sealing_key))
    try:
        migrate(owner, application_url)
    finally:
        owner.dispose()
    return application_url


def ensure_worker_key(place: Place, database_url: str) -> str:
    """Return the platform-wide key of this onebox's worker; one that PostgreSQL does not know is replaced."""
    file = place.folder("secrets") / "worker-key"
    now = datetime.now(UTC)
    engine = connect(database_url, pool_size=1)
    try:
        with transaction(engine, PLATFORM) as connection:
            if file.exists() and find_api_key(connection, file.read_text(encoding="ascii"), now):
                return file.read_text(encoding="ascii")
            key = add_api_key(connection, None, "worker of this onebox", ["worker"], now, created_by="onebox")
    finally:
        engine.dispose()
    file.touch(mode=0o600)
    file.write_text(key, encoding="ascii")
    return key


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of this onebox with its first site, and the login of its owner."""

    tenant: Tenant
    site: Site
    email: str
    password: str


def open_chain(
    place: Place, engine: Engine, *, name: str, site_name: str, time_zone: str, visit_gap_minutes: float
) -> Chain:
    """Return the chain, made where absent. Raises InputRefused for a time zone or gap that cannot be."""
    email, password = OWNER_EMAIL, place.secret("owner-password")[:PASSWORD_LENGTH]
    passwords = Passwords()
    now = datetime.now(UTC)
    with transaction(engine, PLATFORM) as connection:
        opened = open_tenant(
            connection,
            name=name,
            site_name=site_name,
            now=now,
            time_zone=time_zone,
            visit_gap_minutes=visit_gap_minutes,
        )
        user = find_user_by_email(connection, email)
        if user is None:
            tenant_id = opened.tenant.tenant_id
            add_user(connection, User(new_id(), tenant_id, email, passwords.hash(password), "owner", now))
        elif not passwords.match(user.password_hash, password):
            set_password_hash(connection, user.user_id, passwords.hash(password))
    return Chain(opened.tenant, opened.site, email, password)
