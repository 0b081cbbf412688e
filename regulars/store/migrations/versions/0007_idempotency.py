"""Answers already given to a request that is sent again."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
