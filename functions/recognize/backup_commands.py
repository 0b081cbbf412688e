"""Entry point for the operator: `python -m functions.recognize.backup_commands backup | check | restore [BACKUP]`.

`backup` runs beside everything else. `check` restores the newest backup into a database of its own and removes it
again. `restore` fills the empty database of the settings: let nobody in before it has ended.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from regulars import wiring
from regulars.errors import RegularsError
from regulars.logs import configure_logs
from regulars.settings import BACKUP_NEEDS, INDEX_NEEDS, Settings, load_settings
from regulars.steps.back_up import back_up
from regulars.steps.backup_files import BackupFolders
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.check_restore import check_restore
from regulars.steps.index_templates import reindex
from regulars.steps.replay_erasures import replay_erasures
from regulars.steps.restore import ReadDump, restore_database, restore_objects
from regulars.store.data_keys import DataKeys
from regulars.store.session import Engine

_ACTOR = "platform"


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


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0, 1 for a backup that is of no use, 2 for what could not be done."""
    arguments = _parser().parse_args(words)
    configure_logs()
    try:
        parts = _Parts(load_settings(arguments.needs))
        try:
            done: int = arguments.run(arguments, parts)
        finally:
            parts.owner.dispose()
    except RegularsError as failure:
        sys.stderr.write(f"{failure.code}: {failure}\n")
        return 2
    return done


def _backup(_: argparse.Namespace, parts: _Parts) -> int:
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
    _say(json.dumps(asdict(done)))
    return 0


def _check(_: argparse.Namespace, parts: _Parts) -> int:
    done = check_restore(
        owner=parts.owner,
        application_url=parts.settings.database_url,
        data_keys=parts.data_keys,
        reader_of=parts.reader_of,
        folders=parts.folders,
    )
    _say(json.dumps(asdict(done)))
    return 0 if done.is_good else 1


def _restore(arguments: argparse.Namespace, parts: _Parts) -> int:
    settings, begun_s = parts.settings, time.monotonic()
    backup: Path = arguments.backup or parts.folders.newest()
    done = restore_database(
        backup,
        owner=parts.owner,
        application_url=settings.database_url,
        data_keys=parts.data_keys,
        read_dump=parts.reader_of(settings.database_owner_url),
        folders=parts.folders,
    )
    _say(f"{_since(begun_s)}: {done.rows} rows of {backup.name}, {done.unreadable} of people removed since stay away")
    for what, (before, after) in done.lost.items():
        _say(f"{what}: {before} in the backup, {after} restored")
    objects, vectors = wiring.object_store(settings), wiring.vector_index(settings)
    put, unreadable = restore_objects(backup, objects=objects, data_keys=parts.data_keys, folders=parts.folders)
    _say(f"{_since(begun_s)}: {put} objects put back, {unreadable} of people removed since stay away")
    database, now = wiring.engine(settings, pool_size=2), datetime.now(UTC)
    back = replay_erasures(engine=database, objects=objects, actor=_ACTOR, now=now)
    _say(f"{_since(begun_s)}: {back.people} people erased again")
    digest, dimension = wiring.pack_identity(settings)
    written = max(reindex(engine=database, vectors=vectors, pack=digest, dimension=dimension), default=0)
    gone = list(carry_out_erasures(engine=database, objects=objects, vectors=vectors, actor=_ACTOR, now=now))
    database.dispose()
    _say(f"{_since(begun_s)}: {written} looks in the index, {len(gone)} erasures finished; restored")
    return 0


def _since(begun_s: float) -> str:
    return f"{time.monotonic() - begun_s:.1f} s"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="functions.recognize.backup_commands", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    verbs.add_parser("backup", help="make a backup now").set_defaults(run=_backup, needs=BACKUP_NEEDS)
    verbs.add_parser("check", help="try the newest backup").set_defaults(run=_check, needs=BACKUP_NEEDS)
    restore = verbs.add_parser("restore", help="into the empty database of the settings")
    restore.add_argument("backup", nargs="?", type=Path, help="its folder; the newest when left out")
    restore.set_defaults(run=_restore, needs=(*BACKUP_NEEDS, *INDEX_NEEDS))
    return parser


if __name__ == "__main__":
    sys.exit(main())
