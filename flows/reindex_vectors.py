"""Every night: compares the vector index with PostgreSQL and writes what it lacks."""

from datetime import datetime

from prefect import flow

from flows.on_shift import on_shift
from regulars.chores.reindex_vectors import reindex_vectors as chore
from regulars.chores.shift import Numbers


@flow(name="reindex_vectors", log_prints=False, retries=2, retry_delay_seconds=300)
def reindex_vectors(now: datetime | None = None, *, anew: bool = False) -> Numbers:
    """From nothing when `anew`. `now` (UTC) is the present unless given."""
    return on_shift(chore, now, anew=anew)
