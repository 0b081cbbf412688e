"""Every day: makes the partitions that visits will lie in, before they are needed."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.prepare_months import prepare_months as chore
from regulars.chores.shift import Numbers


@flow(name="prepare_months", log_prints=False, retries=2, retry_delay_seconds=300)
def prepare_months(now: datetime | None = None) -> Numbers:
    """For this month and the next. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
