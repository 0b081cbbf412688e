"""Every day: makes the partitions that the visits of this month and the next will lie in, before they are needed."""

from datetime import timedelta

from regulars.chores.shift import Numbers, Shift, chore
from regulars.store.session import transaction
from regulars.store.visits import ensure_month
from regulars.tenancy import PLATFORM

_AHEAD = (timedelta(0), timedelta(days=31))


@chore("database_url")
def prepare_months(shift: Shift) -> Numbers:
    """Make the months of visits ahead; making one that is there changes nothing."""
    for ahead in _AHEAD:
        with transaction(shift.engine, PLATFORM) as connection:
            ensure_month(connection, shift.now + ahead)
    return {"months": len(_AHEAD)}
