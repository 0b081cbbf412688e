"""When a camera saw, as its worker said by heartbeats: what the coverage of reports is made of."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, update
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.cameras import LEASE_TTL_S
from regulars.store.tables import camera_sight

_S = camera_sight.c


def note_sight(connection: Connection, tenant_id: UUID, camera_id: UUID, now: datetime) -> None:
    """Note that the camera sees at `now` (UTC), and has seen since it was last said so if that is not long ago.

    Nobody knows what a camera saw of a time of which nothing was said for as long as a lease lasts.
    """
    of_camera = (_S.tenant_id == tenant_id, _S.camera_id == camera_id)
    lately = _S.until.between(now - timedelta(seconds=LEASE_TTL_S), now)
    if not connection.execute(update(camera_sight).where(*of_camera, lately).values(until=now)).rowcount:
        row = {"tenant_id": tenant_id, "camera_id": camera_id, "since": now, "until": now}
        connection.execute(insert(camera_sight).values(row).on_conflict_do_nothing())
