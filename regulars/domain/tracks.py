"""The manifest of a track: the contract between a worker and the recognize function (`track.json`)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from regulars.domain.quality import Reason as LostReason
from regulars.errors import InputRefused

Direction = Literal["in", "out", "unknown"]
Pixel = Annotated[float, Field(ge=-100_000, le=100_000, allow_inf_nan=False)]
Unit = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Point = tuple[Pixel, Pixel]
LONGEST_TRACK = timedelta(hours=1)
"""No manifest is taken of a longer track: a worker ends one after ten minutes, and begins another."""
MAX_SHOTS = 5
MAX_CROSSINGS = 100
MAX_BESIDE = 50
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MANIFEST_KEY = re.compile(
    rf"tracks/(?P<tenant>{_UUID})/(?P<site>{_UUID})/(?P<camera>{_UUID})/\d{{4}}/\d\d/\d\d/(?P<track>{_UUID})/track\.json"
)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Crossing(_Record):
    """The track passed the camera's line at `at` (UTC)."""

    at: AwareDatetime
    direction: Literal["in", "out"]


class Shot(_Record):
    """One kept face crop. `box` is in frame pixels (x, y, width, height); `landmarks` are in the shot's own pixels."""

    key: Annotated[str, Field(max_length=512)]
    at: AwareDatetime
    box: tuple[Pixel, Pixel, Pixel, Pixel]
    landmarks: tuple[Point, Point, Point, Point, Point]
    detection_score: Unit
    quality: Unit


class TrackManifest(_Record):
    """Everything a worker knows of one track. Written last, so its presence means that all its shots are there.

    `ongoing`: the person is still followed. Another manifest takes this one's place when the track has ended: the same
    shots, more detections, perhaps more crossings.
    """

    version: Literal[1] = 1
    track_id: UUID
    tenant_id: UUID
    site_id: UUID
    camera_id: UUID
    lease_id: UUID
    worker_id: Annotated[str, Field(min_length=1, max_length=120)]
    started_at: AwareDatetime
    ended_at: AwareDatetime
    ongoing: bool = False
    beside: Annotated[tuple[UUID, ...], Field(max_length=MAX_BESIDE)] = ()
    """Tracks of other people who stood in the same pictures."""
    direction: Direction
    crossings: Annotated[tuple[Crossing, ...], Field(max_length=MAX_CROSSINGS)] = ()
    shots: Annotated[tuple[Shot, ...], Field(max_length=MAX_SHOTS)] = ()
    detections: Annotated[int, Field(ge=1, le=100_000_000)]
    lost_because: LostReason | None = None
    """What was wrong with most looks of a face that no look shows well enough to enrol; None where one does."""
    frame_width: Annotated[int, Field(ge=16, le=16_384)]
    frame_height: Annotated[int, Field(ge=16, le=16_384)]
    detector_digest: Annotated[str, Field(max_length=64)]


def track_prefix(tenant_id: UUID, site_id: UUID, camera_id: UUID, started_at: datetime, track_id: UUID) -> str:
    """Return the object-store prefix of a track, ending in '/'; the date is that of `started_at` in UTC."""
    day = started_at.astimezone(UTC)
    return f"tracks/{tenant_id}/{site_id}/{camera_id}/{day:%Y/%m/%d}/{track_id}/"


def manifest_prefix(manifest: TrackManifest) -> str:
    """Return the prefix under which a manifest and its shots must lie."""
    return track_prefix(
        manifest.tenant_id, manifest.site_id, manifest.camera_id, manifest.started_at, manifest.track_id
    )


@dataclass(frozen=True, slots=True)
class TrackKey:
    """What the key of a manifest says."""

    tenant_id: UUID
    site_id: UUID
    camera_id: UUID
    track_id: UUID


def parse_manifest_key(key: str) -> TrackKey:
    """Return the ids in a manifest's key. Raises InputRefused `bad_key`."""
    found = _MANIFEST_KEY.fullmatch(key)
    if found is None:
        raise InputRefused("bad_key", "The key is not that of a track's manifest (tracks/…/track.json).")
    return TrackKey(*(UUID(found[name]) for name in ("tenant", "site", "camera", "track")))
