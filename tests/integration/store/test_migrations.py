"""The migrated schema and tables.py are one; migrating is repeatable, and harmless when two do it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from regulars.errors import ConfigurationRefused
from regulars.store.account_tables import user_sites
from regulars.store.columns import metadata
from regulars.store.correction_tables import corrections
from regulars.store.gallery_tables import templates_gone
from regulars.store.idempotency_tables import idempotency_keys
from regulars.store.migrate import migrate
from regulars.store.rights_tables import erasures
from regulars.store.rollup_tables import rollup_days
from regulars.store.saved_report_tables import saved_reports
from regulars.store.session import connect, transaction
from regulars.store.tables import sightings
from regulars.store.visits import ensure_month
from regulars.store.watching_tables import live_pictures
from regulars.tenancy import PLATFORM

OF_EACH_MODULE = (
    corrections,
    erasures,
    idempotency_keys,
    live_pictures,
    rollup_days,
    saved_reports,
    sightings,
    templates_gone,
    user_sites,
)
assert all(table.metadata is metadata for table in OF_EACH_MODULE), "all modules fill one metadata"
APPLICATION = "postgresql://regulars_app:of-the-tests@localhost/x"


def _is_ours(_: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    """Leave out what only SQL says: partitions, indexes and foreign keys."""
    if kind == "table":
        return not (reflected and compared is None and str(name).startswith(("visits_", "alembic_")))
    return kind == "column"


def test_tables_and_migrations_say_the_same(owner: Engine) -> None:
    with owner.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _is_ours, "compare_server_default": False}
        )
        differences = compare_metadata(context, metadata)
    assert [one for one in differences if one[0] not in ("remove_index", "remove_constraint", "remove_fk")] == []


def test_the_comparison_would_see_a_column_that_is_missing(owner: Engine) -> None:
    with owner.connect() as connection:
        connection.execute(text("alter table sites drop column time_zone"))
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert [one[0] for one in compare_metadata(context, metadata) if one[0] == "add_column"]
        connection.rollback()


def test_two_that_migrate_at_once_are_harmless(empty_database_url: str) -> None:
    owners = [connect(empty_database_url, pool_size=1) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        for wait in [pool.submit(migrate, one, APPLICATION) for one in owners]:
            wait.result()
    migrate(owners[0], APPLICATION)
    with owners[0].connect() as connection:
        assert connection.scalar(text("select count(*) from alembic_version")) == 1
    for one in owners:
        one.dispose()


def test_a_database_of_a_newer_version_is_left_as_it_is(empty_database_url: str) -> None:
    owner = connect(empty_database_url, pool_size=1)
    migrate(owner, APPLICATION)
    with owner.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(ConfigurationRefused, match="9999, which this version of Regulars does not know"):
        migrate(owner, APPLICATION)
    with owner.connect() as connection:
        assert connection.scalar(text("select version_num from alembic_version")) == "9999"
    owner.dispose()


def test_many_that_need_a_new_month_at_once_get_one_partition(engine: Engine, owner: Engine) -> None:
    moment = datetime(2031, 7, 15, tzinfo=UTC)

    def ensure() -> None:
        with transaction(engine, PLATFORM) as connection:
            ensure_month(connection, moment)

    with ThreadPoolExecutor(6) as pool:
        for wait in [pool.submit(ensure) for _ in range(6)]:
            wait.result()
    with owner.connect() as connection:
        names = connection.scalars(text("select tablename from pg_tables where tablename like 'visits_2031_%'")).all()
    assert names == ["visits_2031_07"]
