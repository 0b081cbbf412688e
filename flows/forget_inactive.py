"""Every night: the looks of people who have not come for their chain's months are forgotten."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.forget_inactive import forget_inactive as chore
from regulars.chores.shift import Numbers


@flow(name="forget_inactive", log_prints=False, retries=3, retry_delay_seconds=300)
def forget_inactive(now: datetime | None = None) -> Numbers:
    """Chain by chain. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
