"""What every migration does to the tables it makes: grant them to the application, hold each to its tenancy."""

from alembic import op

OF_TENANT = "tenant_id = app_tenant()"
OF_TENANT_OR_PLATFORM = "tenant_id = app_tenant() or app_platform()"
OF_SCOPE = "scope_id = app_scope()"
OF_SCOPE_OR_TENANT = "scope_id = app_scope() or tenant_id = app_tenant()"


def protect(table: str, rule: str) -> None:
    """Grant the table to `regulars_app` and show it only the rows that `rule` allows."""
    op.execute(f"grant select, insert, update, delete on {table} to regulars_app")
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy {table}_tenancy on {table} using ({rule}) with check ({rule})")


def protect_sites(table: str) -> None:
    """Hide other sites' rows from who may only see some sites (`app.site_ids`); rows of no site stay visible.

    The list is read once per statement, not once per row: hence the subselects.
    """
    rule = "(select app_sites()) is null or site_id is null or site_id = any((select app_sites())::uuid[])"
    op.execute(f"create policy {table}_sites on {table} as restrictive using ({rule}) with check ({rule})")
