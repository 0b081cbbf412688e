"""The tables of what is told to other systems; made by migration 0005.

`webhook_deliveries` is the outbox: one row per event and webhook, written with the change that it tells of.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from regulars.store.columns import id_column, metadata, text_column, time_column

webhooks = sa.Table(
    "webhooks",
    metadata,
    id_column("tenant_id", key=True),
    id_column("webhook_id", key=True),
    text_column("name"),
    text_column("url"),
    sa.Column("events", ARRAY(sa.Text), nullable=False),
    sa.Column("site_ids", ARRAY(sa.Uuid())),
    sa.Column("include_names", sa.Boolean, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("secret_sealed", sa.LargeBinary, nullable=False),
    sa.Column("old_secret_sealed", sa.LargeBinary),
    time_column("old_secret_until", required=False),
    time_column("failing_since", required=False),
    time_column("disabled_at", required=False),
    text_column("disabled_because", required=False),
    time_column("created_at"),
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    id_column("tenant_id", key=True),
    id_column("webhook_id", key=True),
    id_column("event_id", key=True),
    text_column("type"),
    id_column("site_id", required=False),
    id_column("customer_id", required=False),
    sa.Column("data", JSONB, nullable=False),
    time_column("happened_at"),
    time_column("created_at"),
    text_column("state"),
    sa.Column("tries", sa.Integer, nullable=False),
    time_column("next_at", required=False),
    time_column("ended_at", required=False),
)

webhook_attempts = sa.Table(
    "webhook_attempts",
    metadata,
    id_column("tenant_id", key=True),
    id_column("attempt_id", key=True),
    id_column("webhook_id"),
    id_column("event_id"),
    time_column("at"),
    sa.Column("status", sa.Integer),
    sa.Column("took_ms", sa.Integer, nullable=False),
    text_column("failure", required=False),
    text_column("response_excerpt"),
)

camera_outages = sa.Table(
    "camera_outages",
    metadata,
    id_column("tenant_id", key=True),
    id_column("camera_id", key=True),
    id_column("outage_id"),
    text_column("reason"),
    time_column("since"),
    time_column("announced_at", required=False),
)
