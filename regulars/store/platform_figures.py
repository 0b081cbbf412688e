"""What the platform is asked about itself: how many cameras do what, what was set aside; no tenant, no person."""

from sqlalchemy import BigInteger, Connection, cast, func, select

from regulars.domain.cameras import CameraCounters
from regulars.store.tables import cameras, events_set_aside


def cameras_by_state(connection: Connection) -> dict[str, int]:
    """Return how many cameras in sight are in each state."""
    rows = connection.execute(select(cameras.c.state, func.count()).group_by(cameras.c.state))
    return {row[0]: row[1] for row in rows}


def present_counters(connection: Connection) -> dict[str, int]:
    """Return the counters of all cameras in sight added up, each as its worker told it last under its present lease."""
    names = tuple(CameraCounters.model_fields)
    sums = [func.coalesce(func.sum(cast(cameras.c.counters[name].astext, BigInteger)), 0) for name in names]
    row = connection.execute(select(*sums)).one()
    return {name: int(value) for name, value in zip(names, row, strict=True)}


def set_aside_by_reason(connection: Connection) -> dict[str, int]:
    """Return how many tracks are set aside and unresolved, by reason."""
    reason = events_set_aside.c.reason
    wanted = select(reason, func.count()).where(events_set_aside.c.resolved_at.is_(None)).group_by(reason)
    return {row[0]: row[1] for row in connection.execute(wanted)}
