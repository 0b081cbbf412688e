"""Every minute, where no gateway always runs (REGULARS_WEBHOOKS_BY=flow): tells of cameras, delivers webhooks."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.deliver_webhooks import deliver_webhooks as chore
from regulars.chores.shift import Numbers


@flow(name="deliver_webhooks", log_prints=False, retries=0, retry_delay_seconds=300)
def deliver_webhooks(now: datetime | None = None) -> Numbers:
    """Once; the next run is the retry. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
