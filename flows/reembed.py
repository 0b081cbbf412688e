"""Every night, around a change of the model pack: makes the new one's templates from kept pictures."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.reembed import reembed as chore
from regulars.chores.shift import Numbers


@flow(name="reembed", log_prints=False, retries=2, retry_delay_seconds=300)
def reembed(now: datetime | None = None, pack: str | None = None) -> Numbers:
    """For `pack`, the settings' when left out. `now` (UTC) is the present unless given."""
    return on_shift(chore, now, pack)
