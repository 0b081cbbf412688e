"""What a backup holds of people, row by row under a key of each person's own, and how it comes back.

The dump has these tables' shape only. Whoever was removed since has no key any more: of them comes back nothing that
says who they were, and `replay_erasures` does the rest.
"""

import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from regulars.store.data_keys import DataKeys

Whose = tuple[UUID, UUID]
"""Scope (the gallery's or the tenant's id) and subject (the customer's or the staff member's)."""


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table of people: the columns that name the row's person, those that are sealed, and what stands in for them.

    Without `stands_in` a row that nobody can read stays away.
    """

    name: str
    scope: str
    subject: str
    sealed: tuple[str, ...]
    stands_in: dict[str, object] | None = None

    def whose(self, row: dict[str, Any]) -> Whose:
        """Return whose row it is."""
        return UUID(row[self.scope]), UUID(row[self.subject])


_NOBODY: dict[str, object] = {"gender": "unknown"}
PERSONAL = {
    table.name: table
    for table in (
        PersonalTable("customers", "scope_id", "customer_id", ("name", "gender", "birth_year", "phone"), _NOBODY),
        PersonalTable("tenant_customers", "tenant_id", "customer_id", ("note",), {}),
        PersonalTable("consents", "tenant_id", "customer_id", ("purpose", "given", "how", "text_version", "actor")),
        PersonalTable("staff", "tenant_id", "staff_id", ("name", "gender", "birth_year", "phone", "email")),
    )
}
_PASSING = (
    *("sessions", "one_time_links", "idempotency_keys"),
    *("live_events", "live_pictures", "webhook_deliveries", "webhook_attempts", "templates_gone"),
)
"""What a restore must not bring back: logins that were ended, answers, and announcements that were made."""
_KEYS = {"face_template_keys": "template_id", "person_keys": "subject_id"}
WITHOUT_ROWS = (*PERSONAL, *_KEYS, *_PASSING)
_ORPHANS = (
    "delete from staff_photographs p where not exists (select from staff s where s.staff_id = p.staff_id)",
    "delete from staff_sites p where not exists (select from staff s where s.staff_id = p.staff_id)",
    "delete from face_templates where template_id not in (select template_id from face_template_keys)",
)
_AT_ONCE = 2000
_OWNERS = (("customers", "scope_id"), ("tenant_customers", "tenant_id"), ("staff", "tenant_id"))


@contextmanager
def one_moment(owner: Engine) -> Generator[tuple[Connection, str]]:
    """Yield a connection that sees one moment for as long as it lasts, and that moment's name for other programs."""
    with owner.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.execute(text("set statement_timeout = 0"))
        yield connection, str(connection.scalar(text("select pg_export_snapshot()")))


def make_person_keys(connection: Connection, data_keys: DataKeys) -> None:
    """Give everybody who has no key one. Their rows are held, so nobody is removed meanwhile."""
    for table, scope in _OWNERS:
        subject = PERSONAL[table].subject
        missing = connection.execute(
            text(
                f"select t.{scope}, t.{subject} from {table} t where not exists (select from person_keys k"  # noqa: S608
                f" where k.scope_id = t.{scope} and k.subject_id = t.{subject}) for key share of t"
            )
        ).all()
        keys = [{"scope": one, "subject": other, "key": data_keys.make()} for one, other in missing]
        if keys:
            add = text("insert into person_keys values (:scope, :subject, :key) on conflict do nothing")
            connection.execute(add, keys)


def keys_of_everybody(connection: Connection) -> Iterator[tuple[str, Whose, bytes]]:
    """Yield every data key, wrapped: its table, whose it is (of a look: scope and template), the key."""
    for table, subject in _KEYS.items():
        rows = text(f"select scope_id, {subject}, data_key_wrapped from {table}")  # noqa: S608 - our own names
        for scope_id, subject_id, key in connection.execute(rows):
            yield table, (scope_id, subject_id), bytes(key)


def personal_rows(connection: Connection) -> Iterator[tuple[PersonalTable, dict[str, Any]]]:
    """Yield every row of the tables of people, as PostgreSQL writes it in JSON."""
    for table in PERSONAL.values():
        rows = connection.execute(text(f"select to_jsonb(t) from {table.name} t"))  # noqa: S608 - our own names
        yield from ((table, cast("dict[str, Any]", row[0])) for row in rows)


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has, but for those that a restore leaves behind."""
    names = connection.scalars(
        text(
            "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
            " and not c.relispartition and c.relname <> 'alembic_version' order by 1"
        )
    ).all()
    counted = [name for name in names if name not in (*_PASSING, *_KEYS)]
    return {name: connection.scalar(text(f'select count(*) from "{name}"')) or 0 for name in counted}  # noqa: S608


def visit_sums(connection: Connection) -> dict[str, int]:
    """Return the visits by tenant, day (UTC), status and gender, and the visitors by tenant, counted plainly."""
    sums = connection.execute(
        text(
            "select tenant_id || ' ' || (started_at at time zone 'UTC')::date || ' ' || status || ' ' || gender,"
            " count(*) from visits group by 1 union all"
            " select tenant_id || ' visitors', count(distinct customer_id) from visits group by 1"
        )
    )
    return {str(name): int(number) for name, number in sums}


def put_keys(connection: Connection, keys: Iterable[tuple[str, Whose, bytes]]) -> None:
    """Put data keys back: of everybody, and of the looks that are there."""
    looks = {tuple(row) for row in connection.execute(text("select scope_id, template_id from face_templates"))}
    by_table: dict[str, list[dict[str, object]]] = {table: [] for table in _KEYS}
    for table, whose, key in keys:
        if table == "person_keys" or whose in looks:
            by_table[table].append({"scope": whose[0], "of": whose[1], "key": key})
    for table, rows in by_table.items():
        if rows:
            connection.execute(text(f"insert into {table} values (:scope, :of, :key)"), rows)  # noqa: S608


def put_personal_rows(connection: Connection, rows: Iterable[tuple[PersonalTable, dict[str, Any]]]) -> None:
    """Put rows of people back, many of a table at a time."""
    for name, of_table in groupby(rows, lambda one: one[0].name):
        add = text(
            f"insert into {name} select * from jsonb_populate_recordset(null::{name}, cast(:rows as jsonb))"  # noqa: S608
        )
        for some in _batches(row for _, row in of_table):
            connection.execute(add, {"rows": json.dumps(some)})


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch


def drop_orphans(connection: Connection) -> int:
    """Remove what belongs to nobody who came back: looks without a key, photographs of former staff."""
    return sum(connection.execute(text(statement)).rowcount for statement in _ORPHANS)


def digests_erased(connection: Connection) -> set[str]:
    """Return the digests of everybody who was erased from their gallery."""
    return set(connection.scalars(text("select unnest(subjects) from erasures where whole")))


def customers_named(connection: Connection) -> set[UUID]:
    """Return the customers of whom more than a face is known."""
    known = "select customer_id from customers where coalesce(name, phone, birth_year::text) is not null"
    noted = "select customer_id from tenant_customers where note is not null"
    return set(connection.scalars(text(f"{known} union {noted}")))
