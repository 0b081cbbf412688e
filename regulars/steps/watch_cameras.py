"""Every few seconds, beside the delivery of webhooks: notices cameras that should run and do not, and says so once.

Looked at from outside, since a worker that died writes nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from regulars.domain.webhooks import EventType, event_id
from regulars.store.camera_outages import (
    AilingCamera,
    ailing_cameras,
    begin_outage,
    begin_watch,
    end_outage,
    note_announced,
)
from regulars.store.outbox import OutboxEvent, enqueue
from regulars.store.session import Connection, Engine, transaction
from regulars.tenancy import PLATFORM

PATIENCE = timedelta(minutes=1)
"""A stream that breaks and comes back within this time is nobody's concern; a camera that was given up is at once."""


def watch_cameras(*, engine: Engine, now: datetime) -> int:
    """Put `camera.failed` and `camera.recovered` into the outbox; return how many cameras are in trouble.

    Raises DependencyAway.
    """
    with transaction(engine, PLATFORM) as connection:
        if not begin_watch(connection):
            return 0
        cameras = ailing_cameras(connection, now)
        for camera in cameras:
            if camera.trouble is None:
                _over(connection, camera, now)
            else:
                _in_trouble(connection, camera, now)
    return sum(camera.trouble is not None for camera in cameras)


def _in_trouble(connection: Connection, camera: AilingCamera, now: datetime) -> None:
    outage_id = camera.outage_id or begin_outage(connection, camera, now)
    since = camera.since or now
    if camera.announced_at is None and (camera.broken or now - since >= PATIENCE):
        note_announced(connection, camera, now)
        _put(connection, camera, outage_id, "camera.failed", now, reason=camera.trouble, since=since.isoformat())


def _over(connection: Connection, camera: AilingCamera, now: datetime) -> None:
    """One that nobody wants to run any more has not recovered."""
    end_outage(connection, camera)
    if camera.outage_id and camera.since and camera.announced_at and camera.wanted:
        away_s = round((now - camera.since).total_seconds())
        _put(connection, camera, camera.outage_id, "camera.recovered", now, failed_for_s=away_s)


def _put(
    connection: Connection, camera: AilingCamera, outage_id: UUID, event: EventType, now: datetime, **more: object
) -> None:
    about = {
        "outage_id": str(outage_id),
        "camera_id": str(camera.camera_id),
        "camera_name": camera.camera_name,
        "site_id": str(camera.site_id),
        "site_name": camera.site_name,
    }
    told = OutboxEvent(camera.tenant_id, event_id(event, outage_id), event, now, about | more, site_id=camera.site_id)
    enqueue(connection, told, now)
