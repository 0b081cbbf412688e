"""Data keys in tables of their own, one for each look and person; looks that are there are encrypted with theirs."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from regulars.store.data_keys import data_keys_of
from regulars.store.migrations.protection import protect

revision = "0010"
down_revision = "0009"

# Destroyed with the look or the person, whoever removes it and why.
TABLES = """
create table face_template_keys (
    scope_id uuid not null, template_id uuid not null, data_key_wrapped bytea not null,
    primary key (scope_id, template_id),
    foreign key (scope_id, template_id) references face_templates on delete cascade
);

create table person_keys (
    scope_id uuid not null, subject_id uuid not null, data_key_wrapped bytea not null,
    primary key (scope_id, subject_id)
);
create function destroy_person_key() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from person_keys
    where scope_id = (to_jsonb(old) ->> tg_argv[0])::uuid and subject_id = (to_jsonb(old) ->> tg_argv[1])::uuid;
    return null;
end $$;
revoke all on function destroy_person_key() from public;
create trigger destroy_person_key after delete on customers
    for each row execute function destroy_person_key('scope_id', 'customer_id');
create trigger destroy_person_key after delete on tenant_customers
    for each row execute function destroy_person_key('tenant_id', 'customer_id');
create trigger destroy_person_key after delete on staff
    for each row execute function destroy_person_key('tenant_id', 'staff_id');
"""
_BATCH = 1000
_PLAIN = sa.text(
    "select t.scope_id, t.template_id, t.vector from face_templates t left join face_template_keys k"
    " using (scope_id, template_id) where k.template_id is null limit :batch"
)
_KEY = sa.text("insert into face_template_keys values (:scope_id, :template_id, :wrapped)")
_SEAL = sa.text("update face_templates set vector = :sealed where scope_id = :scope_id and template_id = :template_id")


def upgrade() -> None:
    """Create the tables, and encrypt what is kept. With looks to encrypt it needs REGULARS_SEALING_KEYS."""
    op.execute(TABLES)
    for table in ("face_template_keys", "person_keys"):
        protect(table, "scope_id = app_scope() or scope_id = app_tenant() or app_platform()")
    connection = op.get_bind()
    while plain := connection.execute(_PLAIN, {"batch": _BATCH}).all():
        data_keys, done = data_keys_of(connection), list[dict[str, object]]()
        for scope_id, template_id, vector in plain:
            whose: UUID = template_id
            wrapped = data_keys.make()
            sealed = data_keys.seal(wrapped, bytes(vector), whose.bytes)
            done.append({"scope_id": scope_id, "template_id": whose, "wrapped": wrapped, "sealed": sealed})
        connection.execute(_KEY, done)
        connection.execute(_SEAL, done)
