"""Saved reports, who is mailed them, and the issues of them that are kept."""

from alembic import op

from regulars.store.migrations.protection import OF_TENANT, protect

revision = "0009"
down_revision = "0008"

TABLES = """
create table saved_reports (
    tenant_id uuid not null references tenants, saved_report_id uuid not null, name text not null, site_ids uuid[],
    bucket text not null, hour_from integer, hour_to integer, gender text,
    schedule text not null check (schedule in ('none', 'weekly', 'monthly')), scheduled_at timestamptz not null,
    formats text[] not null, language text not null check (language in ('vi', 'en')),
    keep_months integer not null check (keep_months > 0), created_at timestamptz not null,
    primary key (tenant_id, saved_report_id), check ((hour_from is null) = (hour_to is null))
);
create table saved_report_recipients (
    tenant_id uuid not null, saved_report_id uuid not null, user_id uuid not null references users on delete cascade,
    primary key (tenant_id, saved_report_id, user_id),
    foreign key (tenant_id, saved_report_id) references saved_reports on delete cascade
);
create table report_issues (
    tenant_id uuid not null, issue_id uuid not null, saved_report_id uuid not null, first_day date not null,
    last_day date not null, site_ids uuid[], scheduled boolean not null, formats text[] not null,
    language text not null, made_at timestamptz not null, primary key (tenant_id, issue_id),
    foreign key (tenant_id, saved_report_id) references saved_reports on delete cascade
);
create unique index report_issues_by_range on report_issues (tenant_id, saved_report_id, first_day, last_day)
    where scheduled;
create index report_issues_by_time on report_issues (tenant_id, saved_report_id, made_at);
create table report_mails (
    tenant_id uuid not null, issue_id uuid not null, user_id uuid not null references users on delete cascade,
    mailed_at timestamptz, primary key (tenant_id, issue_id, user_id),
    foreign key (tenant_id, issue_id) references report_issues on delete cascade
);
"""
# Who sees some sites only, sees reports of none but those. An issue says what it told, whatever was changed since.
OF_SITES = "(select app_sites()) is null or site_ids <@ (select app_sites())::uuid[]"


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    for table in ("saved_reports", "saved_report_recipients", "report_issues", "report_mails"):
        protect(table, OF_TENANT)
    for table in ("saved_reports", "report_issues"):
        op.execute(f"create policy {table}_sites on {table} as restrictive using ({OF_SITES}) with check ({OF_SITES})")
