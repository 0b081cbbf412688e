"""Raw SQL as the application's role, with every condition on the tenant left out: the database still holds the line."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from regulars.errors import InputRefused
from regulars.ids import new_id
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM, Tenancy
from tests.recognizing import OpenShop
from tests.shop import Shop, at

OF_A_TENANT = (
    "tenants",
    "sites",
    "cameras",
    "tenant_customers",
    "sightings",
    "visits",
    "crossings",
    "live_events",
    "events_set_aside",
    "audit_log",
)
PEOPLE = ("customers", "face_templates", "tenant_customers", "staff", "sightings", "visits", "crossings", "live_events")


@pytest.fixture
def visited(opens: OpenShop, recognizer: Recognizer) -> Shop:
    """An isolated shop with one visit and one track set aside."""
    shop = opens()
    recognizer.handle(shop.walk_in(7, at(0)))
    recognizer.handle(shop.write(shop.manifest(at(1)), b"junk"))
    return shop


def rows(engine: Engine, tenancy: Tenancy, table: str) -> list[dict[str, object]]:
    with transaction(engine, tenancy) as connection:
        return [dict(row) for row in connection.execute(text(f"select * from {table}")).mappings()]  # noqa: S608


@pytest.mark.parametrize("table", OF_A_TENANT)
def test_a_tenant_sees_its_own_rows_and_no_others(table: str, visited: Shop, shop: Shop) -> None:
    tenant_id = visited.tenant.tenant_id
    own = rows(visited.engine, visited.tenancy(), table)
    assert {row["tenant_id"] for row in own} <= {tenant_id}
    assert own or table == "crossings"
    assert not [row for row in rows(shop.engine, shop.tenancy(), table) if row["tenant_id"] == tenant_id]


@pytest.mark.parametrize("table", ["customers", "face_templates"])
def test_a_gallery_is_seen_from_its_own_scope_only(table: str, visited: Shop, shop: Shop) -> None:
    assert {row["scope_id"] for row in rows(visited.engine, visited.tenancy(), table)} == {visited.tenant.scope_id}
    assert rows(shop.engine, shop.tenancy(), table) == []


@pytest.mark.parametrize("table", PEOPLE)
def test_the_platform_sees_no_people(table: str, visited: Shop) -> None:
    assert rows(visited.engine, PLATFORM, table) == []


@pytest.mark.parametrize("table", [*OF_A_TENANT, *PEOPLE])
def test_without_a_tenancy_nothing_is_seen(table: str, visited: Shop) -> None:
    with visited.engine.begin() as connection:
        assert connection.scalar(text(f"select count(*) from {table}")) == 0  # noqa: S608


def test_the_gateway_sees_customers_who_visited_and_not_one_vector(visited: Shop, shop: Shop) -> None:
    gateway = Tenancy(visited.tenant.tenant_id)
    assert len(rows(visited.engine, gateway, "customers")) == 1
    assert rows(visited.engine, gateway, "face_templates") == []
    assert rows(shop.engine, Tenancy(shop.tenant.tenant_id), "customers") == []


def test_a_network_customer_is_seen_by_the_chains_visited_only(opens: OpenShop, recognizer: Recognizer) -> None:
    here, there = opens(sharing="network"), opens(sharing="network")
    recognizer.handle(here.walk_in(201, at(0)))
    assert len(rows(here.engine, Tenancy(here.tenant.tenant_id), "customers")) == 1
    assert rows(there.engine, Tenancy(there.tenant.tenant_id), "customers") == []


def test_rows_cannot_be_written_for_another_tenant(visited: Shop, shop: Shop) -> None:
    steal = text("update visits set tenant_id = :other")
    plant = text(
        "insert into live_events (tenant_id, kind, subject_id, at) values (:other, 'visit_opened', :other, now())"
    )
    for statement in (steal, plant):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction(visited.engine, visited.tenancy()) as connection,
        ):
            connection.execute(statement, {"other": shop.tenant.tenant_id})


def test_changing_and_deleting_everything_leaves_other_tenants_alone(visited: Shop, shop: Shop) -> None:
    with transaction(shop.engine, shop.tenancy()) as connection:
        assert connection.execute(text("update visits set gender = 'male'")).rowcount == 0
        assert connection.execute(text("delete from sightings")).rowcount == 0
    assert len(rows(visited.engine, visited.tenancy(), "sightings")) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "set row_security = off; select * from visits",
        "alter table visits disable row level security",
        "drop policy visits_tenancy on visits",
        "set role postgres",
        "create role intruder superuser",
        "select * from visits_2026_03",
        "update audit_log set actor = 'nobody'",
        "delete from audit_log",
        "truncate visits",
        "select * from alembic_version",
        "create table public.mine (id int)",
        "copy visits to program 'cat'",
    ],
)
def test_the_applications_role_cannot_step_around_it(statement: str, visited: Shop) -> None:
    with pytest.raises(DBAPIError), transaction(visited.engine, visited.tenancy()) as connection:
        connection.exec_driver_sql(statement)


def test_the_role_is_neither_superuser_nor_owner_nor_exempt(visited: Shop) -> None:
    with transaction(visited.engine, PLATFORM) as connection:
        may = connection.execute(
            text("select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user")
        ).one()
        owned = connection.scalar(text("select count(*) from pg_tables where tableowner = current_user"))
        unprotected = connection.scalars(
            text(
                "select relname from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'public'"
                " and relkind in ('r', 'p') and not relrowsecurity and not relispartition"
                " and relname <> 'alembic_version'"
            )
        ).all()
    assert tuple(may) == (False, False, False, False)
    assert owned == 0
    assert unprotected == []


def test_a_transaction_leaves_nothing_of_its_tenancy_to_the_next(visited: Shop) -> None:
    rows(visited.engine, visited.tenancy(), "visits")
    with visited.engine.begin() as connection:
        assert connection.scalar(text("select current_setting('app.tenant_id', true)")) in ("", None)


def test_an_unknown_tenant_is_refused_before_anything_is_read(shop: Shop, recognizer: Recognizer) -> None:
    key = shop.walk_in(7, at(0)).replace(str(shop.tenant.tenant_id), str(new_id()))
    with pytest.raises(InputRefused, match="no tenant"):
        recognizer.recognize(key)
