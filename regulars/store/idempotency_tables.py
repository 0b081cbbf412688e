"""The table of requests that carried an idempotency key; beside `tables.py`, made by migration 0007."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.store.columns import id_column, metadata, time_column

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("caller", sa.Text, primary_key=True),
    sa.Column("key_hash", sa.LargeBinary, primary_key=True),
    id_column("tenant_id", required=False),
    id_column("claim_id"),
    sa.Column("request_hash", sa.LargeBinary, nullable=False),
    time_column("claimed_at"),
    time_column("runs_until"),
    sa.Column("carried_out", sa.Boolean, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("headers", JSONB),
    sa.Column("body_sealed", sa.LargeBinary),
)
