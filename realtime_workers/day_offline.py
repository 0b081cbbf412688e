"""For the operator: how much a worker spools in a day without the internet (`python -m realtime_workers.day_offline`).

Faces are drawn as noise, the least that JPEG can compress, so no real face of that size takes more.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from realtime_workers.shots import CROP_FACTOR, LONGEST_SIDE_PX, KeptShot
from realtime_workers.spool import Spool
from realtime_workers.track_record import FinishedTrack
from regulars.domain.tracks import MAX_SHOTS, Crossing, Shot, TrackManifest, track_prefix
from regulars.ids import new_id
from regulars.settings import Settings

FACES_PX = (40, 80, 120, round(LONGEST_SIDE_PX / CROP_FACTOR))
"""Widths of faces; of the last one and all larger ones the shot is LONGEST_SIDE_PX wide."""
CROSSINGS = 4


def largest_track(face_px: int, seed: int = 7) -> FinishedTrack:
    """Return a track with as many shots as there may be, of a face that wide, of noise."""
    rng, now = np.random.default_rng(seed), datetime(2025, 3, 4, tzinfo=UTC)
    side = min(LONGEST_SIDE_PX, round(face_px * CROP_FACTOR))
    tenant, site, camera, track = (new_id() for _ in range(4))
    prefix = track_prefix(tenant, site, camera, now, track)
    points = np.full((5, 2), side / 2, np.float32)
    kept = [
        KeptShot(now, 0.5, 0.9, (0, 0, face_px, face_px), points, rng.integers(0, 256, (side, side, 3), np.uint8))
        for _ in range(MAX_SHOTS)
    ]
    shots = tuple(
        Shot(
            key=f"{prefix}shot-{number}.jpg",
            at=shot.at,
            box=shot.box,
            landmarks=((1, 1), (2, 1), (1, 2), (1, 3), (2, 3)),
            detection_score=shot.score,
            quality=shot.quality,
        )
        for number, shot in enumerate(kept)
    )
    manifest = TrackManifest(
        track_id=track,
        tenant_id=tenant,
        site_id=site,
        camera_id=camera,
        lease_id=new_id(),
        worker_id="w" * 40,
        started_at=now,
        ended_at=now + timedelta(seconds=5),
        direction="in",
        crossings=(Crossing(at=now, direction="in"),) * CROSSINGS,
        shots=shots,
        detections=100,
        frame_width=1920,
        frame_height=1080,
        detector_digest="d" * 24,
    )
    return FinishedTrack(manifest, tuple(shot.jpeg() for shot in kept))


def spooled_bytes(track: FinishedTrack) -> int:
    """Return what a spool counts for it."""
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder), 1_000_000_000)
        spool.add(track)
        held = spool.fill().bytes
        spool.close()
    return held


def main(words: Sequence[str] | None = None) -> int:
    """Print a table; the exit code."""
    parser = argparse.ArgumentParser(prog="realtime_workers.day_offline", description=__doc__)
    parser.add_argument("--tracks", type=int, default=4000, help="tracks a day: people who come in and who go out")
    tracks: int = parser.parse_args(words).tracks
    allowed = Settings().spool_max_bytes
    sys.stdout.write(f"A spool of {allowed / 1e9:g} GB (REGULARS_SPOOL_MAX_BYTES); {tracks} tracks a day.\n")
    sys.stdout.write("face    track    the day    it holds\n")
    for face_px in FACES_PX:
        each = spooled_bytes(largest_track(face_px))
        sys.stdout.write(
            f"{face_px:>4} px  {each / 1e3:>5.0f} kB  {each * tracks / 1e9:>5.2f} GB"
            f"  {allowed // each:>6} tracks, {allowed / each / tracks:.1f} days\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
