"""Every night: deletes pictures of faces that are too old, and proves that none is left."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.purge_raw_faces import purge_raw_faces as chore
from regulars.chores.shift import Numbers


@flow(name="purge_raw_faces", log_prints=False, retries=3, retry_delay_seconds=300)
def purge_raw_faces(now: datetime | None = None) -> Numbers:
    """With the proof in audit logs. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
