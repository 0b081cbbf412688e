"""The tables of PostgreSQL as queries see them; `migrations/` makes them, a test holds the two together.

`tenant_id` comes first in every key. The one exception is the gallery (customers, face_templates), which belongs to
a sharing scope: the network of tenants that share customers, or a single isolated tenant.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _id(name: str, *, key: bool = False, required: bool = True) -> Column[object]:
    return Column(name, Uuid(), primary_key=key, nullable=not (required or key))


def _time(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def _text(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, Text, nullable=not required)


tenants = Table(
    "tenants",
    metadata,
    _id("tenant_id", key=True),
    _text("name"),
    _text("sharing"),
    _time("created_at"),
)

sites = Table(
    "sites",
    metadata,
    _id("tenant_id", key=True),
    _id("site_id", key=True),
    _text("name"),
    _text("time_zone"),
    Column("visit_gap_minutes", Numeric(8, 3, asdecimal=False), nullable=False),
    _time("created_at"),
)

cameras = Table(
    "cameras",
    metadata,
    _id("tenant_id", key=True),
    _id("camera_id", key=True),
    _id("site_id"),
    _text("name"),
    _text("type"),
    Column("webcam_index", Integer),
    Column("rtsp_url_sealed", LargeBinary),
    _text("file_path", required=False),
    _time("file_starts_at", required=False),
    Column("line", JSONB),
    _text("role"),
    Column("recognition", Boolean, nullable=False),
    _text("wanted_state"),
    _text("state"),
    _text("state_reason"),
    _text("state_detail"),
    _time("state_at", required=False),
    Column("counters", JSONB, nullable=False),
    _time("created_at"),
)

camera_leases = Table(
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

customers = Table(
    "customers",
    metadata,
    _id("scope_id", key=True),
    _id("customer_id", key=True),
    _text("name", required=False),
    _text("gender"),
    Column("birth_year", Integer),
    _text("phone", required=False),
    _text("note", required=False),
    _time("created_at"),
)

tenant_customers = Table(
    "tenant_customers",
    metadata,
    _id("tenant_id", key=True),
    _id("customer_id", key=True),
    _id("scope_id"),
    _time("first_visit_at"),
)

staff = Table(
    "staff",
    metadata,
    _id("tenant_id", key=True),
    _id("staff_id", key=True),
    _text("name"),
    _text("gender"),
    Column("birth_year", Integer),
    _text("phone", required=False),
    _text("email", required=False),
    Column("active", Boolean, nullable=False),
    _time("created_at"),
)

face_templates = Table(
    "face_templates",
    metadata,
    _id("scope_id", key=True),
    _id("template_id", key=True),
    _id("tenant_id"),
    _text("kind"),
    _id("subject_id"),
    _text("pack"),
    Column("vector", LargeBinary, nullable=False),
    Column("quality", Numeric(5, 4, asdecimal=False), nullable=False),
    _id("track_id", required=False),
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    _time("created_at"),
    _time("indexed_at", required=False),
)

sightings = Table(
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
    Column("gender_male_weight", Numeric(8, 5, asdecimal=False), nullable=False),
    Column("gender_weight", Numeric(8, 5, asdecimal=False), nullable=False),
    Column("detections", Integer, nullable=False),
    Column("shots", JSONB, nullable=False),
    _text("pack", required=False),
    _time("recognized_at"),
)

visits = Table(
    "visits",
    metadata,
    _id("tenant_id", key=True),
    _id("visit_id", key=True),
    Column("started_at", DateTime(timezone=True), primary_key=True),
    _time("ended_at"),
    _id("site_id"),
    _id("customer_id", required=False),
    _text("status"),
    _text("gender"),
    _text("direction"),
    Column("sightings", Integer, nullable=False),
    _time("created_at"),
)

crossings = Table(
    "crossings",
    metadata,
    _id("tenant_id", key=True),
    _id("track_id", key=True),
    Column("number", Integer, primary_key=True),
    _id("site_id"),
    _id("camera_id"),
    _time("at"),
    _text("direction"),
)

users = Table(
    "users",
    metadata,
    _id("user_id", key=True),
    _id("tenant_id", required=False),
    _text("email"),
    _text("password_hash"),
    _text("role"),
    _time("created_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id("key_id", key=True),
    _id("tenant_id", required=False),
    _text("name"),
    _text("scope"),
    _text("secret_hash"),
    _time("created_at"),
    _time("last_used_at", required=False),
    _time("revoked_at", required=False),
)

events_set_aside = Table(
    "events_set_aside",
    metadata,
    _id("set_aside_id", key=True),
    _id("tenant_id", required=False),
    _text("object_key"),
    _text("reason"),
    _text("detail"),
    Column("attempts", Integer, nullable=False),
    _time("first_at"),
    _time("last_at"),
    _time("resolved_at", required=False),
)

live_events = Table(
    "live_events",
    metadata,
    _id("tenant_id", key=True),
    Column("event_number", BigInteger, Identity(always=True), primary_key=True),
    _id("site_id", required=False),
    _text("kind"),
    _id("subject_id"),
    _time("at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    _id("audit_id", key=True),
    _id("tenant_id", required=False),
    _text("actor"),
    _text("action"),
    _text("subject_kind"),
    _text("subject_id"),
    Column("detail", JSONB, nullable=False),
    _time("at"),
)
