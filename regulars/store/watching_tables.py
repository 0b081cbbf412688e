"""The tables of looking through a camera; unlogged: what they hold lives for seconds and is in no backup."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.store.columns import id_column, metadata, text_column, time_column

camera_watchers = sa.Table(
    "camera_watchers",
    metadata,
    id_column("tenant_id", key=True),
    id_column("camera_id", key=True),
    id_column("replica_id", key=True),
    id_column("site_id"),
    time_column("until"),
)

live_pictures = sa.Table(
    "live_pictures",
    metadata,
    id_column("tenant_id", key=True),
    id_column("camera_id", key=True),
    id_column("site_id"),
    sa.Column("number", sa.BigInteger, nullable=False),
    time_column("kept_at"),
    sa.Column("facts", JSONB, nullable=False),
    sa.Column("jpeg", sa.LargeBinary, nullable=False),
)

camera_trials = sa.Table(
    "camera_trials",
    metadata,
    id_column("tenant_id", key=True),
    id_column("trial_id", key=True),
    id_column("camera_id", required=False),
    text_column("type"),
    sa.Column("webcam_index", sa.Integer),
    sa.Column("rtsp_url_sealed", sa.LargeBinary),
    text_column("file_path", required=False),
    time_column("asked_at"),
    text_column("taken_by", required=False),
    sa.Column("answer", JSONB),
    sa.Column("jpeg", sa.LargeBinary),
)
