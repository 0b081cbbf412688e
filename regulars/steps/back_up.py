"""Backs up: PostgreSQL as of one moment, people each under their own key, and the objects that may outlive 30 days.

Pictures of tracks are not copied: a copy would live longer than a picture may. The data keys lie apart, in one copy
that each backup replaces; so of whoever was erased before the newest backup no older one tells anything any more.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from regulars.errors import InputRefused
from regulars.ports import ObjectInfo, ObjectStore
from regulars.steps.backup_files import (
    DUMP,
    OBJECTS,
    PEOPLE,
    TOLD,
    UNFINISHED,
    BackupFolders,
    text_of,
    write_keys,
    write_lines,
)
from regulars.steps.carry_out_erasures import LEDGER
from regulars.store.data_keys import DataKeys
from regulars.store.personal_rows import (
    WITHOUT_ROWS,
    Whose,
    keys_of_everybody,
    make_person_keys,
    one_moment,
    personal_rows,
    row_counts,
    visit_sums,
)
from regulars.store.session import Connection, Engine

PICTURES, PEOPLES_PICTURES = "tracks/", "people/"
_MAX_OBJECT_BYTES = 1_000_000_000
WriteDump = Callable[[Path, str, Sequence[str]], None]
"""Writes a dump: its file, the moment's name, the tables of which it takes the shape only."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was kept, and where. `objects_listed` are the pictures of tracks, which are named and not copied."""

    folder: str
    rows: int
    people: int
    keys: int
    objects_copied: int
    objects_listed: int
    bytes: int
    seconds: float


def back_up(
    *,
    owner: Engine,
    data_keys: DataKeys,
    objects: ObjectStore,
    write_dump: WriteDump,
    folders: BackupFolders,
    keep: timedelta,
    now: datetime,
) -> BackedUp:
    """Make a backup beside running processes, then remove those older than `keep`. Raises DependencyAway.

    `owner` is the schema's owner. What is interrupted leaves a folder that is no backup, and is removed by the next.
    """
    begun_s = time.monotonic()
    final = folders.backups / f"{now:%Y%m%dT%H%M%SZ}"
    folder = final.with_name(final.name + UNFINISHED)
    _remove(folders.backups.glob(f"*{UNFINISHED}"))
    folder.mkdir(mode=0o700, parents=True)
    with one_moment(owner) as (connection, moment):
        write_dump(folder / DUMP, moment, WITHOUT_ROWS)
        keys = _keys(owner, data_keys, folders)
        people = write_lines(folder / PEOPLE, _sealed_people(connection, keys, data_keys))
        counts, sums = row_counts(connection), visit_sums(connection)
    copied, listed = _copy_objects(objects, folder, folders, keys, data_keys)
    told: dict[str, object] = {"moment": now.isoformat(), "rows": counts, "visits": sums}
    (folder / TOLD).write_text(json.dumps(told, indent=1), encoding="utf-8")
    folder.replace(final)
    _remove(one for one in folders.finished() if one.name < f"{now - keep:%Y%m%dT%H%M%SZ}")
    return BackedUp(
        folder=str(final),
        rows=sum(counts.values()),
        people=people,
        keys=len(keys),
        objects_copied=copied,
        objects_listed=listed,
        bytes=sum(one.stat().st_size for one in final.rglob("*") if one.is_file()),
        seconds=round(time.monotonic() - begun_s, 2),
    )


def _keys(owner: Engine, data_keys: DataKeys, folders: BackupFolders) -> dict[Whose, bytes]:
    """Copy the data keys as they are now, later than the backup's moment; return those of people."""
    with owner.begin() as connection:
        make_person_keys(connection, data_keys)
    with owner.begin() as connection:
        held = list(keys_of_everybody(connection))
    write_keys(folders.key_file, held)
    return {whose: key for table, whose, key in held if table == "person_keys"}


def _sealed_people(connection: Connection, keys: dict[Whose, bytes], data_keys: DataKeys) -> Iterator[object]:
    for table, row in personal_rows(connection):
        whose, secret = table.whose(row), {name: row.pop(name) for name in table.sealed}
        if key := keys.get(whose):
            sealed = data_keys.seal(key, json.dumps(secret).encode(), whose[1].bytes)
            yield {"table": table.name, "row": row, "sealed": text_of(sealed)}
        else:  # removed since the backup's moment
            yield {"table": table.name, "row": row, "sealed": ""}


def _copy_objects(
    objects: ObjectStore, folder: Path, folders: BackupFolders, keys: dict[Whose, bytes], data_keys: DataKeys
) -> tuple[int, int]:
    """Copy objects, those in people's folders sealed; return how many, and how many pictures were only listed."""
    home, copied, pictures = folder / OBJECTS, 0, list[ObjectInfo]()
    for one in objects.list(""):
        if one.key.startswith(PICTURES):
            pictures.append(one)
            continue
        content, target = _content(objects, one.key), home / one.key
        if content is None:
            continue
        if one.key.startswith(LEDGER):
            target = folders.ledger / one.key.removeprefix(LEDGER)
        elif one.key.startswith(PEOPLES_PICTURES):
            whose = owner_of(one.key)
            if whose is None or not (key := keys.get(whose)):
                continue  # removed since the list was made, or nobody's
            content = data_keys.seal(key, content, whose[1].bytes)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_bytes(content)
        copied += 1
    write_lines(
        folder / "pictures.jsonl.gz", ({**asdict(one), "modified_at": str(one.modified_at)} for one in pictures)
    )
    return copied, len(pictures)


def _content(objects: ObjectStore, key: str) -> bytes | None:
    """Return an object's content; None when it was removed since the list was made."""
    try:
        return objects.get(key, _MAX_OBJECT_BYTES)
    except InputRefused as refusal:
        if refusal.reason != "missing_object":
            raise
        return None


def owner_of(key: str) -> Whose | None:
    """Return whose picture lies at `people/{tenant}/{subject}/…`; None for a key that names nobody."""
    try:
        tenant_id, subject_id = key.removeprefix(PEOPLES_PICTURES).split("/")[:2]
        return UUID(tenant_id), UUID(subject_id)
    except ValueError:
        return None


def _remove(folders: Iterator[Path]) -> None:
    for folder in list(folders):
        shutil.rmtree(folder)
