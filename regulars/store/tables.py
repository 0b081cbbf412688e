"""The tables of PostgreSQL as queries see them; `migrations/` makes them, a test holds the two together.

`tenant_id` comes first in every key. The one exception is the gallery (customers, face_templates), which belongs to
a sharing scope: the network of tenants that share customers, or a single isolated tenant.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.store.columns import id_column as _id
from regulars.store.columns import metadata
from regulars.store.columns import text_column as _text
from regulars.store.columns import time_column as _time

tenants = sa.Table(
    "tenants",
    metadata,
    _id("tenant_id", key=True),
    _text("name"),
    _text("sharing"),
    sa.Column("recognition", sa.Boolean, nullable=False),
    _time("created_at"),
    _time("suspended_at", required=False),
    _text("language"),
    sa.Column("retention_days", sa.Integer, nullable=False),
    sa.Column("inactive_after_months", sa.Integer),
    sa.Column("least_people_shown", sa.Integer, nullable=False),
    sa.Column("second_factor_required", sa.Boolean, nullable=False),
)

sites = sa.Table(
    "sites",
    metadata,
    _id("tenant_id", key=True),
    _id("site_id", key=True),
    _text("name"),
    _text("time_zone"),
    sa.Column("visit_gap_minutes", sa.Numeric(8, 3, asdecimal=False), nullable=False),
    sa.Column("opening_hours", JSONB, nullable=False),
    _text("address"),
    sa.Column("active", sa.Boolean, nullable=False),
    _time("created_at"),
)

cameras = sa.Table(
    "cameras",
    metadata,
    _id("tenant_id", key=True),
    _id("camera_id", key=True),
    _id("site_id"),
    _text("name"),
    _text("type"),
    sa.Column("webcam_index", sa.Integer),
    sa.Column("rtsp_url_sealed", sa.LargeBinary),
    _text("file_path", required=False),
    _time("file_starts_at", required=False),
    sa.Column("line", JSONB),
    _text("role"),
    sa.Column("recognition", sa.Boolean, nullable=False),
    _text("wanted_state"),
    _text("state"),
    _text("state_reason"),
    _text("state_detail"),
    _time("state_at", required=False),
    sa.Column("counters", JSONB, nullable=False),
    _time("created_at"),
)

camera_leases = sa.Table(
    "camera_leases",
    metadata,
    _id("tenant_id", key=True),
    _id("camera_id", key=True),
    _id("lease_id", key=True),
    _text("worker_id"),
    _time("acquired_at"),
    _time("expires_at"),
    _time("released_at", required=False),
)

camera_sight = sa.Table(
    "camera_sight",
    metadata,
    _id("tenant_id", key=True),
    _id("camera_id", key=True),
    sa.Column("since", sa.DateTime(timezone=True), primary_key=True),
    _time("until"),
)

customers = sa.Table(
    "customers",
    metadata,
    _id("scope_id", key=True),
    _id("customer_id", key=True),
    _text("name", required=False),
    _text("gender"),
    sa.Column("birth_year", sa.Integer),
    _text("phone", required=False),
    _time("created_at"),
    _id("merged_into", required=False),
)

tenant_customers = sa.Table(
    "tenant_customers",
    metadata,
    _id("tenant_id", key=True),
    _id("customer_id", key=True),
    _id("scope_id"),
    _time("first_visit_at"),
    _text("note", required=False),
)

staff = sa.Table(
    "staff",
    metadata,
    _id("tenant_id", key=True),
    _id("staff_id", key=True),
    _text("name"),
    _text("gender"),
    sa.Column("birth_year", sa.Integer),
    _text("phone", required=False),
    _text("email", required=False),
    sa.Column("active", sa.Boolean, nullable=False),
    _id("customer_id", required=False),
    _time("created_at"),
)

face_templates = sa.Table(
    "face_templates",
    metadata,
    _id("scope_id", key=True),
    _id("template_id", key=True),
    _id("tenant_id"),
    _text("kind"),
    _id("subject_id"),
    _text("pack"),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("quality", sa.Numeric(5, 4, asdecimal=False), nullable=False),
    _id("track_id", required=False),
    sa.Column("seq", sa.BigInteger, sa.Identity(always=True), nullable=False),
    _time("created_at"),
    _time("indexed_at", required=False),
    _id("withdrawn_by", required=False),
)

sightings = sa.Table(
    "sightings",
    metadata,
    _id("tenant_id", key=True),
    _id("track_id", key=True),
    _id("site_id"),
    _id("camera_id"),
    _id("lease_id"),
    _text("manifest_key"),
    _time("started_at"),
    _time("ended_at"),
    _text("direction"),
    _text("outcome"),
    _text("reason"),
    _id("customer_id", required=False),
    _id("staff_id", required=False),
    _id("visit_id", required=False),
    _text("gender"),
    sa.Column("gender_male_weight", sa.Numeric(8, 5, asdecimal=False), nullable=False),
    sa.Column("gender_weight", sa.Numeric(8, 5, asdecimal=False), nullable=False),
    sa.Column("detections", sa.Integer, nullable=False),
    sa.Column("shots", JSONB, nullable=False),
    _text("pack", required=False),
    _text("lost_because", required=False),
    _time("recognized_at"),
    sa.Column("ongoing", sa.Boolean, nullable=False),
)

visits = sa.Table(
    "visits",
    metadata,
    _id("tenant_id", key=True),
    _id("visit_id", key=True),
    sa.Column("started_at", sa.DateTime(timezone=True), primary_key=True),
    _time("ended_at"),
    _id("site_id"),
    _id("customer_id", required=False),
    _text("status"),
    _text("gender"),
    _text("direction"),
    sa.Column("sightings", sa.Integer, nullable=False),
    _time("created_at"),
)

crossings = sa.Table(
    "crossings",
    metadata,
    _id("tenant_id", key=True),
    _id("track_id", key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    _id("site_id"),
    _id("camera_id"),
    _time("at"),
    _text("direction"),
)

events_set_aside = sa.Table(
    "events_set_aside",
    metadata,
    _id("set_aside_id", key=True),
    _id("tenant_id", required=False),
    _text("object_key"),
    _text("reason"),
    _text("detail"),
    sa.Column("attempts", sa.Integer, nullable=False),
    _time("first_at"),
    _time("last_at"),
    _time("resolved_at", required=False),
)

live_events = sa.Table(
    "live_events",
    metadata,
    _id("tenant_id", key=True),
    sa.Column("event_number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    _id("site_id", required=False),
    _text("kind"),
    _id("subject_id"),
    _time("at"),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    _id("audit_id", key=True),
    _id("tenant_id", required=False),
    _text("actor"),
    _text("action"),
    _text("subject_kind"),
    _text("subject_id"),
    sa.Column("detail", JSONB, nullable=False),
    _time("at"),
)
