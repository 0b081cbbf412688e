"""Each column of a rolled-up day is a value of its own, so that PostgreSQL can lay a site's days side by side."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Empty the rollups; the next roll-up makes each closed day again, reports count visits until then."""
    op.execute("truncate rollup_days")
    op.execute(
        "alter table rollup_days drop column visits, add column visitors bytea not null,"
        " add column cells bytea not null, add column dwells bytea not null"
    )
    # A day lies in its row as it is, if the row then fits a page: compressing it, or keeping it beside the table in
    # pieces, would cost a report more time than all else that PostgreSQL does for it.
    op.execute("alter table rollup_days set (toast_tuple_target = 8160)")
    for column in ("visitors", "cells", "dwells"):
        op.execute(f"alter table rollup_days alter column {column} set storage external")
