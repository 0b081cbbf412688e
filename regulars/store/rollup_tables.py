"""The tables of rollups; beside `tables.py`, made by migrations 0008, 0014, 0016, 0017, 0018 and 0020."""

from typing import Any

import numpy as np
import sqlalchemy as sa

from regulars.domain.reports.columns import ALONE
from regulars.domain.reports.site_days import HOURLY, KINDS
from regulars.store.columns import id_column, metadata, time_column

rollup_days = sa.Table(
    "rollup_days",
    metadata,
    id_column("tenant_id", key=True),
    id_column("site_id", key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("visitors", sa.LargeBinary, nullable=False),
    sa.Column("dwells", sa.LargeBinary, nullable=False),
    sa.Column("sums", sa.LargeBinary, nullable=False),
    time_column("rolled_up_at"),
)


def _sums(number: str) -> np.dtype[Any]:
    return np.dtype(
        [
            ("bytes", "<i4"),
            ("visits", "<i4"),
            ("dwell_bytes", "<i4"),
            ("alone", "<f8", len(ALONE)),
            ("hours", number, (len(HOURLY), 24)),
            ("tally", number, (KINDS, 24)),
        ]
    )


SHORT_SUMS, SUMS = _sums("<u2"), _sums("<i4")
"""What `sums` holds, as a row of `Columns`: in the short form where two bytes can say each number. `bytes` is its own
size. `visitors` are int32 of `visits`; `dwells` int16 or, where somebody stayed for longer than that can say, int32:
`dwell_bytes` in all."""

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
