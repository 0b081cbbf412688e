"""Webhooks, their outbox and its log; and how long a camera has been failing."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT_OR_PLATFORM, protect

revision = "0005"
down_revision = "0004"

TABLES = """
create table webhooks (
    tenant_id uuid not null references tenants, webhook_id uuid not null, name text not null, url text not null,
    events text[] not null, site_ids uuid[], include_names boolean not null, active boolean not null,
    secret_sealed bytea not null, old_secret_sealed bytea, old_secret_until timestamptz,
    failing_since timestamptz, disabled_at timestamptz,
    disabled_because text check (disabled_because in ('failing', 'gone')),
    created_at timestamptz not null, primary key (tenant_id, webhook_id)
);
create table webhook_deliveries (
    tenant_id uuid not null, webhook_id uuid not null, event_id uuid not null, type text not null, site_id uuid,
    customer_id uuid, data jsonb not null, happened_at timestamptz not null, created_at timestamptz not null,
    state text not null check (state in ('waiting', 'delivered', 'failed')),
    tries integer not null, next_at timestamptz, ended_at timestamptz,
    primary key (tenant_id, webhook_id, event_id),
    foreign key (tenant_id, webhook_id) references webhooks on delete cascade,
    check ((state = 'waiting') = (next_at is not null))
);
create index webhook_deliveries_due on webhook_deliveries (next_at) where state = 'waiting';
create index webhook_deliveries_by_time on webhook_deliveries (tenant_id, webhook_id, created_at);
create index webhook_deliveries_by_customer on webhook_deliveries (tenant_id, customer_id)
    where customer_id is not null;
create table webhook_attempts (
    tenant_id uuid not null, attempt_id uuid not null, webhook_id uuid not null, event_id uuid not null,
    at timestamptz not null, status integer, took_ms integer not null, failure text, response_excerpt text not null,
    primary key (tenant_id, attempt_id),
    foreign key (tenant_id, webhook_id, event_id) references webhook_deliveries on delete cascade
);
create index webhook_attempts_by_delivery on webhook_attempts (tenant_id, webhook_id, event_id, at);
create table camera_outages (
    tenant_id uuid not null, camera_id uuid not null, outage_id uuid not null, reason text not null,
    since timestamptz not null, announced_at timestamptz,
    primary key (tenant_id, camera_id),
    foreign key (tenant_id, camera_id) references cameras on delete cascade
);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    for table in ("webhooks", "webhook_deliveries", "webhook_attempts", "camera_outages"):
        protect(table, OF_TENANT_OR_PLATFORM)
