"""When each camera really saw: a lease says who holds a camera, not that there is a picture."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT_OR_PLATFORM, protect

revision = "0011"
down_revision = "0010"

TABLES = """
create table camera_sight (
    tenant_id uuid not null, camera_id uuid not null, since timestamptz not null, until timestamptz not null,
    primary key (tenant_id, camera_id, since), check (until >= since),
    foreign key (tenant_id, camera_id) references cameras on delete cascade
);
"""
# Of the time before nothing better is known than who held the camera.
FROM_LEASES = """
insert into camera_sight (tenant_id, camera_id, since, until)
select tenant_id, camera_id, acquired_at, max(least(coalesce(released_at, expires_at), now())) from camera_leases
where least(coalesce(released_at, expires_at), now()) > acquired_at group by 1, 2, 3
"""


def upgrade() -> None:
    """Create the table and fill it with what leases say of the past."""
    op.execute(TABLES)
    op.execute(FROM_LEASES)
    protect("camera_sight", OF_TENANT_OR_PLATFORM)
