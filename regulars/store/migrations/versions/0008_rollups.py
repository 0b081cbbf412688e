"""Closed days as rollups, the days that have to be rolled up again, and which tenants are simulated."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT, OF_TENANT_OR_PLATFORM, protect, protect_sites

revision = "0008"
down_revision = "0007"

# A day's visits are columns in one value, read as they are: compressing them would cost more time than it saves.
TABLES = """
create table rollup_days (
    tenant_id uuid not null, site_id uuid not null, day date not null, visits bytea not null, hours bytea not null,
    inside_peak integer, inside_person_s double precision, inside_span_s double precision, inside_unseen_in integer,
    inside_left_over integer, rolled_up_at timestamptz not null, primary key (tenant_id, site_id, day),
    foreign key (tenant_id, site_id) references sites on delete cascade
);
alter table rollup_days alter column visits set storage external;
create table visitor_numbers (
    tenant_id uuid not null, customer_id uuid not null, number integer not null check (number > 0),
    primary key (tenant_id, customer_id),
    foreign key (tenant_id, customer_id) references tenant_customers on delete cascade
);
create unique index visitor_numbers_by_number on visitor_numbers (tenant_id, number);
create table simulated_tenants (
    tenant_id uuid primary key references tenants on delete cascade, seed bigint not null, made_at timestamptz not null
);
alter table dirty_days drop constraint dirty_days_tenant_id_site_id_fkey,
    add foreign key (tenant_id, site_id) references sites on delete cascade;
"""

# No step can forget it: whatever changes a visit or a sighting of a day that was rolled up, or is about to be, marks
# the day. The shared lock makes rolling up wait for changes that began before it said which days it would look at.
MARKING = """
create function mark_changed_days() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('roll_up ' || tenant_id, 0))
        from (select distinct tenant_id from changed) t;
    insert into dirty_days (tenant_id, site_id, day, reason, at)
    select d.tenant_id, d.site_id, d.day, 'changed', now()
    from (
        select distinct c.tenant_id, c.site_id, (c.started_at at time zone s.time_zone)::date as day
        from changed c join sites s on s.tenant_id = c.tenant_id and s.site_id = c.site_id
    ) d
    where exists (select from rollup_days r
            where r.tenant_id = d.tenant_id and r.site_id = d.site_id and r.day = d.day)
        or exists (select from dirty_days r
            where r.tenant_id = d.tenant_id and r.site_id = d.site_id and r.day = d.day)
    order by 1, 2, 3
    on conflict (tenant_id, site_id, day) do update set at = excluded.at;
    return null;
end $$;
create function mark_days_of_changed_site() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    if old.time_zone = new.time_zone and old.opening_hours = new.opening_hours then return null; end if;
    insert into dirty_days (tenant_id, site_id, day, reason, at)
    select tenant_id, site_id, day, 'site_changed', now() from rollup_days
    where tenant_id = new.tenant_id and site_id = new.site_id
    order by day on conflict (tenant_id, site_id, day) do update set at = excluded.at;
    return null;
end $$;
create trigger sites_mark_days after update on sites for each row execute function mark_days_of_changed_site();
"""

_EVENTS = (("insert", "new"), ("update", "new"), ("update", "old"), ("delete", "old"))


def upgrade() -> None:
    """Create the tables and what marks changed days."""
    op.execute(TABLES)
    op.execute(MARKING)
    for table in ("visits", "sightings"):
        for event, side in _EVENTS:
            op.execute(
                f"create trigger {table}_mark_{event}_{side} after {event} on {table}"
                f" referencing {side} table as changed for each statement execute function mark_changed_days()"
            )
    protect("rollup_days", OF_TENANT)
    protect_sites("rollup_days")
    protect("visitor_numbers", OF_TENANT)
    protect("simulated_tenants", OF_TENANT_OR_PLATFORM)
