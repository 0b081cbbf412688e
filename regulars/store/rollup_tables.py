"""The tables of rollups; beside `tables.py`, made by migrations 0008, 0014 and 0016."""

import sqlalchemy as sa

from regulars.store.columns import id_column, metadata, time_column

rollup_days = sa.Table(
    "rollup_days",
    metadata,
    id_column("tenant_id", key=True),
    id_column("site_id", key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("visitors", sa.LargeBinary, nullable=False),
    sa.Column("cells", sa.LargeBinary, nullable=False),
    sa.Column("dwells", sa.LargeBinary, nullable=False),
    sa.Column("hours", sa.LargeBinary, nullable=False),
    sa.Column("inside_peak", sa.Integer),
    sa.Column("inside_person_s", sa.Double),
    sa.Column("inside_span_s", sa.Double),
    sa.Column("inside_unseen_in", sa.Integer),
    sa.Column("inside_left_over", sa.Integer),
    time_column("rolled_up_at"),
)

visitor_numbers = sa.Table(
    "visitor_numbers",
    metadata,
    id_column("tenant_id", key=True),
    id_column("customer_id", key=True),
    sa.Column("number", sa.Integer, nullable=False),
)

simulated_tenants = sa.Table(
    "simulated_tenants",
    metadata,
    id_column("tenant_id", key=True),
    sa.Column("seed", sa.BigInteger, nullable=False),
    time_column("made_at"),
)
