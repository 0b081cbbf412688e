"""Raw SQL as the application's role, with every condition on the tenant left out: the database still holds the line."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from regulars.errors import InputRefused
from regulars.ids import new_id
from regulars.steps.recognize import Recognizer
from regulars.store.camera_trials import CameraTrial, add_trial
from regulars.store.session import transaction
from regulars.store.watching import WatchedCamera, put_picture, watch
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

_TABLES = """
    from pg_class t join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
    where t.relkind in ('r', 'p') and not t.relispartition and exists (
        select from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant_id' and not a.attisdropped)
"""
TABLES_OF_TENANTS = f"select t.relname {_TABLES}"
# A table is held when it is switched on, and each way in (a permissive policy) asks whose the row is, for what is
# written as for what is read.
LOOSE = f"""
    select t.relname {_TABLES} and not (t.relrowsecurity
        and exists (select from pg_policy p where p.polrelid = t.oid and p.polpermissive)
        and not exists (
            select from pg_policy p where p.polrelid = t.oid and p.polpermissive
            and (pg_get_expr(p.polqual, t.oid) !~ 'app_(tenant|scope|platform)\\(\\)'
                or coalesce(pg_get_expr(p.polwithcheck, t.oid), '') !~ 'app_(tenant|scope|platform)\\(\\)')))
"""  # noqa: S608
# A partition is no way around its table: the role that everybody connects as has no right to it.
REACHABLE_PARTITIONS = """
    select relname from pg_class where relispartition and relkind = 'r'
    and has_table_privilege('regulars_app', oid, 'select, insert, update, delete')
"""


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


def test_every_table_of_a_tenant_is_held_to_it_by_the_catalogue(visited: Shop) -> None:
    with transaction(visited.engine, PLATFORM) as connection:
        loose = [tuple(row) for row in connection.execute(text(LOOSE))]
        reachable = connection.scalars(text(REACHABLE_PARTITIONS)).all()
    assert loose == []
    assert reachable == []


def test_no_table_of_a_tenant_shows_anything_to_another_or_to_nobody(visited: Shop, shop: Shop) -> None:
    look_through_a_camera(visited)
    with transaction(visited.engine, PLATFORM) as connection:
        tables = connection.scalars(text(TABLES_OF_TENANTS)).all()
    assert {"camera_watchers", "live_pictures", "camera_trials", "visits", "staff", "webhooks"} <= set(tables)
    filled: set[str] = set()
    own = {"own": visited.tenant.tenant_id}
    for table in tables:
        count = text(f"select count(*) from {table} where tenant_id = :own")  # noqa: S608
        with transaction(visited.engine, visited.tenancy()) as connection:
            filled |= {table} if connection.scalar(count, own) else set()
        with transaction(shop.engine, shop.tenancy()) as connection:
            assert connection.scalar(count, own) == 0, table
        with visited.engine.begin() as connection:
            assert connection.scalar(text(f"select count(*) from {table}")) == 0, table  # noqa: S608
    assert {"camera_watchers", "live_pictures", "camera_trials", *OF_A_TENANT} - filled <= {"crossings"}


def look_through_a_camera(shop: Shop) -> None:
    """Watch a camera of the shop's that shows a picture, and have a source tried."""
    camera = WatchedCamera(shop.tenant.tenant_id, shop.camera_ids[0], shop.site_id)
    with transaction(shop.engine, shop.tenancy()) as connection:
        watch(connection, camera, new_id(), at(0))
        put_picture(connection, camera, {}, b"picture", at(0))
        add_trial(connection, CameraTrial(shop.tenant.tenant_id, new_id(), None, "webcam", 0, None, None), at(0))


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
