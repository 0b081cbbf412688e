"""Where staff work, and their photographs."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT, protect

revision = "0003"
down_revision = "0002"

TABLES = """
create table staff_sites (
    tenant_id uuid not null, staff_id uuid not null, site_id uuid not null, primary key (tenant_id, staff_id, site_id),
    foreign key (tenant_id, staff_id) references staff on delete cascade,
    foreign key (tenant_id, site_id) references sites
);
create index staff_sites_by_site on staff_sites (tenant_id, site_id);
create table staff_photographs (
    tenant_id uuid not null, photograph_id uuid not null, staff_id uuid not null, quality numeric(5, 4) not null,
    created_at timestamptz not null, primary key (tenant_id, photograph_id),
    foreign key (tenant_id, staff_id) references staff
);
create index staff_photographs_by_member on staff_photographs (tenant_id, staff_id);
"""

# Who may see some sites sees who works there. Adding is free, since a member's sites are written after the member.
SITES = """
create policy staff_sites_sites on staff_sites as restrictive
    using ((select app_sites()) is null or site_id = any((select app_sites())::uuid[]));
create policy staff_sites on staff as restrictive
    using ((select app_sites()) is null or exists (
        select from staff_sites s where s.tenant_id = staff.tenant_id and s.staff_id = staff.staff_id))
    with check (true);
create policy staff_photographs_sites on staff_photographs as restrictive
    using ((select app_sites()) is null or exists (
        select from staff s where s.tenant_id = staff_photographs.tenant_id
        and s.staff_id = staff_photographs.staff_id));
"""


def upgrade() -> None:
    """Create the tables, and hold a manager to the staff of the named sites."""
    op.execute(TABLES)
    protect("staff_sites", OF_TENANT)
    protect("staff_photographs", OF_TENANT)
    op.execute(SITES)
