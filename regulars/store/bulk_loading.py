"""Many rows at once straight into PostgreSQL, as the schema's owner: a simulated past, never what cameras saw."""

from collections.abc import Mapping
from typing import Any

import duckdb
from sqlalchemy import Engine

from regulars.errors import DependencyAway
from regulars.store.attaching import attach_postgres

_ID = (
    "cast(printf('%08x-%04x-7%03x-8000-%012x', {at_us} // 1000 // 65536, ({at_us} // 1000) % 65536, {kind}, {number})"
    " as uuid)"
)


def id_of(kind: int, at_us: str, number: str) -> str:
    """Return the SQL of an id: like UUIDv7 by time, and by `kind` (0 to 4095) and `number` the same in every run."""
    return _ID.format(kind=kind, at_us=at_us, number=number)


class BulkLoading:
    """Loads columns into tables; row-level security and triggers do not hold the owner. Use it with `with`.

    What is loaded is committed at the end of the `with`, all or nothing. Raises DependencyAway.
    """

    def __init__(self, owner: Engine) -> None:
        self._duck = duckdb.connect()
        attach_postgres(self._duck, owner, options="-c timezone=UTC -c session_replication_role=replica")
        self._duck.execute("set pg_use_binary_copy = true")

    def __enter__(self) -> "BulkLoading":
        self._duck.execute("begin")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._duck.execute("rollback" if kind else "commit")
        self._duck.close()

    def load(self, table: str, columns: Mapping[str, str], rows: Mapping[str, Any], given: Mapping[str, object]) -> int:
        """Add a row to `table` for each of `rows`, columns of numpy; return how many.

        `columns` says each column of the table in DuckDB's SQL over `rows`, `given` its `$parameters`.
        """
        self._duck.register("rows", dict(rows))
        said = ", ".join(f'{expression} as "{name}"' for name, expression in columns.items())
        used = {name: value for name, value in given.items() if f"${name}" in said}
        names = ", ".join(f'"{name}"' for name in columns)
        try:
            done = self._duck.execute(f"insert into pg.public.{table} ({names}) select {said} from rows", used)  # noqa: S608
        except duckdb.IOException as failure:
            raise DependencyAway(
                f"PostgreSQL did not take the rows of {table}; nothing was kept. {failure}"
            ) from failure
        counted = done.fetchone()
        return int(counted[0]) if counted else 0
