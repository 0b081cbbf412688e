"""Who may come in: sites of managers, sessions, second factors, invitations, keys, limits of attempts."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT_OR_PLATFORM, protect

revision = "0002"
down_revision = "0001"

TABLES = """
alter table users alter column password_hash drop not null, add column password_temporary_since timestamptz;
create index users_by_tenant on users (tenant_id, role);
create table user_sites (
    tenant_id uuid not null, user_id uuid not null references users on delete cascade, site_id uuid not null,
    primary key (tenant_id, user_id, site_id), foreign key (tenant_id, site_id) references sites on delete cascade
);
create index user_sites_by_user on user_sites (user_id);
create table sessions (
    session_id uuid primary key, tenant_id uuid references tenants, user_id uuid not null references users
    on delete cascade, via text not null check (via in ('password', 'oidc')), device text not null,
    secret_hash text not null, used_hashes text[] not null, began_at timestamptz not null,
    renewed_at timestamptz not null, expires_at timestamptz not null
);
create index sessions_by_user on sessions (user_id);
create table second_factors (
    user_id uuid primary key references users on delete cascade, tenant_id uuid references tenants,
    secret_sealed bytea not null, confirmed_at timestamptz, last_step bigint not null
);
create table recovery_codes (
    user_id uuid not null references second_factors on delete cascade, code_hash text not null,
    tenant_id uuid references tenants, primary key (user_id, code_hash)
);
create table one_time_links (
    link_id uuid primary key, tenant_id uuid references tenants, user_id uuid not null references users
    on delete cascade, purpose text not null check (purpose in ('invitation', 'reset')), secret_hash text not null,
    expires_at timestamptz not null
);
create index one_time_links_by_user on one_time_links (user_id);
alter table api_keys add column scopes text[], add column old_secret_hash text, add column old_until timestamptz,
    add column created_by text not null default 'unknown', add column expires_at timestamptz;
update api_keys set scopes = array[scope];
alter table api_keys alter column scopes set not null, alter column created_by drop default, drop column scope;
create unlogged table limits (
    subject bytea primary key, taken integer not null, began_at timestamptz not null, ends_at timestamptz not null
);
create index limits_by_end on limits (ends_at);
"""
ACCOUNTS = ("user_sites", "sessions", "second_factors", "recovery_codes", "one_time_links")

# A manager knows the customers who came to the named sites: the visits that the manager sees say which.
KNOWN_CUSTOMERS = """
create policy tenant_customers_sites on tenant_customers as restrictive using (
    (select app_sites()) is null or exists (
        select from visits v where v.tenant_id = tenant_customers.tenant_id
        and v.customer_id = tenant_customers.customer_id));
create policy merge_proposals_sites on merge_proposals as restrictive using (
    (select app_sites()) is null or 2 = (
        select count(*) from tenant_customers c where c.tenant_id = app_tenant()
        and c.customer_id in (merge_proposals.one_id, merge_proposals.other_id)));
create policy corrections_sites on corrections as restrictive using (
    (select app_sites()) is null or exists (
        select from tenant_customers c where c.tenant_id = app_tenant()
        and c.customer_id = any(corrections.customer_ids)));
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    for table in ACCOUNTS:
        protect(table, OF_TENANT_OR_PLATFORM)
    protect("limits", "app_platform()")
    op.execute(KNOWN_CUSTOMERS)
