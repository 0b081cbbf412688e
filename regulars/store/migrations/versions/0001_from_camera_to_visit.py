"""Tenants, sites, cameras, people, templates, sightings, visits, and who may see them."""

from alembic import op

from regulars.store.migrations.protection import (
    OF_SCOPE,
    OF_SCOPE_OR_TENANT,
    OF_TENANT,
    OF_TENANT_OR_PLATFORM,
    protect,
    protect_sites,
)

revision = "0001"
down_revision = None

TABLES = """
create table tenants (
    tenant_id uuid primary key, name text not null,
    sharing text not null check (sharing in ('network', 'isolated')), recognition boolean not null,
    created_at timestamptz not null, suspended_at timestamptz,
    language text not null default 'vi' check (language in ('vi', 'en')),
    retention_days integer not null default 30 check (retention_days between 1 and 30),
    inactive_after_months integer check (inactive_after_months > 0),
    least_people_shown integer not null default 10 check (least_people_shown > 0),
    second_factor_required boolean not null default false
);
create table sites (
    tenant_id uuid not null references tenants, site_id uuid not null, name text not null, time_zone text not null,
    visit_gap_minutes numeric(8, 3) not null check (visit_gap_minutes >= 0),
    opening_hours jsonb not null default '[]', address text not null default '', active boolean not null default true,
    created_at timestamptz not null, primary key (tenant_id, site_id)
);
create table cameras (
    tenant_id uuid not null, camera_id uuid not null, site_id uuid not null, name text not null,
    type text not null check (type in ('webcam', 'rtsp', 'file')),
    webcam_index integer, rtsp_url_sealed bytea, file_path text, file_starts_at timestamptz, line jsonb,
    role text not null check (role in ('in', 'out', 'both')), recognition boolean not null,
    wanted_state text not null check (wanted_state in ('running', 'stopped')),
    state text not null check (state in ('starting', 'running', 'reconnecting', 'stopped', 'failed')),
    state_reason text not null, state_detail text not null, state_at timestamptz, counters jsonb not null,
    created_at timestamptz not null,
    primary key (tenant_id, camera_id), foreign key (tenant_id, site_id) references sites
);
create table camera_leases (
    tenant_id uuid not null, camera_id uuid not null, lease_id uuid not null, worker_id text not null,
    acquired_at timestamptz not null, expires_at timestamptz not null, released_at timestamptz,
    primary key (tenant_id, camera_id, lease_id),
    foreign key (tenant_id, camera_id) references cameras on delete cascade
);
create unique index camera_leases_one_open on camera_leases (tenant_id, camera_id) where released_at is null;
create table customers (
    scope_id uuid not null, customer_id uuid not null, name text,
    gender text not null check (gender in ('male', 'female', 'unknown')), birth_year integer, phone text,
    created_at timestamptz not null, merged_into uuid, primary key (scope_id, customer_id)
);
create table tenant_customers (
    tenant_id uuid not null references tenants, customer_id uuid not null, scope_id uuid not null,
    first_visit_at timestamptz not null, note text, primary key (tenant_id, customer_id),
    foreign key (scope_id, customer_id) references customers on delete cascade
);
create index tenant_customers_by_customer on tenant_customers (scope_id, customer_id);
create table staff (
    tenant_id uuid not null references tenants, staff_id uuid not null, name text not null,
    gender text not null check (gender in ('male', 'female', 'unknown')), birth_year integer, phone text, email text,
    active boolean not null, customer_id uuid, created_at timestamptz not null, primary key (tenant_id, staff_id)
);
create table face_templates (
    scope_id uuid not null, template_id uuid not null, tenant_id uuid not null references tenants,
    kind text not null check (kind in ('customer', 'staff', 'objector')), subject_id uuid not null, pack text not null,
    vector bytea not null, quality numeric(5, 4) not null, track_id uuid,
    seq bigint generated always as identity, created_at timestamptz not null, indexed_at timestamptz,
    withdrawn_by uuid, primary key (scope_id, template_id)
);
create index face_templates_by_subject on face_templates (scope_id, kind, subject_id);
create index face_templates_by_seq on face_templates (scope_id, pack, seq);
create index face_templates_pending on face_templates (scope_id, pack)
    where indexed_at is null and withdrawn_by is null;
create index face_templates_withdrawn on face_templates (scope_id, withdrawn_by) where withdrawn_by is not null;
create index face_templates_by_track on face_templates (scope_id, track_id) where track_id is not null;
create table sightings (
    tenant_id uuid not null, track_id uuid not null, site_id uuid not null, camera_id uuid not null,
    lease_id uuid not null, manifest_key text not null, started_at timestamptz not null, ended_at timestamptz not null,
    direction text not null check (direction in ('in', 'out', 'unknown')),
    outcome text not null check (outcome in ('known', 'new', 'undetermined', 'staff', 'rejected')),
    reason text not null, customer_id uuid, staff_id uuid, visit_id uuid,
    gender text not null check (gender in ('male', 'female', 'unknown')),
    gender_male_weight numeric(8, 5) not null, gender_weight numeric(8, 5) not null,
    detections integer not null, shots jsonb not null, pack text, lost_because text,
    recognized_at timestamptz not null, primary key (tenant_id, track_id),
    foreign key (tenant_id, site_id) references sites
);
create index sightings_by_time on sightings (tenant_id, site_id, started_at);
create index sightings_by_camera on sightings (tenant_id, camera_id, started_at);
create index sightings_by_visit on sightings (tenant_id, visit_id);
create index sightings_by_customer on sightings (tenant_id, customer_id, started_at) where customer_id is not null;
create index sightings_shots_to_drop on sightings (tenant_id)
    where reason in ('recognition_off', 'objected') and shots <> '[]'::jsonb;
create table visits (
    tenant_id uuid not null, visit_id uuid not null, started_at timestamptz not null, ended_at timestamptz not null,
    site_id uuid not null, customer_id uuid,
    status text not null check (status in ('new', 'returning', 'undetermined')),
    gender text not null check (gender in ('male', 'female', 'unknown')),
    direction text not null check (direction in ('in', 'out', 'unknown')),
    sightings integer not null check (sightings > 0), created_at timestamptz not null,
    primary key (tenant_id, visit_id, started_at), foreign key (tenant_id, site_id) references sites
) partition by range (started_at);
create index visits_by_time on visits (tenant_id, site_id, started_at);
create index visits_newest on visits (tenant_id, started_at, visit_id);
create index visits_by_customer on visits (tenant_id, customer_id, started_at);
create table crossings (
    tenant_id uuid not null, track_id uuid not null, number integer not null, site_id uuid not null,
    camera_id uuid not null, at timestamptz not null, direction text not null check (direction in ('in', 'out')),
    primary key (tenant_id, track_id, number), foreign key (tenant_id, track_id) references sightings on delete cascade
);
create index crossings_by_time on crossings (tenant_id, site_id, at);
create table users (
    user_id uuid primary key, tenant_id uuid references tenants, email text not null, password_hash text not null,
    role text not null check (role in ('operator', 'owner', 'manager', 'analyst')), created_at timestamptz not null
);
create unique index users_by_email on users (lower(email));
create table api_keys (
    key_id uuid primary key, tenant_id uuid references tenants, name text not null,
    scope text not null check (scope in ('worker')), secret_hash text not null, created_at timestamptz not null,
    last_used_at timestamptz, revoked_at timestamptz
);
create table events_set_aside (
    set_aside_id uuid primary key, tenant_id uuid references tenants, object_key text not null, reason text not null,
    detail text not null, attempts integer not null, first_at timestamptz not null, last_at timestamptz not null,
    resolved_at timestamptz
);
create unique index events_set_aside_by_key on events_set_aside (object_key);
create table live_events (
    tenant_id uuid not null references tenants, event_number bigint generated always as identity, site_id uuid,
    kind text not null, subject_id uuid not null, at timestamptz not null, primary key (tenant_id, event_number)
);
create table audit_log (
    audit_id uuid primary key, tenant_id uuid references tenants, actor text not null, action text not null,
    subject_kind text not null, subject_id text not null, detail jsonb not null, at timestamptz not null
);
create index audit_log_by_time on audit_log (tenant_id, at, audit_id);
create index audit_log_by_subject on audit_log (tenant_id, subject_id, at);
"""

CORRECTIONS = """
create table corrections (
    scope_id uuid not null, correction_id uuid not null, tenant_id uuid references tenants, kind text not null,
    customer_ids uuid[] not null, before jsonb not null, actor text not null, at timestamptz not null,
    undone_at timestamptz, undone_by text, primary key (scope_id, correction_id)
);
create index corrections_by_time on corrections (scope_id, at);
create table merge_proposals (
    scope_id uuid not null, proposal_id uuid not null, tenant_id uuid references tenants,
    one_id uuid not null, other_id uuid not null check (one_id < other_id), reason text not null,
    created_at timestamptz not null, decision text check (decision in ('merged', 'refused', 'outdated')),
    decided_at timestamptz, decided_by text, primary key (scope_id, proposal_id)
);
create unique index merge_proposals_open on merge_proposals (scope_id, one_id, other_id) where decision is null;
create table kept_apart (
    scope_id uuid not null, one_id uuid not null, other_id uuid not null check (one_id < other_id),
    correction_id uuid not null, at timestamptz not null, primary key (scope_id, one_id, other_id, correction_id)
);
create table looks_wanted (
    scope_id uuid not null, customer_id uuid not null, tenant_id uuid not null references tenants,
    track_id uuid not null, manifest_key text not null, at timestamptz not null,
    primary key (scope_id, customer_id, track_id)
);
create table dirty_days (
    tenant_id uuid not null, site_id uuid not null, day date not null, reason text not null, at timestamptz not null,
    primary key (tenant_id, site_id, day), foreign key (tenant_id, site_id) references sites
);
"""

PARTITIONS = """
create function visits_ensure_month(moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    first timestamptz := date_trunc('month', moment at time zone 'UTC') at time zone 'UTC';
    name text := 'visits_' || to_char(first at time zone 'UTC', 'YYYY_MM');
begin
    if to_regclass(name) is not null then return; end if;
    perform pg_advisory_xact_lock(hashtext('visits_ensure_month'));
    execute format('create table if not exists %I partition of visits for values from (%L) to (%L)',
                   name, first, (first at time zone 'UTC' + interval '1 month') at time zone 'UTC');
    execute format('revoke all on %I from regulars_app', name);
end $$;
revoke all on function visits_ensure_month(timestamptz) from public;
grant execute on function visits_ensure_month(timestamptz) to regulars_app;
"""

ROLE = """
do $$ begin
    if not exists (select from pg_roles where rolname = 'regulars_app') then
        create role regulars_app login nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
end $$;
grant usage on schema public to regulars_app;
create function app_tenant() returns uuid language sql stable as
    $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
create function app_scope() returns uuid language sql stable as
    $$ select nullif(current_setting('app.scope_id', true), '')::uuid $$;
create function app_sites() returns uuid[] language sql stable as
    $$ select string_to_array(nullif(current_setting('app.site_ids', true), ''), ',')::uuid[] $$;
create function plain_text(words text) returns text language sql immutable parallel safe as
    $$ select replace(regexp_replace(normalize(lower(words), NFD), '[\\u0300-\\u036f]', '', 'g'), 'đ', 'd') $$;
create function app_platform() returns boolean language sql stable as
    $$ select coalesce(current_setting('app.platform', true), '') = 'on' $$;
"""

# What only ever belongs to a tenant, and is never seen from the platform: everything about people.
TENANT_ONLY = ("tenant_customers", "staff", "sightings", "visits", "crossings", "live_events", "dirty_days")
# What was put right about the people of a gallery; a tenant reads its own part without the gallery's scope.
OF_A_SCOPE = ("kept_apart", "looks_wanted")
OF_SCOPE_AND_TENANT = ("corrections", "merge_proposals")
# What the platform must see across tenants to run it: who they are, their cameras, their logins, what went wrong.
PLATFORM_TOO = ("tenants", "sites", "cameras", "camera_leases", "users", "api_keys", "events_set_aside", "audit_log")
# What happens at one site: hidden from a manager of other sites.
OF_A_SITE = ("sites", "cameras", "sightings", "visits", "crossings", "live_events", "dirty_days")


def upgrade() -> None:
    """Create the schema, the application's role and its row-level security."""
    for part in (TABLES, CORRECTIONS, ROLE, PARTITIONS):
        op.execute(part)
    for table in TENANT_ONLY:
        protect(table, OF_TENANT)
    for table in PLATFORM_TOO:
        protect(table, OF_TENANT_OR_PLATFORM)
    for table in OF_A_SCOPE:
        protect(table, OF_SCOPE)
    for table in OF_SCOPE_AND_TENANT:
        protect(table, OF_SCOPE_OR_TENANT)
    for table in OF_A_SITE:
        protect_sites(table)
    protect("face_templates", "scope_id = app_scope() or (kind in ('staff', 'objector') and scope_id = app_tenant())")
    protect(
        "customers",
        "scope_id = app_scope() or exists (select from tenant_customers c"
        " where c.tenant_id = app_tenant() and c.scope_id = customers.scope_id"
        " and c.customer_id = customers.customer_id)",
    )
    op.execute("revoke update, delete on audit_log from regulars_app")
