"""Every five minutes: tells recognize again of manifests in the object store that nothing came of."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.reconcile_tracks import reconcile_tracks as chore
from regulars.chores.shift import Numbers


@flow(name="reconcile_tracks", log_prints=False, retries=0, retry_delay_seconds=300)
def reconcile_tracks(now: datetime | None = None) -> Numbers:
    """For yesterday and today; the next run is the retry. `now` (UTC) is the present unless given."""
    return on_shift(chore, now)
