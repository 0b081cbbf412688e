"""Visitors' numbers follow their people by a list of who goes, not by a check of each row that is written."""

from alembic import op

revision = "0016"
down_revision = "0015"

# A foreign key looks every new row's person up and locks their row, which takes longer than writing the number. Nothing
# but a roll-up gives numbers, and it asks for `tenant_customers` itself. The lock is that of `number_visitors`: whoever
# goes while numbers are given waits for them, and whoever gives numbers waits for those who go.
FOLLOWING = """
alter table visitor_numbers drop constraint visitor_numbers_tenant_id_customer_id_fkey;
create function forget_visitor_numbers() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('number ' || tenant_id, 0))
        from (select distinct tenant_id from gone order by tenant_id) t;
    delete from visitor_numbers n using gone g where n.tenant_id = g.tenant_id and n.customer_id = g.customer_id;
    return null;
end $$;
revoke all on function forget_visitor_numbers() from public;
create trigger forget_visitor_numbers after delete on tenant_customers
    referencing old table as gone for each statement execute function forget_visitor_numbers();
"""


def upgrade() -> None:
    """Put the trigger in the foreign key's place."""
    op.execute(FOLLOWING)
