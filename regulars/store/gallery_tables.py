"""The table of looks that left a gallery: what tells who holds a copy in memory what to forget."""

import sqlalchemy as sa

from regulars.store.columns import id_column as _id
from regulars.store.columns import metadata
from regulars.store.columns import text_column as _text
from regulars.store.columns import time_column as _time

templates_gone = sa.Table(
    "templates_gone",
    metadata,
    _id("scope_id", key=True),
    _text("kind"),
    _text("pack"),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("gone_in", sa.BigInteger, nullable=False),
    _time("gone_at"),
)
"""`seq` is the look's in `face_templates`, `gone_in` the transaction that took it out, `gone_at` when that began."""
