"""`regulars backup | restore_check | restore`: the first two as the flows of their names, the third only by hand.

`backup` runs beside everything else. `restore_check` restores the newest backup into a database of its own and removes
it again. `restore` fills the empty database of the settings: let nobody in before it has ended.
"""

import argparse
import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from regulars import wiring
from regulars.commands.telling import ACTOR, Verbs, say
from regulars.settings import BACKUP_NEEDS, INDEX_NEEDS, Settings, load_settings
from regulars.steps.back_up import back_up
from regulars.steps.backup_files import BackupFolders, moment_of
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.check_restore import check_restore
from regulars.steps.index_templates import reindex
from regulars.steps.replay_erasures import replay_erasures
from regulars.steps.restore import ReadDump, restore_database, restore_objects
from regulars.store.data_keys import DataKeys
from regulars.store.leases import note_restored
from regulars.store.session import Engine


@dataclass(frozen=True)
class _Parts:
    """What every command works with."""

    settings: Settings

    @cached_property
    def owner(self) -> Engine:
        return wiring.owner_engine(self.settings)

    @cached_property
    def data_keys(self) -> DataKeys:
        return DataKeys(self.settings.sealing_keys)

    @cached_property
    def folders(self) -> BackupFolders:
        return BackupFolders(Path(self.settings.backup_dir), Path(self.settings.backup_keys_dir))

    def reader_of(self, url: str) -> ReadDump:
        return wiring.postgres_dumps(self.settings, url, self.owner).read


def add_backups(verbs: Verbs) -> None:
    """Add the commands."""
    told = "keep PostgreSQL as of one moment, people each under a key of their own, and objects that are no pictures"
    verbs.add_parser("backup", help=told, description=told).set_defaults(run=_backup)
    told = "restore the newest backup beside the real database, and say whether it can be relied on"
    verbs.add_parser("restore_check", help=told, description=told).set_defaults(run=_check)
    told = "restore a backup into the empty database of the settings"
    restore = verbs.add_parser("restore", help=told, description=told)
    restore.add_argument("backup", nargs="?", type=Path, help="its folder; the newest when left out")
    restore.set_defaults(run=_restore)


@contextmanager
def _parts(*needs: str) -> Generator[_Parts]:
    """Yield the parts, closed afterwards. Raises ConfigurationRefused."""
    parts = _Parts(load_settings((*BACKUP_NEEDS, *needs)))
    try:
        yield parts
    finally:
        parts.owner.dispose()


def _backup(_: argparse.Namespace) -> int:
    with _parts() as parts:
        url = parts.settings.database_owner_url
        done = back_up(
            owner=parts.owner,
            data_keys=parts.data_keys,
            objects=wiring.object_store(parts.settings),
            write_dump=wiring.postgres_dumps(parts.settings, url, parts.owner).write,
            folders=parts.folders,
            keep=timedelta(days=parts.settings.backup_days),
            now=datetime.now(UTC),
        )
    say(json.dumps(asdict(done)))
    return 0


def _check(_: argparse.Namespace) -> int:
    with _parts() as parts:
        done = check_restore(
            owner=parts.owner,
            application_url=parts.settings.database_url,
            data_keys=parts.data_keys,
            reader_of=parts.reader_of,
            folders=parts.folders,
        )
    say(json.dumps(asdict(done)))
    return 0 if done.is_good else 1


def _restore(arguments: argparse.Namespace) -> int:
    with _parts(*INDEX_NEEDS) as parts:
        _put_back(arguments.backup or parts.folders.newest(), parts)
    return 0


def _put_back(backup: Path, parts: _Parts) -> None:
    settings, begun_s = parts.settings, time.monotonic()
    done = restore_database(
        backup,
        owner=parts.owner,
        application_url=settings.database_url,
        data_keys=parts.data_keys,
        read_dump=parts.reader_of(settings.database_owner_url),
        folders=parts.folders,
    )
    say(f"{_since(begun_s)}: {done.rows} rows of {backup.name}, {done.unreadable} of people removed since stay away")
    for what, (before, after) in done.lost.items():
        say(f"{what}: {before} in the backup, {after} restored")
    objects, vectors = wiring.object_store(settings), wiring.vector_index(settings)
    put, unreadable = restore_objects(backup, objects=objects, data_keys=parts.data_keys, folders=parts.folders)
    say(f"{_since(begun_s)}: {put} objects put back, {unreadable} of people removed since stay away")
    database, now = wiring.engine(settings, pool_size=2), datetime.now(UTC)
    back = replay_erasures(engine=database, objects=objects, actor=ACTOR, now=now)
    say(f"{_since(begun_s)}: {back.people} people erased again")
    with parts.owner.begin() as connection:
        note_restored(connection, moment_of(backup), now)
    digest, dimension = wiring.pack_identity(settings)
    written = max(reindex(engine=database, vectors=vectors, pack=digest, dimension=dimension), default=0)
    gone = list(carry_out_erasures(engine=database, objects=objects, vectors=vectors, actor=ACTOR, now=now))
    database.dispose()
    say(f"{_since(begun_s)}: {written} looks in the index, {len(gone)} erasures finished; restored")


def _since(begun_s: float) -> str:
    return f"{time.monotonic() - begun_s:.1f} s"
