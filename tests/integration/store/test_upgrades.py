"""Upgrading: each migration meets rows in every table, and none is lost or changed."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from regulars.store import migrate as migrating
from regulars.store.session import connect, transaction
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM
from tests.integration.store.any_rows import fill_empty_tables, rows, tables
from tests.sealing import DATA_KEYS

APPLICATION = "postgresql://regulars_app:of-the-tests@localhost/x"
TURNED_INTO_SOMETHING_ELSE: dict[str, set[str]] = {"face_templates": {"vector"}}
"""Columns by table whose values a migration changes on purpose."""
MADE_AGAIN = {"rollup_days"}
"""Tables that only repeat what visits hold: a migration may empty them, and the next roll-up makes them again."""


@pytest.fixture
def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    return made


def upgrade(owner: Engine, config: Config, revision: str) -> None:
    with owner.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def everything(owner: Engine) -> dict[str, list[dict[str, Any]]]:
    with owner.connect() as connection:
        return {table: rows(connection, table) for table in tables(connection)}


def lost(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Name each row that is not there any more with the values of all columns that both schemas have."""
    gone: list[str] = []
    for table, old in before.items():
        if table in MADE_AGAIN:
            continue
        new = after.get(table, [])
        kept = set(new[0]) if new else set[str]()
        kept = (kept & set(old[0])) - TURNED_INTO_SOMETHING_ELSE.get(table, set())
        there = [{name: row[name] for name in kept} for row in new]
        gone += [f"{table}: {row}" for row in old if {name: row[name] for name in kept} not in there]
    return gone


def test_every_upgrade_keeps_what_was_there(empty_database_url: str, config: Config) -> None:
    owner = connect(empty_database_url, pool_size=1, data_keys=DATA_KEYS)
    revisions = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    for earlier, later in pairwise(revisions):
        upgrade(owner, config, earlier)
        with owner.begin() as connection:
            fill_empty_tables(connection)
        before = everything(owner)
        assert all(before.values()), "no table is empty when it is upgraded"
        upgrade(owner, config, later)
        assert lost(before, everything(owner)) == [], f"{earlier} to {later}"
    migrating.migrate(owner, APPLICATION)
    url = owner.url.set(drivername="postgresql", username="regulars_app", password="of-the-tests")
    application = connect(url.render_as_string(hide_password=False), pool_size=1)
    with transaction(application, PLATFORM) as connection:
        assert len(list_tenants(connection)) == 1
    application.dispose()
    owner.dispose()


def test_a_row_that_an_upgrade_loses_or_changes_is_seen(owner: Engine) -> None:
    with owner.connect() as connection:
        fill_empty_tables(connection)
        before = {"sites": rows(connection, "sites")}
        connection.execute(text("update sites set name = 'another'"))
        assert lost(before, {"sites": rows(connection, "sites")})
        assert lost(before, {"sites": []})
        assert lost(before, {"sites": before["sites"]}) == []
        connection.rollback()


def test_there_is_one_line_of_migrations_and_none_goes_back(config: Config) -> None:
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert [one.revision for one in scripts.walk_revisions() if hasattr(one.module, "downgrade")] == []
