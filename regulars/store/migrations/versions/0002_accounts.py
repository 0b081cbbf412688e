"""Who may come in: sites of managers, sessions, second factors, invitations, limits of attempts."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
