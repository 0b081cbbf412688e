"""Beside the tables: the page that describes them (docs/schema.md), written from a migrated database's catalogue."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, text

_HEAD = """# Tables

Written by `./run docs` from a migrated database; a test holds it to the migrations. What the rows are for, and why:
[data.md](data.md). Every table has row-level security; *rows shown* is its rule for the role `regulars_app`, which
cannot bypass it (`app_tenant()`, `app_scope()`, `app_sites()` and `app_platform()` are what the transaction has set).
*also* is a second rule that must hold as well; *its sites* means `{of_a_site}`.
In the diagrams lines are foreign keys.
"""
_OF_A_SITE = "(app_sites() IS NULL) OR (site_id IS NULL) OR (site_id = ANY (app_sites()::uuid[]))"
_TABLES = text(
    "select c.relname, c.relrowsecurity, c.relpersistence = 'u' as unlogged, pg_get_partkeydef(c.oid) as parted"
    " from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
    " and not c.relispartition and c.relname <> 'alembic_version'"
)
_COLUMNS = text(
    "select c.relname, a.attname, format_type(a.atttypid, null),"
    " coalesce(array_position(i.indkey, a.attnum) < i.indnkeyatts, false)"  # Beside the keys an index may have more.
    " from pg_attribute a join pg_class c on c.oid = a.attrelid"
    " left join pg_index i on i.indrelid = c.oid and i.indisprimary"
    " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0"
    " and not a.attisdropped order by c.relname, a.attnum"
)
_INDEXES = text(
    "select c.relname, pg_get_indexdef(i.indexrelid), i.indisunique from pg_index i"
    " join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid"
    " where c.relnamespace = 'public'::regnamespace and not i.indisprimary order by c.relname, x.relname"
)
_POLICIES = text(
    "select tablename, policyname, permissive, qual from pg_policies where schemaname = 'public'"
    " order by tablename, permissive, policyname"
)
_LINKS = text(
    "select distinct conrelid::regclass::text, confrelid::regclass::text from pg_constraint"
    " where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0 order by 1, 2"
)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: str
    in_key: bool


@dataclass(slots=True)
class _Table:
    name: str
    protected: bool
    unlogged: bool
    parted: str | None
    columns: list[_Column]
    indexes: list[str]
    rules: list[str]


def describe(connection: Connection) -> str:
    """Return the page as Markdown. `connection` is to a migrated database, as any role that may read the catalogue.

    Raises LookupError when the database has a table that no module of the store defines.
    """
    found = _read(connection)
    links = [(str(child), str(parent)) for child, parent in connection.execute(_LINKS)]
    parts = [_HEAD.format(of_a_site=_OF_A_SITE)]
    for title, names in _groups():
        group = [found.pop(name) for name in names]
        parts += [f"## {title}\n", _diagram(group, links), _facts(group)]
    if found:
        raise LookupError(f"tables that no module defines: {sorted(found)}")
    return "\n".join(parts)


def _read(connection: Connection) -> dict[str, _Table]:
    tables = {
        name: _Table(name, protected, unlogged, parted, [], [], [])
        for name, protected, unlogged, parted in connection.execute(_TABLES)
    }
    for table, *column in connection.execute(_COLUMNS):
        if table in tables:
            tables[table].columns.append(_Column(*column))
    for table, definition, unique in connection.execute(_INDEXES):
        if table in tables:
            tables[table].indexes.append(("unique " if unique else "") + _short_index(definition))
    for table, _, permissive, rule in connection.execute(_POLICIES):
        if table in tables:
            short = _short_rule(rule)
            words = "its sites" if short == _OF_A_SITE else f"`{short}`"
            tables[table].rules.append(words if permissive == "PERMISSIVE" else f"also {words}")
    return tables


def _groups() -> Iterator[tuple[str, list[str]]]:
    """Yield, for every module that defines tables, what its first line says of them and their names."""
    here = Path(__file__).parent
    for file in sorted(here.glob("*tables.py"), key=lambda path: (path.stem != "tables", path.stem)):
        module = import_module(f"{__package__}.{file.stem}")
        first = (module.__doc__ or "").splitlines()[0]
        title = re.sub(r"^The tables? of ", "", re.split(r"[;:.]", first)[0])
        names = [table.name for table in vars(module).values() if isinstance(table, sa.Table)]
        yield ("The main path" if file.stem == "tables" else title[0].upper() + title[1:]), names


def _diagram(group: list[_Table], links: list[tuple[str, str]]) -> str:
    names = {table.name for table in group}
    lines = ["```mermaid", "erDiagram"]
    lines += [f"  {parent} ||--o{{ {child} : has" for child, parent in links if child in names]
    for table in group:
        lines.append(f"  {table.name} {{")
        for column in table.columns:
            kind = column.kind.replace(" with time zone", "tz").replace(" ", "_").replace("[]", "_array")
            lines.append(f"    {kind} {column.name}{' PK' if column.in_key else ''}")
        lines.append("  }")
    return "\n".join([*lines, "```", ""])


def _facts(group: list[_Table]) -> str:
    lines = ["| table | indexes beside the key | rows shown |", "| --- | --- | --- |"]
    for table in group:
        name = f"`{table.name}`"
        name += f", partitioned by `{table.parted.lower()}`" if table.parted else ""
        name += ", unlogged" if table.unlogged else ""
        rules = "; ".join(table.rules) if table.protected else "**no row-level security**"
        lines.append(f"| {name} | {'; '.join(table.indexes) or '-'} | {rules or 'none'} |")
    return "\n".join([*lines, ""])


def _short_index(definition: str) -> str:
    """Return `gin (a, b) where …` of what PostgreSQL says of an index; a B-tree needs no name."""
    using = definition.split(" USING ", 1)[1].removeprefix("btree ")
    return f"`{_one_line(using)}`"


def _short_rule(rule: str) -> str:
    bare = re.sub(r"\( SELECT (app_\w+\(\)) AS app_\w+\)", r"\1", _one_line(rule))
    return bare[1:-1] if bare.startswith("(") and _closes_last(bare) else bare


def _closes_last(words: str) -> bool:
    """Tell whether the first bracket is closed by the last one."""
    depth = 0
    for place, letter in enumerate(words):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place == len(words) - 1
    return False


def _one_line(words: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"::text(?!\[)", "", words)).replace("|", "\\|")
