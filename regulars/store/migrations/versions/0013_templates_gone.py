"""Which looks left a gallery in the last days: who holds a copy in memory reads what to forget, and nothing else."""

from alembic import op

from regulars.store.migrations.protection import protect

revision = "0013"
down_revision = "0012"

# A number for each look, no id: of who was erased nothing is kept. Whoever removes a look, and why, it is noted here.
TABLES = """
create table templates_gone (
    scope_id uuid not null, kind text not null, pack text not null, seq bigint not null,
    gone_in bigint not null default pg_current_xact_id()::text::bigint, gone_at timestamptz not null default now(),
    primary key (scope_id, seq)
);
create index templates_gone_lately on templates_gone (scope_id, kind, pack, gone_in);
create index templates_gone_old on templates_gone (gone_at);
create function note_template_gone() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into templates_gone (scope_id, kind, pack, seq) values (old.scope_id, old.kind, old.pack, old.seq)
    on conflict do nothing;
    return null;
end $$;
revoke all on function note_template_gone() from public;
create trigger note_template_gone after delete on face_templates
    for each row when (old.withdrawn_by is null) execute function note_template_gone();
create trigger note_template_withdrawn after update of withdrawn_by on face_templates
    for each row when (old.withdrawn_by is null and new.withdrawn_by is not null) execute function note_template_gone();
"""
RULE = "scope_id = app_scope() or (kind in ('staff', 'objector') and scope_id = app_tenant()) or app_platform()"


def upgrade() -> None:
    """Create the table and the triggers that fill it."""
    op.execute(TABLES)
    protect("templates_gone", RULE)
