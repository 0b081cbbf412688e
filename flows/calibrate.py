"""Every week: measures whether the pack's impostor table is right for the people who come here."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.calibrate import calibrate as chore
from regulars.chores.shift import Numbers


@flow(name="calibrate", log_prints=False, retries=2, retry_delay_seconds=300)
def calibrate(now: datetime | None = None) -> Numbers:
    """Gallery by gallery. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
