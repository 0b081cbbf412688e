"""A row for every table of a schema of any age, made from what PostgreSQL says of its columns, keys and checks."""

import re
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

_COLUMNS = text(
    "select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a"
    " where a.attrelid = cast(:t as regclass) and a.attnum > 0 and not a.attisdropped and a.attnotnull"
    " and not a.atthasdef and a.attidentity = '' and a.attgenerated = '' order by a.attnum"
)
_CHECKS = text(
    "select pg_get_constraintdef(oid) from pg_constraint where conrelid = cast(:t as regclass) and contype = 'c'"
)
_TABLES = text(
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    " and not relispartition and relname <> 'alembic_version' order by relname"
)
_OF_TYPE = {
    "uuid[]": "{}",
    "text[]": "{}",
    "jsonb": "{}",
    "boolean": "true",
    "timestamp with time zone": "2026-03-02T11:58:07Z",
    "date": "2026-03-02",
    "bytea": "\\x00ff",
    "text": "Quán Ăn 'số 1'",
}

_MOST_WORDS = 3
"""Checks that tie a word to another column leave at least one of so many free."""


def fill_empty_tables(connection: Connection) -> None:
    """Put one row into every table that has none, what is referred to first.

    A column of one name holds one value everywhere, so rows refer to each other as the keys want it. Raises
    IntegrityError with the last table that no such row fits into.
    """
    connection.execute(text("select visits_ensure_month(timestamptz '2026-03-02')"))
    left = [table for table in tables(connection) if not rows(connection, table)]
    while left:
        refused = [(table, failure) for table in left if (failure := _refusal(connection, table))]
        if len(refused) == len(left):
            raise refused[-1][1]
        left = [table for table, _ in refused]


def tables(connection: Connection) -> list[str]:
    """Return the names of all tables, partitions left out."""
    return list(connection.scalars(_TABLES))


def rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    """Return every row of a table as JSON tells it."""
    return list(connection.scalars(text(f'select to_jsonb(t) from "{table}" t')))  # noqa: S608 - from the catalogue


def _refusal(connection: Connection, table: str) -> IntegrityError | None:
    """Add a row, trying the words that its checks allow; return what PostgreSQL says against all."""
    failure = None
    for which in range(_MOST_WORDS):
        try:
            with connection.begin_nested():
                _add_row(connection, table, which)
        except IntegrityError as refused:
            failure = refused
        else:
            return None
    return failure


def _add_row(connection: Connection, table: str, which: int) -> None:
    said = " ".join(connection.scalars(_CHECKS, {"t": table}))
    values = {name: _value(name, kind, said, which) for name, kind in connection.execute(_COLUMNS, {"t": table})}
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(text(f'insert into "{table}" ({names}) values ({places})'), values)  # noqa: S608 - as above


def _value(name: str, kind: str, checks: str, which: int) -> str:
    if kind == "uuid":  # of two names the later in the alphabet gets the higher id, as pairs of people want it
        return name[:2].encode().hex() + uuid5(NAMESPACE_OID, name).hex[4:]
    if kind == "text":
        found = re.findall(rf"\({name} = ('[^']*'|ANY \(ARRAY\[[^]]*\])", checks)
        if found:
            allowed = list(dict.fromkeys(re.findall(r"'([^']*)'", " ".join(found))))
            return allowed[which % len(allowed)]
    return _OF_TYPE.get(kind, "1")
