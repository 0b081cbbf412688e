"""First step of recognize: from a manifest's key to a manifest and shots that may be trusted in form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from pydantic import ValidationError

from regulars.domain.bounds import EARLIEST
from regulars.domain.faces import FloatArray, Image
from regulars.domain.tracks import LONGEST_TRACK, Shot, TrackManifest, manifest_prefix
from regulars.errors import InputRefused
from regulars.ports import ObjectStore
from regulars.vision.decode import decode_picture

MAX_MANIFEST_BYTES = 64 * 1024
MAX_SHOT_BYTES = 2 * 1024 * 1024
MAX_SHOT_SIDE_PX = 2048
"""Workers send crops of at most 512 px; the rest is room for other senders."""
OUTSIDE_SHARE = 0.25
"""A face cut by the frame's edge has landmarks outside its crop, but not farther than this share of its side."""
LEAST_SPREAD_PX = 1.0
FARTHEST_AHEAD = timedelta(days=366)
CLOCK_SLACK = timedelta(seconds=2)
_SHOT_NAME = re.compile(r"shot-[0-9]{1,2}\.jpg")


@dataclass(frozen=True, slots=True)
class ShotPicture:
    """One shot that can be looked at: `image` is BGR uint8, `landmarks` float32 [5, 2] in its pixels."""

    shot: Shot
    image: Image
    landmarks: FloatArray


@dataclass(frozen=True, slots=True)
class ShotRefused:
    """One shot that cannot be used, and why."""

    shot: Shot
    reason: str


def read_manifest(key: str, *, objects: ObjectStore, now: datetime) -> TrackManifest:
    """Fetch and validate the manifest at `key`.

    Raises InputRefused: `missing_object`, `too_large`, `bad_manifest` (not our JSON), `key_mismatch` (it speaks of
    another track than its key, or of shots elsewhere), `bad_times`; DependencyAway when the store does not answer.
    """
    content = objects.get(key, MAX_MANIFEST_BYTES)
    try:
        manifest = TrackManifest.model_validate_json(content)
    except ValidationError as failure:
        places = sorted({".".join(map(str, error["loc"])) or "the whole" for error in failure.errors()})
        raise InputRefused("bad_manifest", f"Not a track's manifest, wrong in: {', '.join(places)[:300]}.") from None
    _check_range(manifest, now)
    prefix = manifest_prefix(manifest)
    if key != f"{prefix}track.json":
        raise InputRefused("key_mismatch", "The manifest speaks of another track, place or day than its key.")
    names = [shot.key.removeprefix(prefix) for shot in manifest.shots]
    if len(set(names)) < len(names) or not all(map(_SHOT_NAME.fullmatch, names)):
        raise InputRefused("key_mismatch", "The manifest names shots that do not lie beside it.")
    _check_times(manifest)
    return manifest


def read_shots(manifest: TrackManifest, *, objects: ObjectStore) -> tuple[list[ShotPicture], list[ShotRefused]]:
    """Fetch and decode a manifest's shots; return those that can be looked at and those that cannot.

    Raises InputRefused, with the first bad shot's reason, when fewer than half of them are left: a track is then not
    what its worker saw. Reasons: `missing_object`, `too_large`, `not_a_picture`, `picture_too_large`,
    `corrupt_picture`, `bad_landmarks`.
    """
    good: list[ShotPicture] = []
    bad: list[ShotRefused] = []
    first: InputRefused | None = None
    for shot in manifest.shots:
        try:
            good.append(_read_shot(shot, objects))
        except InputRefused as refusal:
            first = first or refusal
            bad.append(ShotRefused(shot, refusal.reason))
    if first is not None and len(good) < len(bad):
        raise InputRefused(first.reason, f"{len(bad)} of {len(manifest.shots)} shots are of no use: {first.detail}")
    return good, bad


def _read_shot(shot: Shot, objects: ObjectStore) -> ShotPicture:
    image = decode_picture(objects.get(shot.key, MAX_SHOT_BYTES), MAX_SHOT_SIDE_PX)
    landmarks = np.array(shot.landmarks, np.float32)
    sides = np.array([image.shape[1], image.shape[0]], np.float32)
    slack = sides * np.float32(OUTSIDE_SHARE)
    inside = bool(((landmarks >= -slack) & (landmarks <= sides + slack)).all())
    if not inside or float(landmarks.std(axis=0).max()) < LEAST_SPREAD_PX:
        raise InputRefused("bad_landmarks", "The landmarks lie outside the picture or on each other.")
    return ShotPicture(shot, image, landmarks)


def _check_range(manifest: TrackManifest, now: datetime) -> None:
    """Before anything is reckoned with these times: what is at the calendar's end has no day elsewhere."""
    if manifest.ended_at < manifest.started_at:
        raise InputRefused("bad_times", "The track ends before it starts.")
    if manifest.started_at < EARLIEST or manifest.ended_at > now + FARTHEST_AHEAD:
        raise InputRefused("bad_times", "The track lies before the year 2000 or more than a year ahead.")


def _check_times(manifest: TrackManifest) -> None:
    if manifest.ended_at - manifest.started_at > LONGEST_TRACK:
        raise InputRefused("bad_times", "The track is longer than an hour.")
    moments: Sequence[datetime] = [
        *(shot.at for shot in manifest.shots),
        *(crossing.at for crossing in manifest.crossings),
    ]
    earliest, latest = manifest.started_at - CLOCK_SLACK, manifest.ended_at + CLOCK_SLACK
    if any(moment < earliest or moment > latest for moment in moments):
        raise InputRefused("bad_times", "Shots or crossings lie outside the track's time.")
