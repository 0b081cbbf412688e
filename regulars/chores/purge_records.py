"""Every night: rows that served their time leave PostgreSQL."""

from regulars.chores.shift import Numbers, Shift, chore
from regulars.steps.purge_records import purge_records as purge


@chore("database_url")
def purge_records(shift: Shift) -> Numbers:
    """Remove announcements, answers, deliveries, logins and set-aside events that are over."""
    return purge(engine=shift.engine, now=shift.now)
