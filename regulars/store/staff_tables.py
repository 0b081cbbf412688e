"""The tables of where staff work and of their photographs; beside `tables.py`."""

import sqlalchemy as sa

from regulars.store.columns import id_column, metadata, time_column

staff_sites = sa.Table(
    "staff_sites",
    metadata,
    id_column("tenant_id", key=True),
    id_column("staff_id", key=True),
    id_column("site_id", key=True),
)

staff_photographs = sa.Table(
    "staff_photographs",
    metadata,
    id_column("tenant_id", key=True),
    id_column("photograph_id", key=True),
    id_column("staff_id"),
    sa.Column("quality", sa.Numeric(5, 4, asdecimal=False), nullable=False),
    time_column("created_at"),
)
