"""Which sightings have a picture of a face that could be used; whether it is still kept its age says."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH

from regulars.store.sightings import Sighting, sighting_of
from regulars.store.tables import sightings

_S = sightings.c
PICTURED = func.jsonb_path_exists(_S.shots, cast("$[*] ? (@.refused == null)", JSONPATH))
"""The condition that a sighting has a shot that was not refused."""


def last_pictured(connection: Connection, tenant_id: UUID, customer_id: UUID, since: datetime) -> Sighting | None:
    """Return the customer's last sighting with a picture since this time (UTC), or None."""
    own = (_S.tenant_id == tenant_id, _S.customer_id == customer_id, _S.started_at >= since, PICTURED)
    wanted = select(sightings).where(*own).order_by(_S.started_at.desc(), _S.track_id.desc()).limit(1)
    row = connection.execute(wanted).mappings().one_or_none()
    return sighting_of(row) if row else None
