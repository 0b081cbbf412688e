"""Which cameras should run and do not, since when, and of which of them somebody was told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, case, delete, exists, func, insert, not_, select, text, update

from regulars.ids import new_id
from regulars.store.tables import camera_leases, cameras, sites
from regulars.store.webhook_tables import camera_outages

_C = cameras.c
_L = camera_leases.c
_O = camera_outages.c


@dataclass(frozen=True, slots=True)
class AilingCamera:
    """A camera that should run, or one with an outage. `trouble`: why it does not run, None when all is well.

    `broken`: it was given up, and does not merely try again. `wanted`: somebody wants it to run.
    """

    tenant_id: UUID
    camera_id: UUID
    camera_name: str
    site_id: UUID
    site_name: str
    wanted: bool
    trouble: str | None
    broken: bool
    outage_id: UUID | None
    since: datetime | None
    announced_at: datetime | None


def begin_watch(connection: Connection) -> bool:
    """Take the watch until this transaction ends; False when another process has it."""
    return bool(connection.scalar(text("select pg_try_advisory_xact_lock(hashtextextended('camera outages', 0))")))


def ailing_cameras(connection: Connection, now: datetime) -> list[AilingCamera]:
    """Return every camera in sight that should run and does not, or that has an outage."""
    held = exists().where(
        _L.tenant_id == _C.tenant_id, _L.camera_id == _C.camera_id, _L.released_at.is_(None), _L.expires_at > now
    )
    wanted = and_(_C.wanted_state == "running", not_(and_(_C.state == "stopped", _C.state_reason == "finished")))
    reason = func.coalesce(func.nullif(_C.state_reason, "none"), _C.state)
    trouble = case((not_(wanted), None), (not_(held), "no_worker"), (_C.state == "running", None), else_=reason)
    rows = connection.execute(
        select(
            *(_C.tenant_id, _C.camera_id, _C.name.label("camera_name"), _C.site_id, sites.c.name.label("site_name")),
            wanted.label("wanted"),
            trouble.label("trouble"),
            and_(held, _C.state == "failed").label("broken"),
            *(_O.outage_id, _O.since, _O.announced_at),
        )
        .join(sites, and_(sites.c.tenant_id == _C.tenant_id, sites.c.site_id == _C.site_id))
        .outerjoin(camera_outages, and_(_O.tenant_id == _C.tenant_id, _O.camera_id == _C.camera_id))
        .where(trouble.is_not(None) | _O.outage_id.is_not(None))
    ).mappings()
    return [AilingCamera(**row) for row in rows]


def begin_outage(connection: Connection, camera: AilingCamera, now: datetime) -> UUID:
    """Note that the camera does not run as of now; return the outage's id."""
    outage_id = new_id()
    row = {"tenant_id": camera.tenant_id, "camera_id": camera.camera_id, "outage_id": outage_id}
    connection.execute(insert(camera_outages).values(**row, reason=camera.trouble, since=now))
    return outage_id


def note_announced(connection: Connection, camera: AilingCamera, now: datetime) -> None:
    """Note that somebody was told of the camera's outage, and the reason that was given."""
    own = (_O.tenant_id == camera.tenant_id, _O.camera_id == camera.camera_id)
    connection.execute(update(camera_outages).where(*own).values(announced_at=now, reason=camera.trouble))


def end_outage(connection: Connection, camera: AilingCamera) -> None:
    """Note that the camera's outage is over."""
    own = (_O.tenant_id == camera.tenant_id, _O.camera_id == camera.camera_id)
    connection.execute(delete(camera_outages).where(*own))
