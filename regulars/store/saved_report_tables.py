"""The tables of saved reports and their issues; made by migration 0009."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from regulars.store.columns import id_column, metadata, text_column, time_column

saved_reports = sa.Table(
    "saved_reports",
    metadata,
    id_column("tenant_id", key=True),
    id_column("saved_report_id", key=True),
    text_column("name"),
    sa.Column("site_ids", ARRAY(sa.Uuid())),
    text_column("bucket"),
    sa.Column("hour_from", sa.Integer),
    sa.Column("hour_to", sa.Integer),
    text_column("gender", required=False),
    text_column("schedule"),
    time_column("scheduled_at"),
    sa.Column("formats", ARRAY(sa.Text), nullable=False),
    text_column("language"),
    sa.Column("keep_months", sa.Integer, nullable=False),
    time_column("created_at"),
)

saved_report_recipients = sa.Table(
    "saved_report_recipients",
    metadata,
    id_column("tenant_id", key=True),
    id_column("saved_report_id", key=True),
    id_column("user_id", key=True),
)

report_issues = sa.Table(
    "report_issues",
    metadata,
    id_column("tenant_id", key=True),
    id_column("issue_id", key=True),
    id_column("saved_report_id"),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("site_ids", ARRAY(sa.Uuid())),
    sa.Column("scheduled", sa.Boolean, nullable=False),
    sa.Column("formats", ARRAY(sa.Text), nullable=False),
    text_column("language"),
    time_column("made_at"),
)

report_mails = sa.Table(
    "report_mails",
    metadata,
    id_column("tenant_id", key=True),
    id_column("issue_id", key=True),
    id_column("user_id", key=True),
    time_column("mailed_at", required=False),
)
