"""The tables of what people may ask for: consents, objections, the ledger of erasures, tenants that leave."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from regulars.store.columns import id_column, metadata, text_column, time_column

erasures = sa.Table(
    "erasures",
    metadata,
    id_column("scope_id", key=True),
    id_column("erasure_id", key=True),
    id_column("tenant_id", required=False),
    sa.Column("whole", sa.Boolean, nullable=False),
    sa.Column("subjects", ARRAY(sa.Text()), nullable=False),
    text_column("actor"),
    time_column("asked_at"),
    text_column("state"),
    sa.Column("work", JSONB(none_as_null=True)),
    sa.Column("receipt", JSONB, nullable=False),
    time_column("finished_at", required=False),
)

consents = sa.Table(
    "consents",
    metadata,
    id_column("tenant_id", key=True),
    id_column("consent_id", key=True),
    id_column("customer_id"),
    text_column("purpose"),
    sa.Column("given", sa.Boolean, nullable=False),
    text_column("how"),
    text_column("text_version"),
    text_column("actor"),
    time_column("at"),
)

objections = sa.Table(
    "objections",
    metadata,
    id_column("scope_id", key=True),
    id_column("objection_id", key=True),
    id_column("tenant_id", required=False),
    text_column("how"),
    text_column("actor"),
    time_column("at"),
)

departures = sa.Table(
    "departures",
    metadata,
    id_column("tenant_id", key=True),
    text_column("asked_by"),
    time_column("asked_at"),
    time_column("due_at"),
    text_column("state"),
    sa.Column("receipt", JSONB, nullable=False),
    time_column("finished_at", required=False),
)
