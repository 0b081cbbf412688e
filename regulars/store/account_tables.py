"""The tables of accounts beside `users` and `api_keys`: which sites a manager sees, who is logged in, what waits."""

import sqlalchemy as sa

from regulars.store.columns import id_column as _id
from regulars.store.columns import metadata

user_sites = sa.Table(
    "user_sites",
    metadata,
    _id("tenant_id", key=True),
    _id("user_id", key=True),
    _id("site_id", key=True),
)
