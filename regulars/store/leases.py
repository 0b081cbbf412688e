"""Who runs which camera: leases given, renewed and freed by the gateway's heartbeat, asked again for every track.

All of it works for one tenant or for the platform, whichever the transaction was opened for: row-level security says
which cameras exist. Times are UTC and come from the caller's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from regulars.domain.cameras import CameraRole, CameraState, CameraType, Line, StateName, StateReason
from regulars.ids import minted_at, new_id
from regulars.store.camera_sight import note_sight
from regulars.store.records import record_of
from regulars.store.tables import camera_leases, cameras, sites, tenants

_C = cameras.c
_L = camera_leases.c
_SAME_CAMERA = and_(_L.tenant_id == _C.tenant_id, _L.camera_id == _C.camera_id)
_OF_TENANT = select(tenants.c.recognition).where(tenants.c.tenant_id == _C.tenant_id).scalar_subquery()
_RECOGNIZES = and_(_C.recognition, _OF_TENANT).label("recognizes")
_SERVED = (
    exists()
    .where(tenants.c.tenant_id == _C.tenant_id, tenants.c.suspended_at.is_(None))
    .where(sites.c.tenant_id == _C.tenant_id, sites.c.site_id == _C.site_id, sites.c.active)
    .label("served")
)
_FINISHED = and_(_C.state == "stopped", _C.state_reason == "finished")
BROKEN_RESTS = timedelta(minutes=1)
"""A camera that failed for a reason inside is not handed out sooner, so that it does not keep others waiting."""


RESTORED = "restored"
"""Who held the leases that a restored database knows nothing of: no worker has such a name."""


@dataclass(frozen=True, slots=True)
class CameraOnLease:
    """A camera and the lease under which `holder` runs it; `rtsp_url_sealed` is as stored.

    `recognition` only where the tenant wants it as well as the camera; `served` while the chain is not suspended and
    its site not given up.
    """

    tenant_id: UUID
    camera_id: UUID
    site_id: UUID
    lease_id: UUID
    acquired_at: datetime
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
    state: StateName
    state_reason: StateReason
    served: bool

    @property
    def wanted(self) -> bool:
        """Whether it may run, somebody wants it to, and it has not come to its end by itself."""
        return (
            self.served
            and self.wanted_state == "running"
            and not (self.state == "stopped" and self.state_reason == "finished")
        )


def lock_held(connection: Connection, holder: str) -> list[CameraOnLease]:
    """Return the cameras that `holder` has an open lease on, oldest lease first, locked until the transaction ends.

    A lease that has expired but that nobody has taken over is still open.
    """
    found = connection.execute(
        select(cameras, _RECOGNIZES, _SERVED, _L.lease_id, _L.acquired_at)
        .join(camera_leases, _SAME_CAMERA)
        .where(_L.worker_id == holder, _L.released_at.is_(None))
        .order_by(_C.camera_id)
        .with_for_update(of=(cameras, camera_leases))
    ).mappings()
    return sorted(map(_on_lease, found), key=lambda camera: (camera.acquired_at, camera.lease_id))


def renew(connection: Connection, lease_ids: Sequence[UUID], expires_at: datetime) -> None:
    """Let these leases run until `expires_at`."""
    if lease_ids:
        connection.execute(update(camera_leases).where(_L.lease_id.in_(lease_ids)).values(expires_at=expires_at))


def release(connection: Connection, camera: CameraOnLease, reason: StateReason, detail: str, now: datetime) -> None:
    """End the lease and say on the camera why it stands still, unless it had ended by itself."""
    connection.execute(update(camera_leases).where(_L.lease_id == camera.lease_id).values(released_at=now))
    connection.execute(
        update(cameras)
        .where(_C.tenant_id == camera.tenant_id, _C.camera_id == camera.camera_id, not_(_FINISHED))
        .values(
            state="failed" if reason == "internal" else "stopped",
            state_reason=reason,
            state_detail=detail,
            state_at=now,
        )
    )


def count_wanted(connection: Connection, now: datetime) -> tuple[int, int]:
    """Return how many cameras in sight should and may run, and how many of these a worker holds."""
    held = exists().where(_SAME_CAMERA, _L.released_at.is_(None), _L.expires_at > now)
    wanted = select(func.count(), func.count().filter(held)).where(
        _C.wanted_state == "running", _SERVED.element, not_(_FINISHED)
    )
    row = connection.execute(wanted.select_from(cameras)).one()
    return row[0], row[1]


def claim(connection: Connection, holder: str, limit: int, now: datetime, expires_at: datetime) -> list[CameraOnLease]:
    """Lease up to `limit` cameras that should and may run and that nobody holds to `holder`.

    What another heartbeat has in hand is skipped. An expired lease is closed before its successor begins, so each
    camera has one open lease at most.
    """
    if limit <= 0:
        return []
    held_by_someone = exists().where(_SAME_CAMERA, _L.released_at.is_(None), _L.expires_at > now)
    resting = and_(_C.state == "failed", _C.state_reason == "internal", _C.state_at > now - BROKEN_RESTS)
    locked = connection.execute(
        select(_C.tenant_id, _C.camera_id)
        .where(_C.wanted_state == "running", _SERVED.element, not_(_FINISHED), not_(resting), not_(held_by_someone))
        .order_by(_C.created_at, _C.camera_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    # A lease committed between that statement's snapshot and its lock is only seen by a new statement.
    keys = [(row.tenant_id, row.camera_id) for row in locked]
    free = connection.execute(
        select(cameras, _RECOGNIZES, _SERVED).where(tuple_(_C.tenant_id, _C.camera_id).in_(keys), not_(held_by_someone))
    ).mappings()
    return [_begin(connection, camera, holder, now, expires_at) for camera in free.all()]


def record_state(connection: Connection, tenant_id: UUID, told: CameraState, now: datetime) -> None:
    """Write down what the worker says of a camera it holds; the caller has checked that the lease is its own."""
    connection.execute(
        update(cameras)
        .where(_C.tenant_id == tenant_id, _C.camera_id == told.camera_id)
        .values(
            state=told.state,
            state_reason=told.reason,
            state_detail=told.detail,
            state_at=now,
            counters=told.counters.model_dump(),
        )
    )
    if told.state == "running" and told.reason == "none":
        note_sight(connection, tenant_id, told.camera_id, now)


@dataclass(frozen=True, slots=True)
class TrackPlace:
    """Where a track of a camera belongs, and whether the lease it was seen under still counts."""

    tenant_id: UUID
    site_id: UUID
    lease_lost: bool


def place_of_track(connection: Connection, camera_id: UUID, lease_id: UUID, started_at: datetime) -> TrackPlace | None:
    """Say where a track goes that began at `started_at` under this lease; None when there was never such a lease.

    A lease is lost for what began at or after its successor. Recorded footage has times of its own, so there any
    successor ends it. A lease given in a time that a restore has taken away (`note_restored`) is believed: its id says
    when it was given.
    """
    facts = select(_L.acquired_at, _C.tenant_id, _C.site_id, _C.file_starts_at).join(cameras, _SAME_CAMERA)
    own = connection.execute(facts.where(_L.camera_id == camera_id, _L.lease_id == lease_id)).one_or_none()
    acquired_at = minted_at(lease_id) if own is None else own.acquired_at
    if own is None:
        forgotten = and_(_L.worker_id == RESTORED, _L.acquired_at <= acquired_at, _L.released_at > acquired_at)
        own = connection.execute(facts.where(_L.camera_id == camera_id, forgotten).limit(1)).one_or_none()
    if own is None:
        return None
    later: list[ColumnElement[bool]] = [
        _L.worker_id != RESTORED,
        or_(_L.acquired_at > acquired_at, and_(_L.acquired_at == acquired_at, _L.lease_id > lease_id)),
    ]
    if own.file_starts_at is None:
        later.append(_L.acquired_at <= started_at)
    lost = connection.scalar(
        select(func.count()).where(_L.tenant_id == own.tenant_id, _L.camera_id == camera_id, *later)
    )
    return TrackPlace(tenant_id=own.tenant_id, site_id=own.site_id, lease_lost=bool(lost))


def note_restored(connection: Connection, since: datetime, until: datetime) -> None:
    """Note for every camera that leases given from `since`, the backup's moment, to `until` are not known any more.

    Workers still have tracks seen under them, which are nobody else's. Needs the platform's or the owner's transaction.
    """
    places = connection.execute(select(_C.tenant_id, _C.camera_id)).all()
    span = {"worker_id": RESTORED, "acquired_at": since, "expires_at": until, "released_at": until}
    rows = [{"tenant_id": one.tenant_id, "camera_id": one.camera_id, "lease_id": new_id(), **span} for one in places]
    if rows:
        connection.execute(insert(camera_leases), rows)


def _begin(
    connection: Connection, camera: RowMapping, holder: str, now: datetime, expires_at: datetime
) -> CameraOnLease:
    key = {"tenant_id": camera["tenant_id"], "camera_id": camera["camera_id"]}
    connection.execute(update(camera_leases).filter_by(**key).where(_L.released_at.is_(None)).values(released_at=now))
    lease = {"lease_id": new_id(), "acquired_at": now}
    connection.execute(
        insert(camera_leases).values(**key, **lease, worker_id=holder, expires_at=expires_at, released_at=None)
    )
    begun = {"state": "starting", "state_reason": "none"}
    connection.execute(update(cameras).filter_by(**key).values(**begun, state_detail="", state_at=now, counters={}))
    return _on_lease({**camera, **lease, **begun})


def _on_lease(row: RowMapping | dict[str, Any]) -> CameraOnLease:
    line = Line.model_validate(row["line"]) if row["line"] else None
    return record_of(CameraOnLease, row, recognition=row["recognizes"], line=line)
