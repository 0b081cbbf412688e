"""Staff with their photographs and sites, opening hours of sites."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
