"""Every hour: finishes erasures and departures, and erases again whom a restore has brought back."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.erase_people import erase_people as chore
from regulars.chores.shift import Numbers


@flow(name="erase_people", log_prints=False, retries=3, retry_delay_seconds=300)
def erase_people(now: datetime | None = None) -> Numbers:
    """Ledger first. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
