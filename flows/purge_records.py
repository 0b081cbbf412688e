"""Every night: rows that served their time leave PostgreSQL."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.purge_records import purge_records as chore
from regulars.chores.shift import Numbers


@flow(name="purge_records", log_prints=False, retries=2, retry_delay_seconds=300)
def purge_records(now: datetime | None = None) -> Numbers:
    """Table by table. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
