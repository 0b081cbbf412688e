"""Every hour, since somewhere a day has just ended: rolls up closed days, and again what has changed of them."""

from datetime import date, datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.roll_up import roll_up as chore
from regulars.chores.shift import Numbers


@flow(name="roll_up", log_prints=False, retries=2, retry_delay_seconds=300)
def roll_up(now: datetime | None = None, first: date | None = None, last: date | None = None) -> Numbers:
    """From day `first` to `last` anew when they are given. `now` (UTC) is the present unless given."""
    return on_shift(chore, now, first, last)
