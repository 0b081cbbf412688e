"""The tables of accounts: people and machines that may come in, who is logged in, and what they must wait for."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from regulars.store.columns import id_column as _id
from regulars.store.columns import metadata
from regulars.store.columns import text_column as _text
from regulars.store.columns import time_column as _time

users = sa.Table(
    "users",
    metadata,
    _id("user_id", key=True),
    _id("tenant_id", required=False),
    _text("email"),
    _text("password_hash", required=False),
    _text("role"),
    _time("created_at"),
    _time("password_temporary_since", required=False),
)

user_sites = sa.Table(
    "user_sites",
    metadata,
    _id("tenant_id", key=True),
    _id("user_id", key=True),
    _id("site_id", key=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    _id("session_id", key=True),
    _id("tenant_id", required=False),
    _id("user_id"),
    _text("via"),
    _text("device"),
    _text("secret_hash"),
    sa.Column("used_hashes", ARRAY(sa.Text), nullable=False),
    _time("began_at"),
    _time("renewed_at"),
    _time("expires_at"),
)

second_factors = sa.Table(
    "second_factors",
    metadata,
    _id("user_id", key=True),
    _id("tenant_id", required=False),
    sa.Column("secret_sealed", sa.LargeBinary, nullable=False),
    _time("confirmed_at", required=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    _id("user_id", key=True),
    sa.Column("code_hash", sa.Text, primary_key=True),
    _id("tenant_id", required=False),
)

one_time_links = sa.Table(
    "one_time_links",
    metadata,
    _id("link_id", key=True),
    _id("tenant_id", required=False),
    _id("user_id"),
    _text("purpose"),
    _text("secret_hash"),
    _time("expires_at"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    _id("key_id", key=True),
    _id("tenant_id", required=False),
    _text("name"),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    _text("secret_hash"),
    _text("old_secret_hash", required=False),
    _time("old_until", required=False),
    _text("created_by"),
    _time("created_at"),
    _time("expires_at", required=False),
    _time("last_used_at", required=False),
    _time("revoked_at", required=False),
)

limits = sa.Table(
    "limits",
    metadata,
    sa.Column("subject", sa.LargeBinary, primary_key=True),
    sa.Column("taken", sa.Integer, nullable=False),
    _time("began_at"),
    _time("ends_at"),
)
