"""Recorded footage: how far the tracks of a played clip are, and until when a chain has seen anybody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from regulars.store.tables import sightings

_S = sightings.c


def tracks_recognized(connection: Connection, tenant_id: UUID, camera_id: UUID) -> int:
    """Return how many tracks of the camera have become sightings."""
    wanted = select(func.count()).select_from(sightings)
    return connection.scalar(wanted.where(_S.tenant_id == tenant_id, _S.camera_id == camera_id)) or 0


def last_seen_at(connection: Connection, tenant_id: UUID) -> datetime | None:
    """Return when (UTC) the tenant's latest sighting ended; None before the first."""
    latest: datetime | None = connection.scalar(select(func.max(_S.ended_at)).where(_S.tenant_id == tenant_id))
    return latest
