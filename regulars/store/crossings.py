"""Crossings: each time a track passed its camera's line; their own figure beside visits."""

from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from regulars.store.tables import crossings, sightings

_C, _S = crossings.c, sightings.c


def crossings_of_camera(connection: Connection, tenant_id: UUID, camera_id: UUID) -> dict[str, int]:
    """Return how often the camera's line was passed, as {"in": n, "out": n}; what was no face does not count."""
    counted = (
        select(_C.direction, func.count())
        .join(sightings, and_(_S.tenant_id == _C.tenant_id, _S.track_id == _C.track_id))
        .where(_C.tenant_id == tenant_id, _C.camera_id == camera_id, _S.outcome != "rejected")
        .group_by(_C.direction)
    )
    return {"in": 0, "out": 0} | {str(direction): int(count) for direction, count in connection.execute(counted)}
