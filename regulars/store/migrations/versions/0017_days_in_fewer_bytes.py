"""A rolled-up day lies as reports want it: how long visits lasted in two bytes, and what is of the whole day as one."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Empty the rollups; the next roll-up makes each closed day again, reports count visits until then."""
    op.execute("truncate rollup_days")
    op.execute(
        "alter table rollup_days drop column hours, drop column inside_peak, drop column inside_person_s,"
        " drop column inside_span_s, drop column inside_unseen_in, drop column inside_left_over,"
        " add column sums bytea not null"
    )
    op.execute("alter table rollup_days alter column sums set storage external")
