"""Consents, objections, erasures and their ledger, tenants that leave."""

from alembic import op

from regulars.store.migrations.protection import OF_SCOPE_OR_TENANT, OF_TENANT, OF_TENANT_OR_PLATFORM, protect

revision = "0004"
down_revision = "0003"

# No reference to tenants in the ledgers: they outlive the tenants that they speak of.
TABLES = """
create table erasures (
    scope_id uuid not null, erasure_id uuid not null, tenant_id uuid, whole boolean not null,
    subjects text[] not null, actor text not null, asked_at timestamptz not null,
    state text not null check (state in ('in_progress', 'done')), work jsonb, receipt jsonb not null,
    finished_at timestamptz, primary key (scope_id, erasure_id),
    check ((state = 'done') = (work is null and finished_at is not null)), check (whole or tenant_id is not null)
);
create index erasures_in_progress on erasures (scope_id, asked_at) where state = 'in_progress';
create index erasures_subjects on erasures using gin (subjects);
create table consents (
    tenant_id uuid not null references tenants, consent_id uuid not null, customer_id uuid not null,
    purpose text not null, given boolean not null, how text not null, text_version text not null,
    actor text not null, at timestamptz not null, primary key (tenant_id, consent_id)
);
create index consents_by_customer on consents (tenant_id, customer_id, at);
create table objections (
    scope_id uuid not null, objection_id uuid not null, tenant_id uuid references tenants, how text not null,
    actor text not null, at timestamptz not null, primary key (scope_id, objection_id)
);
create index sightings_with_shots on sightings (tenant_id, started_at) where shots <> '[]'::jsonb;
create table departures (
    tenant_id uuid primary key, asked_by text not null, asked_at timestamptz not null, due_at timestamptz not null,
    state text not null check (state in ('waiting', 'in_progress', 'done')), receipt jsonb not null,
    finished_at timestamptz
);
"""

# The application may not delete from the audit log, but of a tenant that leaves nothing stays, once its time has come.
FORGET_AUDIT = """
create function audit_log_forget(leaving uuid) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    gone bigint;
begin
    if not exists (select from departures where tenant_id = leaving and state = 'in_progress') then return 0; end if;
    delete from audit_log where tenant_id = leaving;
    get diagnostics gone = row_count;
    return gone;
end $$;
revoke all on function audit_log_forget(uuid) from public;
grant execute on function audit_log_forget(uuid) to regulars_app;
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    op.execute(FORGET_AUDIT)
    protect("erasures", OF_SCOPE_OR_TENANT)
    protect("consents", OF_TENANT)
    protect("objections", OF_SCOPE_OR_TENANT)
    protect("departures", OF_TENANT_OR_PLATFORM)
    # What somebody has consented to is never changed: who withdraws adds a row.
    op.execute("revoke update on consents from regulars_app")
