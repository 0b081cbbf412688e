"""Good manifests to spoil: with and without shots and crossings."""

import random
from datetime import UTC, datetime, timedelta

from regulars.domain.tracks import Crossing, Shot, TrackManifest, track_prefix
from regulars.ids import new_id

_BEGAN = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
_MARKS = ((36.0, 40.0), (60.0, 40.0), (48.0, 52.0), (38.0, 64.0), (58.0, 64.0))
_IDS = [new_id() for _ in range(5)]


def a_manifest(dice: random.Random) -> TrackManifest:
    """Return a manifest that nothing is wrong with."""
    tenant_id, site_id, camera_id, track_id, lease_id = _IDS
    prefix = track_prefix(tenant_id, site_id, camera_id, _BEGAN, track_id)
    shots = tuple(
        Shot(
            key=f"{prefix}shot-{number}.jpg",
            at=_BEGAN + timedelta(seconds=number),
            box=(100.0, 80.0, 48.0, 48.0),
            landmarks=_MARKS,
            detection_score=0.95,
            quality=0.8,
        )
        for number in range(dice.randrange(4))
    )
    crossings = (Crossing(at=_BEGAN, direction="in"),) * dice.randrange(3)
    return TrackManifest(
        track_id=track_id,
        tenant_id=tenant_id,
        site_id=site_id,
        camera_id=camera_id,
        lease_id=lease_id,
        worker_id="box",
        started_at=_BEGAN,
        ended_at=_BEGAN + timedelta(seconds=5),
        direction="in",
        crossings=crossings,
        shots=shots,
        detections=20,
        frame_width=640,
        frame_height=480,
        detector_digest="d" * 16,
    )
