"""A track is recognized while its person is still followed; its end follows."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column; every track so far has ended."""
    op.execute("alter table sightings add column ongoing boolean not null default false")
