"""Every week: restores the newest backup beside the real database and looks whether all is there, and nobody erased."""

from pathlib import Path

from prefect import flow, get_run_logger

from regulars import wiring
from regulars.settings import BACKUP_NEEDS, load_settings
from regulars.steps.backup_files import BackupFolders
from regulars.steps.check_restore import check_restore
from regulars.steps.restore import ReadDump
from regulars.store.data_keys import DataKeys


@flow(name="restore_check", log_prints=False, retries=1, retry_delay_seconds=600)
def restore_check() -> bool:
    """Return whether the backup can be relied on. Raises DependencyAway, NotFound when there is none."""
    settings, log = load_settings(BACKUP_NEEDS), get_run_logger()
    owner = wiring.owner_engine(settings)

    def reader_of(url: str) -> ReadDump:
        return wiring.postgres_dumps(settings, url, owner).read

    try:
        done = check_restore(
            owner=owner,
            application_url=settings.database_url,
            data_keys=DataKeys(settings.sealing_keys),
            reader_of=reader_of,
            folders=BackupFolders(Path(settings.backup_dir), Path(settings.backup_keys_dir)),
        )
    finally:
        owner.dispose()
    log.info("%s: %d rows, %d looks, %.1f s", done.backup, done.rows, done.looks_opened, done.seconds)
    if not done.is_good:
        log.error("not to be relied on: %d erased can be read, differs: %s", done.erased_readable, done.lost)
    return done.is_good
