"""Restores a backup into an empty database; only people whose data key is still there come back with who they are."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from regulars.errors import ConfigurationRefused
from regulars.ports import ObjectStore
from regulars.steps.back_up import PEOPLES_PICTURES, owner_of
from regulars.steps.backup_files import DUMP, OBJECTS, PEOPLE, TOLD, BackupFolders, bytes_of, read_keys, read_lines
from regulars.steps.carry_out_erasures import LEDGER
from regulars.store.data_keys import DataKeys, KeyDestroyed
from regulars.store.migrate import make_role, migrate
from regulars.store.personal_rows import (
    PERSONAL,
    PersonalTable,
    Whose,
    drop_orphans,
    put_keys,
    put_personal_rows,
    row_counts,
    visit_sums,
)
from regulars.store.session import Connection, Engine

ReadDump = Callable[[Path, Literal["pre-data", "data", "post-data"]], None]
"""Restores a section of a dump into the database."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. `unreadable` rows are of people removed since; `orphans` looks and photographs of nobody.

    `lost` says of which tables, and of which sums of visits, there is less or more than the backup noted.
    """

    rows: int
    unreadable: int
    orphans: int
    lost: dict[str, tuple[int, int]]


def restore_database(
    backup: Path,
    *,
    owner: Engine,
    application_url: str,
    data_keys: DataKeys,
    read_dump: ReadDump,
    folders: BackupFolders,
) -> Restored:
    """Restore into the empty database of `owner` and migrate it. Raises ConfigurationRefused when it is not empty.

    Let nobody in before `replay_erasures` has run on it. Raises DependencyAway, NotFound.
    """
    with owner.begin() as connection:
        if row_counts(connection):
            raise ConfigurationRefused("The database is not empty; nothing was restored. Make an empty one.")
        make_role(connection)
    keys = read_keys(folders.key_file)
    theirs = {whose: key for table, whose, key in keys if table == "person_keys"}
    read_dump(backup / DUMP, "pre-data")
    read_dump(backup / DUMP, "data")
    people = _People(backup / PEOPLE, theirs, data_keys)
    with owner.begin() as connection:
        put_personal_rows(connection, people.rows())
        put_keys(connection, keys)
        orphans = drop_orphans(connection)
    read_dump(backup / DUMP, "post-data")
    migrate(owner, application_url)
    with owner.begin() as connection:
        lost = _differences(json.loads((backup / TOLD).read_text(encoding="utf-8")), connection)
        return Restored(sum(row_counts(connection).values()), people.unreadable, orphans, lost)


@dataclass
class _People:
    """Rows of people as a backup holds them, opened with the keys that are still there."""

    file: Path
    keys: dict[Whose, bytes]
    data_keys: DataKeys
    unreadable: int = 0

    def rows(self) -> Iterator[tuple[PersonalTable, dict[str, Any]]]:
        """Yield each row that may come back; count those of people who were removed since."""
        for line in read_lines(self.file):
            table, row = PERSONAL[line["table"]], line["row"]
            whose = table.whose(row)
            if secret := _opened(bytes_of(line["sealed"]), self.keys, whose, self.data_keys):
                yield table, row | json.loads(secret)
                continue
            self.unreadable += 1
            if table.stands_in is not None:
                yield table, row | table.stands_in


def _opened(sealed: bytes, keys: dict[Whose, bytes], whose: Whose, data_keys: DataKeys) -> bytes | None:
    """Return what was sealed with the person's data key; None when that was destroyed, even if they have another."""
    key = keys.get(whose)
    try:
        return data_keys.open(key, sealed, whose[1].bytes) if sealed and key else None
    except KeyDestroyed:
        return None


def restore_objects(
    backup: Path, *, objects: ObjectStore, data_keys: DataKeys, folders: BackupFolders
) -> tuple[int, int]:
    """Put back the objects that the store does not have; return how many, and how many nobody can read any more."""
    keys = {whose: key for table, whose, key in read_keys(folders.key_file) if table == "person_keys"}
    put = unreadable = 0
    held = {one.key for one in objects.list("")}
    for key, file in [*_files(folders.ledger, LEDGER), *_files(backup / OBJECTS, "")]:
        if key in held:
            continue
        content: bytes | None = file.read_bytes()
        if key.startswith(PEOPLES_PICTURES) and (whose := owner_of(key)):
            content = _opened(content, keys, whose, data_keys)
        if content is None:
            unreadable += 1
            continue
        objects.put(key, content, _TYPES.get(file.suffix, "application/octet-stream"))
        put += 1
    return put, unreadable


_TYPES = {
    ".json": "application/json",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _files(home: Path, prefix: str) -> list[tuple[str, Path]]:
    return [(prefix + one.relative_to(home).as_posix(), one) for one in sorted(home.rglob("*")) if one.is_file()]


def _differences(told: dict[str, Any], connection: Connection) -> dict[str, tuple[int, int]]:
    before: dict[str, int] = told["rows"] | told["visits"]
    after = row_counts(connection) | visit_sums(connection)
    return {
        name: (before.get(name, 0), after.get(name, 0))
        for name in sorted({*before, *after})
        if before.get(name, 0) != after.get(name, 0)
    }
