"""Live view in PostgreSQL: which cameras are watched until when, and the newest picture of each; seconds old at most.

Every replica of the gateway hears of it on `WATCHING`: `wish tenant_id` (something else is wanted of the workers) and
`picture tenant_id camera_id` (a newer one lies there). Times are UTC and come from the caller's clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.watching import KEPT_S, WATCHED_FOR_S
from regulars.store.tables import camera_leases, cameras
from regulars.store.watching_tables import camera_watchers, live_pictures

WATCHING = "regulars_watching"
_W, _P, _L, _C = camera_watchers.c, live_pictures.c, camera_leases.c, cameras.c


@dataclass(frozen=True, slots=True)
class WatchedCamera:
    """A camera that may be looked through."""

    tenant_id: UUID
    camera_id: UUID
    site_id: UUID


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """The newest picture of a camera; a greater `number` is a newer one. `facts` is a LivePicture as JSON."""

    number: int
    kept_at: datetime
    facts: dict[str, Any]
    jpeg: bytes


def tell(connection: Connection, *words: object) -> None:
    """Notify everyone who listens to `WATCHING`, when the transaction commits."""
    message = " ".join(map(str, words))
    connection.execute(text("select pg_notify(:channel, :message)"), {"channel": WATCHING, "message": message})


def cameras_to_watch(connection: Connection, tenant_id: UUID, camera_ids: list[UUID]) -> list[WatchedCamera]:
    """Return those of these cameras that are in the transaction's sight."""
    wanted = select(_C.tenant_id, _C.camera_id, _C.site_id).where(
        _C.tenant_id == tenant_id, _C.camera_id.in_(camera_ids)
    )
    return [WatchedCamera(*row) for row in connection.execute(wanted)]


def watch(connection: Connection, camera: WatchedCamera, replica_id: UUID, now: datetime) -> None:
    """Say that somebody at this replica watches the camera; to be said again within WATCHED_FOR_S."""
    until = now + timedelta(seconds=WATCHED_FOR_S)
    key = {"tenant_id": camera.tenant_id, "camera_id": camera.camera_id}
    begins = not is_watched(connection, camera, now)
    row = insert(camera_watchers).values(**key, site_id=camera.site_id, replica_id=replica_id, until=until)
    connection.execute(
        row.on_conflict_do_update(index_elements=["tenant_id", "camera_id", "replica_id"], set_={"until": until})
    )
    if begins:
        tell(connection, "wish", camera.tenant_id)


def unwatch(connection: Connection, camera: WatchedCamera, replica_id: UUID, now: datetime) -> None:
    """Say that nobody at this replica watches any more; where nobody else does, the picture goes, too."""
    of_camera = (_W.tenant_id == camera.tenant_id, _W.camera_id == camera.camera_id)
    # All of them, in order: of two replicas that stop at the same time the later one sees that nobody is left.
    connection.execute(select(_W.replica_id).where(*of_camera).order_by(_W.replica_id).with_for_update())
    connection.execute(delete(camera_watchers).where(*of_camera, _W.replica_id == replica_id))
    if not is_watched(connection, camera, now):
        forget_picture(connection, camera)
        tell(connection, "wish", camera.tenant_id)


def keeps_watched(connection: Connection, camera: WatchedCamera, now: datetime) -> bool:
    """Say whether anybody watches the camera. Who stops watching waits for the end of this transaction."""
    of_camera = (_W.tenant_id == camera.tenant_id, _W.camera_id == camera.camera_id)
    watchers = select(_W.replica_id).where(*of_camera, _W.until > now).order_by(_W.replica_id)
    return bool(connection.scalars(watchers.with_for_update(read=True, key_share=True)).all())


def is_watched(connection: Connection, camera: WatchedCamera, now: datetime) -> bool:
    """Say whether anybody watches the camera, at whichever replica."""
    of_camera = (_W.tenant_id == camera.tenant_id, _W.camera_id == camera.camera_id)
    return bool(connection.scalar(select(exists().where(*of_camera, _W.until > now))))


def watched_of(connection: Connection, holder: str, now: datetime) -> set[UUID]:
    """Return the watched cameras among those that `holder` has on lease."""
    same = and_(_W.tenant_id == _L.tenant_id, _W.camera_id == _L.camera_id)
    held = (_L.worker_id == holder, _L.released_at.is_(None), _L.expires_at > now)
    return set(connection.scalars(select(_L.camera_id).where(*held, exists().where(same, _W.until > now))))


def camera_on_lease(
    connection: Connection, key_id: UUID, camera_id: UUID, lease_id: UUID, now: datetime
) -> WatchedCamera | None:
    """Return the camera that a worker of this key holds under this very lease, or None."""
    held = (
        _L.camera_id == camera_id,
        _L.lease_id == lease_id,
        _L.released_at.is_(None),
        _L.expires_at > now,
        func.starts_with(_L.worker_id, f"{key_id}/"),
    )
    same = and_(_C.tenant_id == _L.tenant_id, _C.camera_id == _L.camera_id)
    row = connection.execute(
        select(_C.tenant_id, _C.camera_id, _C.site_id).join(camera_leases, same).where(*held)
    ).one_or_none()
    return WatchedCamera(*row) if row else None


def put_picture(
    connection: Connection, camera: WatchedCamera, facts: dict[str, Any], jpeg: bytes, now: datetime
) -> None:
    """Put the newest picture in the place of the one before."""
    new = {"facts": facts, "jpeg": jpeg, "kept_at": now, "number": func.nextval(text("'live_picture_numbers'"))}
    key = {"tenant_id": camera.tenant_id, "camera_id": camera.camera_id}
    row = insert(live_pictures).values(**key, site_id=camera.site_id, **new)
    connection.execute(row.on_conflict_do_update(index_elements=["tenant_id", "camera_id"], set_=new))
    tell(connection, "picture", camera.tenant_id, camera.camera_id)


def newest_picture(connection: Connection, tenant_id: UUID, camera_id: UUID) -> KeptPicture | None:
    """Return the newest picture of a camera, or None."""
    wanted = select(_P.number, _P.kept_at, _P.facts, _P.jpeg)
    row = connection.execute(wanted.where(_P.tenant_id == tenant_id, _P.camera_id == camera_id)).one_or_none()
    return KeptPicture(*row) if row else None


def forget_picture(connection: Connection, camera: WatchedCamera) -> None:
    """Remove the picture of a camera."""
    connection.execute(delete(live_pictures).where(_P.tenant_id == camera.tenant_id, _P.camera_id == camera.camera_id))


def forget_old(connection: Connection, now: datetime) -> None:
    """Remove what a replica or a worker that died has left behind, of every tenant."""
    connection.execute(select(func.forget_live_pictures(now - timedelta(seconds=KEPT_S))))
