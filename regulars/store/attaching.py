"""PostgreSQL as DuckDB sees it: through an extension that comes as a package."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
from sqlalchemy import Engine

from regulars.errors import DependencyAway

_SCANNER = "postgres_scanner"


def attach_postgres(duck: duckdb.DuckDBPyConnection, engine: Engine, *, options: str, writes: bool = True) -> None:
    """Let DuckDB see the engine's database as `pg`; each of its connections begins with libpq's `options`.

    Raises DependencyAway.
    """
    duck.execute(f"load '{scanner()}'")
    attach(duck, engine, "pg", options=options, writes=writes)


def attach(duck: duckdb.DuckDBPyConnection, engine: Engine, name: str, *, options: str, writes: bool) -> None:
    """Let a DuckDB with the extension see the engine's database under this name, as `attach_postgres` does."""
    url = engine.url
    said = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        "options": options,
        "connect_timeout": 5,
    }
    address = " ".join(f"{key}={_quoted(str(value))}" for key, value in said.items() if value is not None)
    try:
        duck.execute(f"attach '{address}' as {name} (type postgres{'' if writes else ', read_only'})")
    except duckdb.Error:
        duck.close()
        # The vendor's own words would show the address with its password.
        raise DependencyAway("PostgreSQL does not answer now; what was done before is kept.") from None


def scanner() -> Path:
    """Return the file of DuckDB's PostgreSQL extension, which came as a package: nothing is fetched at run time."""
    folder = files(f"duckdb_extension_{_SCANNER}") / "extensions" / f"v{duckdb.__version__}"
    return Path(str(folder / f"{_SCANNER}.duckdb_extension"))


@cache
def duck_of_process() -> duckdb.DuckDBPyConnection:
    """Return the DuckDB of this process: to start one and check the extension's signature takes 0.2 s.

    What a cursor of it holds no other one sees but what is attached, which has a name of its own each time.
    """
    duck = duckdb.connect()
    duck.execute(f"load '{scanner()}'")
    duck.execute("set threads = 1")
    # The smaller side of each join stands on the right: DuckDB does not know how much comes from PostgreSQL.
    duck.execute("set disabled_optimizers = 'build_side_probe_side'")
    return duck


def _quoted(value: str) -> str:
    """Quote for libpq, and again for the SQL text around it."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'".replace("'", "''")
