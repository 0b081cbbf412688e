"""Finished tracks for the tests of spool and delivery."""

import os
from datetime import UTC, datetime, timedelta

from realtime_workers.track_record import FinishedTrack
from regulars.domain.cameras import LeasedCamera
from regulars.domain.tracks import Shot, TrackManifest, track_prefix
from regulars.ids import new_id

ZERO = datetime(2025, 3, 4, tzinfo=UTC)
POINTS = ((1.0, 1.0), (2.0, 1.0), (1.5, 2.0), (1.0, 3.0), (2.0, 3.0))


def made_track(camera: LeasedCamera | None = None, shot_bytes: int = 1000) -> FinishedTrack:
    """A track with one shot of random bytes."""
    tenant, site, place, lease = (
        (camera.tenant_id, camera.site_id, camera.camera_id, camera.lease_id)
        if camera
        else (new_id(), new_id(), new_id(), new_id())
    )
    track = new_id()
    prefix = track_prefix(tenant, site, place, ZERO, track)
    shot = Shot(
        key=f"{prefix}shot-0.jpg", at=ZERO, box=(0, 0, 9, 9), landmarks=POINTS, detection_score=0.9, quality=0.5
    )
    manifest = TrackManifest(
        track_id=track,
        tenant_id=tenant,
        site_id=site,
        camera_id=place,
        lease_id=lease,
        worker_id="w",
        started_at=ZERO,
        ended_at=ZERO + timedelta(seconds=2),
        direction="unknown",
        shots=(shot,),
        detections=7,
        frame_width=640,
        frame_height=480,
        detector_digest="d",
    )
    return FinishedTrack(manifest, (os.urandom(shot_bytes),))
