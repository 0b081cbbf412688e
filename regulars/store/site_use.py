"""What hangs on a site, counted: asked before it is given up or deleted."""

from uuid import UUID

from sqlalchemy import Connection, Table, func, select

from regulars.store.staff_tables import staff_sites
from regulars.store.tables import cameras, sightings, visits

_HANGING: dict[str, Table] = {
    "cameras": cameras,
    "tracks": sightings,
    "visits": visits,
    "members of staff": staff_sites,
}
_ENOUGH = 1000
"""Counting all of a busy site's visits would take long, and says no more."""


def cameras_that_run(connection: Connection, tenant_id: UUID, site_id: UUID) -> int:
    """Return how many of the site's cameras should be running."""
    own = (cameras.c.tenant_id == tenant_id, cameras.c.site_id == site_id, cameras.c.wanted_state == "running")
    return connection.scalar(select(func.count()).select_from(cameras).where(*own)) or 0


def what_hangs_on(connection: Connection, tenant_id: UUID, site_id: UUID) -> dict[str, int]:
    """Return how many of what belongs to the site, by name; what there is none of is left out. Counts to a thousand."""
    found: dict[str, int] = {}
    for name, table in _HANGING.items():
        own = select(table.c.tenant_id).where(table.c.tenant_id == tenant_id, table.c.site_id == site_id)
        count = connection.scalar(select(func.count()).select_from(own.limit(_ENOUGH).subquery())) or 0
        if count:
            found[name] = count
    return found
