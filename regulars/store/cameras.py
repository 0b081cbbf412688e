"""Cameras as people set them up: what each is, whether it should run, and what it does now."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, and_, delete, insert, select, update

from regulars.domain.cameras import CameraCounters, CameraRole, CameraType, Line, StateName, StateReason
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.records import record_of
from regulars.store.tables import camera_leases, cameras, sites

_C = cameras.c
_L = camera_leases.c


@dataclass(frozen=True, slots=True)
class CameraSetup:
    """What a person decides about a camera; `rtsp_url_sealed` is never stored in the open."""

    name: str
    type: CameraType
    webcam_index: int | None
    rtsp_url_sealed: bytes | None
    file_path: str | None
    file_starts_at: datetime | None
    line: Line | None
    role: CameraRole
    recognition: bool
    wanted_state: str


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera with its present state. `worker` is who holds its lease and until when (UTC); both None when nobody."""

    tenant_id: UUID
    camera_id: UUID
    site_id: UUID
    site_name: str
    setup: CameraSetup
    state: StateName
    state_reason: StateReason
    state_detail: str
    state_at: datetime | None
    counters: CameraCounters
    created_at: datetime
    worker: str | None
    lease_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class PresentState:
    """What a camera does now, and why."""

    camera_id: UUID
    site_id: UUID
    state: StateName
    reason: StateReason
    detail: str


def add_camera(
    connection: Connection, tenant_id: UUID, site_id: UUID, camera_id: UUID, setup: CameraSetup, now: datetime
) -> None:
    """Add a camera that has not run yet."""
    connection.execute(
        insert(cameras).values(
            tenant_id=tenant_id,
            site_id=site_id,
            camera_id=camera_id,
            **_values(setup),
            state="stopped",
            state_reason="none",
            state_detail="",
            counters={},
            created_at=now,
        )
    )


CAMERAS_BY = Sorting(_C.camera_id, {"created_at": _C.created_at, "name": _C.name})


def page_of_cameras(
    connection: Connection,
    piece: Piece,
    *,
    site_id: UUID | None = None,
    state: StateName | None = None,
    q: str | None = None,
) -> Slice[Camera]:
    """Return one page of the cameras in the transaction's sight; `q` is looked for in the camera's and site's name."""
    wanted = _with_lease()
    if site_id is not None:
        wanted = wanted.where(_C.site_id == site_id)
    if state is not None:
        wanted = wanted.where(_C.state == state)
    if q is not None:
        wanted = wanted.where(mentions(q, _C.name, sites.c.name))
    return read_slice(connection, wanted, CAMERAS_BY, piece, _camera)


def find_camera(
    connection: Connection, tenant_id: UUID | None, camera_id: UUID, *, lock: bool = False
) -> Camera | None:
    """Return the tenant's camera, or None; without a tenant that of any, for the platform.

    With `lock` nobody else can change its setup before the transaction ends.
    """
    wanted = _with_lease().where(_C.camera_id == camera_id)
    if tenant_id is not None:
        wanted = wanted.where(_C.tenant_id == tenant_id)
    if lock:
        wanted = wanted.with_for_update(of=cameras)
    row = connection.execute(wanted).mappings().one_or_none()
    return _camera(row) if row else None


def names_of_cameras(connection: Connection, tenant_id: UUID, camera_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of these cameras of the tenant; those that are no more are missing."""
    wanted = select(_C.camera_id, _C.name).where(_C.tenant_id == tenant_id, _C.camera_id.in_(list(camera_ids)))
    return {row.camera_id: row.name for row in connection.execute(wanted)}


def states_of(connection: Connection, tenant_id: UUID, camera_ids: list[UUID]) -> list[PresentState]:
    """Return what these cameras of the tenant do now; those that are no more are missing."""
    wanted = select(_C.camera_id, _C.site_id, _C.state, _C.state_reason, _C.state_detail)
    rows = connection.execute(wanted.where(_C.tenant_id == tenant_id, _C.camera_id.in_(camera_ids)))
    return [PresentState(*row) for row in rows]


def change_camera(connection: Connection, tenant_id: UUID, camera_id: UUID, setup: CameraSetup, now: datetime) -> None:
    """Replace the setup. A file that was played to its end may be played again from now on."""
    own = (_C.tenant_id == tenant_id, _C.camera_id == camera_id)
    connection.execute(update(cameras).where(*own).values(**_values(setup)))
    connection.execute(
        update(cameras)
        .where(*own, _C.state == "stopped", _C.state_reason == "finished")
        .values(state_reason="none", state_detail="", state_at=now)
    )


def remove_camera(connection: Connection, tenant_id: UUID, camera_id: UUID) -> None:
    """Remove a camera and its leases; what it has seen stays."""
    connection.execute(delete(cameras).where(_C.tenant_id == tenant_id, _C.camera_id == camera_id))


def _values(setup: CameraSetup) -> dict[str, Any]:
    return asdict(setup) | {"line": setup.line.model_dump() if setup.line else None}


def _with_lease() -> Select[Any]:
    open_lease = and_(_L.tenant_id == _C.tenant_id, _L.camera_id == _C.camera_id, _L.released_at.is_(None))
    same_site = and_(sites.c.tenant_id == _C.tenant_id, sites.c.site_id == _C.site_id)
    return (
        select(cameras, sites.c.name.label("site_name"), _L.worker_id, _L.expires_at)
        .join(sites, same_site)
        .outerjoin(camera_leases, open_lease)
    )


def _camera(row: RowMapping) -> Camera:
    line = Line.model_validate(row["line"]) if row["line"] else None
    return Camera(
        tenant_id=row["tenant_id"],
        camera_id=row["camera_id"],
        site_id=row["site_id"],
        site_name=row["site_name"],
        setup=record_of(CameraSetup, row, line=line),
        state=row["state"],
        state_reason=row["state_reason"],
        state_detail=row["state_detail"],
        state_at=row["state_at"],
        counters=CameraCounters.model_validate(row["counters"]),
        created_at=row["created_at"],
        worker=row["worker_id"],
        lease_expires_at=row["expires_at"],
    )
