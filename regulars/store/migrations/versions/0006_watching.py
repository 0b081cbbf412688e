"""Cameras looked through: who watches, the newest picture, pictures asked for once."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
