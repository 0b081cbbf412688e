"""Rolled-up days are made anew: their visits lie as columns behind one another, not visit by visit."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Empty the rollups; the next roll-up makes each closed day again, reports count visits until then."""
    op.execute("truncate rollup_days")
