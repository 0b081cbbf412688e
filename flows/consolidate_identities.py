"""Every night: makes one customer of two who are one person, and asks a human about the others."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.consolidate_identities import consolidate_identities as chore
from regulars.chores.shift import Numbers


@flow(name="consolidate_identities", log_prints=False, retries=2, retry_delay_seconds=300)
def consolidate_identities(now: datetime | None = None) -> Numbers:
    """Gallery by gallery. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
