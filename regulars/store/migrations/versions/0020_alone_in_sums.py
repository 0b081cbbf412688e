"""A rolled-up day has its visitors and how long they stayed with it; a number lies in the index that tells it."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Empty the rollups; the next roll-up makes each closed day again, reports count visits until then."""
    op.execute("truncate rollup_days")
    op.execute(
        "alter table visitor_numbers drop constraint visitor_numbers_pkey,"
        " add primary key (tenant_id, customer_id) include (number)"
    )
