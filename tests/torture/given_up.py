"""Tracks that a worker was right to give up: another one had the camera by then, and saw the same people."""

import zipfile
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from regulars.domain.tracks import TrackManifest
from regulars.store.session import transaction
from regulars.store.tables import camera_leases
from tests.story.stage import Stage
from tests.torture.beset_box import WORKERS, BesetBox


def given_up(stage: Stage, box: BesetBox) -> set[UUID]:
    """Return the refused tracks that began while another worker held their camera."""
    held = select(camera_leases)
    with transaction(stage.engine, stage.tenancy) as connection:
        leases = connection.execute(held).mappings().all()
    found = set[UUID]()
    for track, worker in _refused(box):
        others = [
            one for one in leases if one["camera_id"] == track.camera_id and not one["worker_id"].endswith(worker)
        ]
        if any(
            one["acquired_at"] <= track.started_at
            and (one["released_at"] is None or track.started_at < one["released_at"])
            for one in others
        ):
            found.add(track.track_id)
    return found


def _refused(box: BesetBox) -> Iterator[tuple[TrackManifest, str]]:
    for worker in WORKERS:
        for file in (box.spool(worker) / "refused").glob("*.zip"):
            with zipfile.ZipFile(file) as archive:
                yield TrackManifest.model_validate_json(archive.read("track.json")), f"/{worker}"
