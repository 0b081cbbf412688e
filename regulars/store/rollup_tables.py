"""The tables of rollups; beside `tables.py`, made by migrations 0008, 0014 and 0016."""

import numpy as np
import sqlalchemy as sa

from regulars.domain.reports.columns import INSIDE, KINDS
from regulars.domain.reports.site_days import HOURLY
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
    sa.Column("sums", sa.LargeBinary, nullable=False),
    time_column("rolled_up_at"),
)

SUMS = np.dtype(
    [
        ("visits", "<i4"),
        ("dwell_bytes", "<i4"),
        ("insides", "<f8", len(INSIDE)),
        ("hours", "<i4", (len(HOURLY), 24)),
        ("tally", "<i4", (KINDS, 24)),
    ]
)
"""What `sums` holds, as a row of `Columns`. `visitors` are int32 and `cells` uint8 of `visits` each, `dwells` int16 or,
where somebody stayed for longer than that can say, int32: `dwell_bytes` in all."""

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
