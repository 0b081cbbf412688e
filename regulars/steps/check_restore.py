"""Tries a backup: restores it into a database beside the real one, looks whether all is there, and removes it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from regulars.domain.erasure import digest_of
from regulars.steps.backup_files import BackupFolders
from regulars.steps.restore import ReadDump, restore_database
from regulars.store.data_keys import DataKeys
from regulars.store.personal_rows import customers_named, digests_erased
from regulars.store.scratch_databases import scratch_database
from regulars.store.session import Engine
from regulars.store.templates import read_templates

MAY_SHRINK = {"face_templates", "consents", "staff", "staff_sites", "staff_photographs"}
"""What belongs to people and stays away with those who were removed since the backup."""
MADE_ANEW = {"rollup_days"}
"""What a migration may empty, since the next roll-up makes it: a backup of the version before is as good without."""


@dataclass(frozen=True, slots=True)
class RestoreChecked:
    """What was found. `erased_readable` are customers whom the ledger names and who can still be read: none, if right.

    `lost` names tables and sums of visits that differ from what the backup noted: there, and restored.
    """

    backup: str
    rows: int
    looks_opened: int
    unreadable: int
    orphans: int
    erased_readable: int
    lost: dict[str, tuple[int, int]]
    is_good: bool
    seconds: float


def check_restore(
    *,
    owner: Engine,
    application_url: str,
    data_keys: DataKeys,
    reader_of: Callable[[str], ReadDump],
    folders: BackupFolders,
) -> RestoreChecked:
    """Restore the newest backup beside the database of `owner`, who may make databases, and remove it again.

    `reader_of` returns what restores sections of a dump at a URL. Raises DependencyAway, NotFound.
    """
    begun_s, backup = time.monotonic(), folders.newest()
    with owner.begin() as connection:
        erased = digests_erased(connection)
    with scratch_database(owner, data_keys) as (beside, url):
        done = restore_database(
            backup,
            owner=beside,
            application_url=application_url,
            data_keys=data_keys,
            read_dump=reader_of(url),
            folders=folders,
        )
        with beside.begin() as connection:
            looks = read_templates(connection)
            readable = {one.subject_id for one in looks} | customers_named(connection)
    back = sum(digest_of(one) in erased for one in readable)
    return RestoreChecked(
        backup=backup.name,
        rows=done.rows,
        looks_opened=len(looks),
        unreadable=done.unreadable,
        orphans=done.orphans,
        erased_readable=back,
        lost=done.lost,
        is_good=not back and not done.lost.keys() - MAY_SHRINK - MADE_ANEW,
        seconds=round(time.monotonic() - begun_s, 2),
    )
