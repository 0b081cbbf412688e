"""Every hour, since somewhere a week or a month has just ended: makes saved reports and mails them."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.send_reports import send_reports as chore
from regulars.chores.shift import Numbers


@flow(name="send_reports", log_prints=False, retries=3, retry_delay_seconds=300)
def send_reports(now: datetime | None = None) -> Numbers:
    """And let old reports go. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
