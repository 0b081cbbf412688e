"""Who may come in: sites of managers, sessions, second factors, invitations, limits of attempts."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT_OR_PLATFORM, protect

revision = "0002"
down_revision = "0001"

SITES_OF_MANAGERS = """
create table user_sites (
    tenant_id uuid not null, user_id uuid not null references users on delete cascade, site_id uuid not null,
    primary key (tenant_id, user_id, site_id), foreign key (tenant_id, site_id) references sites on delete cascade
);
create index user_sites_by_user on user_sites (user_id);
"""

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
    op.execute(SITES_OF_MANAGERS)
    protect("user_sites", OF_TENANT_OR_PLATFORM)
    op.execute(KNOWN_CUSTOMERS)
