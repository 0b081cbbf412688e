"""Answers already given to a request that is sent again."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT_OR_PLATFORM, protect

revision = "0007"
down_revision = "0006"

# An account of the platform has no tenant; `caller` names a user or a key, whose id no other tenant has.
TABLE = """
create table idempotency_keys (
    caller text not null, key_hash bytea not null, tenant_id uuid references tenants on delete cascade,
    claim_id uuid not null, request_hash bytea not null, claimed_at timestamptz not null,
    runs_until timestamptz not null, carried_out boolean not null, status integer, headers jsonb, body_sealed bytea,
    primary key (caller, key_hash)
);
create index idempotency_keys_by_age on idempotency_keys (claimed_at);
create index idempotency_keys_by_tenant on idempotency_keys (tenant_id);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLE)
    protect("idempotency_keys", OF_TENANT_OR_PLATFORM)
