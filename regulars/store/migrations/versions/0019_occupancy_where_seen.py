"""A day's occupancy is told only where most were seen both to come and to go (`domain.presence`)."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Empty the rollups; the next roll-up makes each closed day again, reports count visits until then."""
    op.execute("truncate rollup_days")
