"""Every night: a backup of PostgreSQL, of people under keys of their own, and of objects that are no pictures."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect import flow, get_run_logger

from regulars import wiring
from regulars.settings import BACKUP_NEEDS, load_settings
from regulars.steps.back_up import back_up
from regulars.steps.backup_files import BackupFolders
from regulars.store.data_keys import DataKeys


@flow(name="backup", log_prints=False, retries=2, retry_delay_seconds=600)
def backup(now: datetime | None = None) -> str:
    """Return the backup's folder; `now` (UTC) is the present unless given. Raises DependencyAway."""
    settings = load_settings(BACKUP_NEEDS)
    owner = wiring.owner_engine(settings)
    try:
        done = back_up(
            owner=owner,
            data_keys=DataKeys(settings.sealing_keys),
            objects=wiring.object_store(settings),
            write_dump=wiring.postgres_dumps(settings, settings.database_owner_url, owner).write,
            folders=BackupFolders(Path(settings.backup_dir), Path(settings.backup_keys_dir)),
            keep=timedelta(days=settings.backup_days),
            now=now or datetime.now(UTC),
        )
    finally:
        owner.dispose()
    get_run_logger().info("%d rows, %d of people, %.1f s: %s", done.rows, done.people, done.seconds, done.folder)
    return done.folder
