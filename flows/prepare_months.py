"""Every day: makes the partitions that the visits of this month and the next will lie in, before they are needed."""

from datetime import UTC, datetime, timedelta

from prefect import flow

from flows.parts import Parts
from regulars.store.session import transaction
from regulars.store.visits import ensure_month
from regulars.tenancy import PLATFORM

_AHEAD = (timedelta(0), timedelta(days=31))


@flow(name="prepare months", log_prints=False)
def prepare_months() -> None:
    """Making one that is there changes nothing. Raises DependencyAway."""
    parts = Parts()
    for ahead in _AHEAD:
        with transaction(parts.engine, PLATFORM) as connection:
            ensure_month(connection, datetime.now(UTC) + ahead)
