"""The tables of what people and consolidation put right; beside `tables.py`, made by the same migration."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from regulars.store.columns import id_column, metadata, text_column, time_column

corrections = sa.Table(
    "corrections",
    metadata,
    id_column("scope_id", key=True),
    id_column("correction_id", key=True),
    id_column("tenant_id", required=False),
    text_column("kind"),
    sa.Column("customer_ids", ARRAY(sa.Uuid()), nullable=False),
    sa.Column("before", JSONB, nullable=False),
    text_column("actor"),
    time_column("at"),
    time_column("undone_at", required=False),
    text_column("undone_by", required=False),
)

merge_proposals = sa.Table(
    "merge_proposals",
    metadata,
    id_column("scope_id", key=True),
    id_column("proposal_id", key=True),
    id_column("tenant_id", required=False),
    id_column("one_id"),
    id_column("other_id"),
    text_column("reason"),
    time_column("created_at"),
    text_column("decision", required=False),
    time_column("decided_at", required=False),
    text_column("decided_by", required=False),
)

kept_apart = sa.Table(
    "kept_apart",
    metadata,
    id_column("scope_id", key=True),
    id_column("one_id", key=True),
    id_column("other_id", key=True),
    id_column("correction_id", key=True),
    time_column("at"),
)

looks_wanted = sa.Table(
    "looks_wanted",
    metadata,
    id_column("scope_id", key=True),
    id_column("customer_id", key=True),
    id_column("tenant_id"),
    id_column("track_id", key=True),
    text_column("manifest_key"),
    time_column("at"),
)

dirty_days = sa.Table(
    "dirty_days",
    metadata,
    id_column("tenant_id", key=True),
    id_column("site_id", key=True),
    sa.Column("day", sa.Date, primary_key=True),
    text_column("reason"),
    time_column("at"),
)
