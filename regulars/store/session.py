"""Transactions: one request or event is one, opened here for one tenancy and committed by the entry point."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg import OperationalError as ConnectionLost
from psycopg.pq import Format
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from regulars.errors import DependencyAway
from regulars.store.data_keys import DataKeys
from regulars.tenancy import PLATFORM, Tenancy

__all__ = ["Connection", "Engine", "act_for", "connect", "is_there", "transaction"]

_SET = text(
    "select set_config('app.tenant_id', :tenant, true), set_config('app.scope_id', :scope, true),"
    " set_config('app.platform', :platform, true), set_config('app.site_ids', :sites, true)"
)

_NO_SITE = str(UUID(int=0))


def connect(url: str, *, pool_size: int = 10, data_keys: DataKeys | None = None) -> Engine:
    """Return an engine for `postgresql://user:password@host:port/name` through psycopg 3.

    A connection that PostgreSQL dropped (restart, failover) is noticed before it is used. No statement may run for
    longer than 30 s, so a stuck database shows as DependencyAway and not as a hang. Errors never repeat values: a row
    may hold a face. Without `data_keys` looks can be neither read nor kept.
    """
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_timeout=20,
        hide_parameters=True,
        execution_options={"data_keys": data_keys},
        connect_args={"connect_timeout": 5, "options": "-c statement_timeout=30000 -c timezone=UTC"},
    )
    event.listen(engine, "before_cursor_execute", _choose_format)
    return engine


def _choose_format(_connection: Any, cursor: Any, _statement: Any, _values: Any, context: Any, _many: Any) -> None:
    """Have the answer to a statement with the option `binary` come as it is: megabytes of bytea as text take thrice."""
    if context is not None and context.execution_options.get("binary"):
        cursor.format = Format.BINARY


def as_role(url: str, role: str, password: str) -> str:
    """Return the connection URL with another role and its password."""
    return make_url(url).set(username=role, password=password).render_as_string(hide_password=False)


@contextmanager
def transaction(engine: Engine, tenancy: Tenancy) -> Generator[Connection]:
    """Open one transaction in which row-level security shows what `tenancy` may see; commit at the end.

    Raises DependencyAway when PostgreSQL cannot be reached or goes away; what was begun is then rolled back.
    """
    try:
        with engine.begin() as connection:
            act_for(connection, tenancy)
            yield connection
    except (OperationalError, InterfaceError, NoConnectionFree) as failure:
        raise DependencyAway("PostgreSQL does not answer now; nothing was changed, send it again.") from failure
    except DBAPIError as failure:
        if failure.connection_invalidated:
            raise DependencyAway("PostgreSQL went away; nothing was changed, send it again.") from failure
        raise


def act_for(connection: Connection, tenancy: Tenancy) -> None:
    """Let the rest of this transaction see what `tenancy` may see.

    What is put right in a shared gallery touches the visits of several tenants and must be committed as one.
    """
    connection.execute(
        _SET,
        {
            "tenant": str(tenancy.tenant_id or ""),
            "scope": str(tenancy.scope_id or ""),
            "platform": "on" if tenancy.tenant_id is None else "",
            "sites": _NO_SITE if tenancy.site_ids == frozenset() else ",".join(map(str, tenancy.site_ids or ())),
        },
    )


def rows_as_they_come(connection: Connection, statement: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a statement with parameters like `%(name)s`, binary, each before the next one is received.

    For megabytes: receiving all of them before the first is looked at takes twice as long. Raises DependencyAway.
    """
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101
    try:
        with raw.cursor() as cursor:
            yield from cursor.stream(statement, values, binary=True)
    except ConnectionLost as failure:
        raise DependencyAway("PostgreSQL went away; nothing was changed, send it again.") from failure


def is_there(engine: Engine) -> None:
    """Return when PostgreSQL answers; raise DependencyAway when not."""
    with transaction(engine, PLATFORM) as connection:
        connection.execute(text("select 1"))


def major_version(engine: Engine) -> int:
    """Return the server's major version. Raises DependencyAway."""
    with transaction(engine, PLATFORM) as connection:
        return int(connection.scalar(text("select current_setting('server_version_num')::integer / 10000")) or 0)
