"""A database of its own beside the real one, for as long as something is tried in it."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from regulars.errors import ConfigurationRefused
from regulars.ids import new_id
from regulars.store.data_keys import DataKeys
from regulars.store.session import connect


@contextmanager
def scratch_database(owner: Engine, data_keys: DataKeys) -> Generator[tuple[Engine, str]]:
    """Yield an engine of an empty database on the owner's server, and its URL; the database is gone afterwards.

    Raises ConfigurationRefused when the owner may not make one.
    """
    name = f"regulars_scratch_{new_id().hex}"
    _run(owner, f"create database {name} template template0")
    url = owner.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    engine = connect(url, pool_size=1, data_keys=data_keys)
    try:
        yield engine, url
    finally:
        engine.dispose()
        _run(owner, f"drop database if exists {name} with (force)")


def _run(owner: Engine, statement: str) -> None:
    try:
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
    except DBAPIError as failure:
        raise ConfigurationRefused(
            "The owner in REGULARS_DATABASE_OWNER_URL cannot make or remove a database to try the backup in: let it"
            " (alter role … createdb)."
        ) from failure
