"""One heartbeat: what the worker says is written down, then its cameras are freed, renewed and added to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from functions.gateway.parts import Parts
from functions.gateway.worker.caller import holder_name, public_only, tenancy_of
from regulars.adapters.sealing_fernet import FernetSealing
from regulars.domain.cameras import LEASE_TTL_S, Heartbeat, HeartbeatAnswer, LeasedCamera
from regulars.errors import ConfigurationRefused
from regulars.store import leases
from regulars.store.api_keys import KnownKey
from regulars.store.leases import CameraOnLease
from regulars.store.listening import announce_camera
from regulars.store.session import Connection
from regulars.store.watching import forget_old


def beat(parts: Parts, key: KnownKey, heartbeat: Heartbeat) -> HeartbeatAnswer:
    """Carry out one heartbeat in one transaction; live pages hear of every camera whose state is another than before.

    Raises DependencyAway when PostgreSQL does not answer: nothing has changed then, and the worker goes on.
    """
    now = parts.clock()
    expires_at = now + timedelta(seconds=LEASE_TTL_S)
    holder = holder_name(key.key_id, heartbeat.worker_id)
    with parts.transaction(tenancy_of(key)) as connection:
        before = leases.lock_held(connection, holder)
        held = _hear(connection, before, heartbeat, now)
        kept = _free(connection, held, heartbeat.capacity, now)
        leases.renew(connection, [camera.lease_id for camera in kept], expires_at)
        claimed = leases.claim(connection, holder, heartbeat.capacity - len(kept), now, expires_at)
        only = public_only(parts.settings, key)
        answered = list(_opened(connection, parts.sealing, [*kept, *claimed], now, public_only=only))
        forget_old(connection, now)
        _announce(connection, before, [*held, *claimed], {camera.lease_id for camera in answered})
    return HeartbeatAnswer(cameras=tuple(answered), expires_at=expires_at)


def _announce(
    connection: Connection, before: list[CameraOnLease], after: list[CameraOnLease], still: set[UUID]
) -> None:
    known = {camera.lease_id: (camera.state, camera.state_reason) for camera in before}
    for camera in after:
        if camera.lease_id not in still or known.get(camera.lease_id) != (camera.state, camera.state_reason):
            announce_camera(connection, camera.tenant_id, camera.camera_id)


def _hear(
    connection: Connection, held: list[CameraOnLease], heartbeat: Heartbeat, now: datetime
) -> list[CameraOnLease]:
    """Record what is said under a lease that the worker holds; what is said under any other is past and ignored."""
    told = {(state.camera_id, state.lease_id): state for state in heartbeat.states}
    heard: list[CameraOnLease] = []
    for camera in held:
        state = told.get((camera.camera_id, camera.lease_id))
        if state:
            leases.record_state(connection, camera.tenant_id, state, now)
            heard.append(replace(camera, state=state.state, state_reason=state.reason))
        else:
            heard.append(camera)
    return heard


def _free(connection: Connection, held: list[CameraOnLease], capacity: int, now: datetime) -> list[CameraOnLease]:
    """Release what is not wanted any more and what is beyond the worker's capacity, newest lease first."""
    wanted = [camera for camera in held if camera.wanted]
    for camera in held:
        if not camera.wanted:
            leases.release(connection, camera, "switched_off", "", now)
    for camera in wanted[capacity:]:
        leases.release(connection, camera, "lease_lost", "The worker gave it up; waiting for another.", now)
    return wanted[:capacity]


def _opened(
    connection: Connection,
    sealing: FernetSealing,
    cameras: Iterable[CameraOnLease],
    now: datetime,
    *,
    public_only: bool,
) -> Iterable[LeasedCamera]:
    """Yield the cameras with their URL unsealed; one that cannot be is released with the reason, the others go on."""
    for camera in cameras:
        try:
            rtsp_url = sealing.unseal(camera.rtsp_url_sealed) if camera.rtsp_url_sealed else None
        except ConfigurationRefused as failure:
            leases.release(connection, camera, "internal", str(failure), now)
            continue
        yield LeasedCamera(
            camera_id=camera.camera_id,
            tenant_id=camera.tenant_id,
            site_id=camera.site_id,
            lease_id=camera.lease_id,
            name=camera.name,
            type=camera.type,
            webcam_index=camera.webcam_index,
            rtsp_url=rtsp_url,
            file_path=camera.file_path,
            file_starts_at=camera.file_starts_at,
            line=camera.line,
            role=camera.role,
            recognition=camera.recognition,
            public_only=public_only,
        )
