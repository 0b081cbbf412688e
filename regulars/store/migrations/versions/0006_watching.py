"""Cameras looked through: who watches, the newest picture, pictures asked for once."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT, OF_TENANT_OR_PLATFORM, protect, protect_sites

revision = "0006"
down_revision = "0005"

# Unlogged: written many times a second, worth nothing after seconds, and no picture may reach a log or a standby.
TABLES = """
create unlogged table camera_watchers (
    tenant_id uuid not null, camera_id uuid not null, replica_id uuid not null, site_id uuid not null,
    until timestamptz not null, primary key (tenant_id, camera_id, replica_id),
    foreign key (tenant_id, camera_id) references cameras on delete cascade
);
create sequence live_picture_numbers;
create unlogged table live_pictures (
    tenant_id uuid not null, camera_id uuid not null, site_id uuid not null,
    number bigint not null default nextval('live_picture_numbers'), kept_at timestamptz not null,
    facts jsonb not null, jpeg bytea not null, primary key (tenant_id, camera_id),
    foreign key (tenant_id, camera_id) references cameras on delete cascade
);
alter table live_pictures alter column jpeg set storage external;
alter table live_pictures set (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0,
    toast.autovacuum_vacuum_threshold = 5000, toast.autovacuum_vacuum_scale_factor = 0);
create unlogged table camera_trials (
    tenant_id uuid not null references tenants on delete cascade, trial_id uuid not null,
    camera_id uuid, type text not null,
    webcam_index integer, rtsp_url_sealed bytea, file_path text, asked_at timestamptz not null, taken_by text,
    answer jsonb, jpeg bytea, primary key (tenant_id, trial_id)
);
"""

# Called with every heartbeat, for all tenants at once: the platform itself may not see the pictures.
FORGETTING = """
create function forget_live_pictures(before timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
    delete from live_pictures where kept_at < before;
    delete from camera_trials where asked_at < before;
    delete from camera_watchers where until < before;
$$;
revoke all on function forget_live_pictures(timestamptz) from public;
grant execute on function forget_live_pictures(timestamptz) to regulars_app;
grant usage on sequence live_picture_numbers to regulars_app;
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    op.execute(FORGETTING)
    protect("camera_watchers", OF_TENANT_OR_PLATFORM)
    protect("live_pictures", OF_TENANT)
    protect("camera_trials", OF_TENANT_OR_PLATFORM)
    for table in ("camera_watchers", "live_pictures"):
        protect_sites(table)
