"""How often somebody has tried something within a window of time: counted here, so that all replicas count together."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.store.account_tables import limits

_L = limits.c
_SWEPT_AT_ONCE = 50


def take(connection: Connection, subject: bytes, window: timedelta, now: datetime) -> tuple[int, datetime]:
    """Count one more; return how many that makes in the window, and when the window ends (UTC).

    A window begins with its first count. One statement, so that many at once do not count as one; what is over is
    swept away by whoever begins a window. Needs a transaction of the platform.
    """
    over = _L.ends_at <= now
    statement = insert(limits).values(subject=subject, taken=1, began_at=now, ends_at=now + window)
    statement = statement.on_conflict_do_update(
        index_elements=["subject"],
        set_={
            "taken": case((over, 1), else_=_L.taken + 1),
            "began_at": case((over, now), else_=_L.began_at),
            "ends_at": case((over, now + window), else_=_L.ends_at),
        },
    )
    taken, ends_at = connection.execute(statement.returning(_L.taken, _L.ends_at)).one()
    if taken == 1:
        old = select(_L.subject).where(over).limit(_SWEPT_AT_ONCE).with_for_update(skip_locked=True)
        connection.execute(delete(limits).where(_L.subject.in_(old.scalar_subquery())))
    return taken, ends_at


def give_back(connection: Connection, subject: bytes) -> None:
    """Count one less: what was counted beforehand turned out not to count."""
    connection.execute(update(limits).where(_L.subject == subject, _L.taken > 0).values(taken=_L.taken - 1))


def forget(connection: Connection, subject: bytes) -> None:
    """Begin anew with this subject."""
    connection.execute(delete(limits).where(_L.subject == subject))
