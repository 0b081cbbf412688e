"""Entry point before everything else: bring the schema up to date and give the application's role its password.

`python -m regulars.store.migrate` connects with REGULARS_DATABASE_OWNER_URL; running it again changes nothing.
A migration that encrypts what is kept takes REGULARS_SEALING_KEYS.
"""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, make_url, text

from regulars.errors import ConfigurationRefused
from regulars.settings import MIGRATE_NEEDS, load_settings
from regulars.store.data_keys import DataKeys
from regulars.store.session import connect


def migrate(owner: Engine, application_url: str) -> None:
    """Apply every migration and let the user of `application_url` log in with its password.

    Two at once are harmless: the second waits for the first. Raises ConfigurationRefused where a newer version was
    here, and what Alembic raises; nothing half-applied stays, since each migration is one transaction.
    """
    application = make_url(application_url)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with owner.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(7352001)"))
        config.attributes["connection"] = connection
        _refuse_newer(connection, ScriptDirectory.from_config(config))
        command.upgrade(config, "head")
        # ALTER ROLE takes no bind parameters; format(%L) quotes the password on the server.
        statement = connection.scalar(
            text("select format('alter role %I login password %L', cast(:name as text), cast(:secret as text))"),
            {"name": application.username, "secret": application.password},
        )
        connection.exec_driver_sql(str(statement))


def _refuse_newer(connection: Connection, known: ScriptDirectory) -> None:
    there = MigrationContext.configure(connection).get_current_revision()
    if there is not None and there not in {script.revision for script in known.walk_revisions()}:
        raise ConfigurationRefused(
            f"This database is at schema {there}, which this version of Regulars does not know: a newer one was here."
            " Nothing was changed. Start that version again, or restore a backup that was made before it."
        )


def make_role(connection: Connection) -> None:
    """Make the application's role where it is not there yet: a dump grants it what it may, and does not make it."""
    connection.execute(
        text(
            "do $$ begin if not exists (select from pg_roles where rolname = 'regulars_app') then"
            " create role regulars_app login nosuperuser nobypassrls nocreatedb nocreaterole; end if; end $$"
        )
    )


def main() -> None:
    """Migrate the database that the settings name."""
    settings = load_settings(MIGRATE_NEEDS)
    owner = connect(settings.database_owner_url, data_keys=DataKeys(settings.sealing_keys))
    try:
        migrate(owner, settings.database_url)
    except ConfigurationRefused as refused:
        sys.exit(f"migrate: {refused}")


if __name__ == "__main__":
    main()
