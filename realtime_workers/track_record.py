"""Beside the tracker: all that is kept of one person on the way through the picture, until the manifest is written."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from realtime_workers.shots import BestShots
from regulars.domain.cameras import LeasedCamera
from regulars.domain.counting import LineCounter, direction_by_role
from regulars.domain.faces import Detection, Image
from regulars.domain.quality import Quality, Reason, may_enrol
from regulars.domain.tracks import MAX_BESIDE, MAX_SHOTS, Shot, TrackManifest, track_prefix
from regulars.ids import new_id

SHOTS_TO_COUNT = 3
"""Where nobody is recognized, shots are only there to read a gender, and are deleted right after."""
SETTLED_QUALITY = 0.9
"""Whatever shot comes after such a one adds little; below, somebody who comes nearer is still to be seen better."""
SETTLED = timedelta(seconds=0.5)
"""A best shot that was not surpassed for so long will do; a face unseen for so long is away."""
SETTLED_SHOTS = 3
"""So many good ones settle who it is while the face is still seen."""
BESIDE_PICTURES = 3
"""Two who were seen at once in fewer pictures may be one face handed from one track to the next."""


@dataclass(frozen=True, slots=True)
class FinishedTrack:
    """A manifest and the JPEG files of its shots, in the manifest's order."""

    manifest: TrackManifest
    shots: tuple[bytes, ...]


class TrackRecord:
    """Grows with each detection of one track; bounded, and freed when the track is written."""

    def __init__(self, camera: LeasedCamera, at: datetime, frame_width: int, frame_height: int, ordinal: int) -> None:
        """`camera` with the lease under which the track began, at `at` (UTC), as number `ordinal` of that frame."""
        self._camera = camera
        self._size = (frame_width, frame_height)
        self._started_at = self._last_at = at
        self._detections = 0
        self._shots = BestShots(MAX_SHOTS if camera.recognition else SHOTS_TO_COUNT)
        self._well_seen = False
        self._faults = Counter[Reason]()
        self._beside = Counter[UUID]()
        self._handed_over = False
        self._counter = LineCounter(camera.line, frame_width, frame_height) if camera.line else None
        self.track_id = _recorded_track_id(camera, at, ordinal) if camera.file_starts_at else new_id()

    def saw(self, at: datetime, detection: Detection) -> None:
        """Note the face at `at` (UTC)."""
        self._last_at = at
        self._detections += 1
        x, y, width, height = detection.box
        if self._counter:
            self._counter.observe(at, x + width / 2, y + height / 2, width)

    def offer_shot(self, image: Image, detection: Detection, quality: Quality, at: datetime) -> None:
        """Keep this picture of the face if it is among the best; note what is wrong with it if it is not good."""
        if not self._handed_over:
            self._shots.offer(image, detection, quality.score, at)
        self._well_seen |= may_enrol(quality.score)
        self._faults.update(quality.reasons[:1])

    def saw_beside(self, track_id: UUID) -> None:
        """Note that one picture showed this person and another one."""
        self._beside[track_id] += 1

    def is_decided(self, at: datetime) -> bool:
        """Say at `at` (UTC) whether there is no use in waiting for better shots: once, until it is handed over."""
        shots = self._shots.best_first()
        if self._handed_over or not shots or shots[0].quality < SETTLED_QUALITY or at - shots[0].at < SETTLED:
            return False
        return at - self._last_at >= SETTLED or sum(may_enrol(shot.quality) for shot in shots) >= SETTLED_SHOTS

    def hand_over(self, worker_id: str, detector_digest: str) -> FinishedTrack:
        """Return the track while its person is still followed; from now on its shots stay what they are."""
        self._handed_over = True
        sent = self.finished(worker_id, detector_digest)
        return replace(sent, manifest=sent.manifest.model_copy(update={"ongoing": True}))

    def end(self) -> None:
        """The track is over: it may have passed the line, which only its end decides."""
        if self._counter:
            self._counter.finish()

    def finished(self, worker_id: str, detector_digest: str) -> FinishedTrack:
        """Return the manifest as of now with its shots encoded."""
        camera, shots = self._camera, self._shots.best_first()
        prefix = track_prefix(camera.tenant_id, camera.site_id, camera.camera_id, self._started_at, self.track_id)
        manifest = TrackManifest(
            track_id=self.track_id,
            tenant_id=camera.tenant_id,
            site_id=camera.site_id,
            camera_id=camera.camera_id,
            lease_id=camera.lease_id,
            worker_id=worker_id,
            started_at=self._started_at,
            ended_at=self._last_at,
            beside=tuple(one for one, times in self._beside.items() if times >= BESIDE_PICTURES)[-MAX_BESIDE:],
            direction=self._counter.direction if self._counter else direction_by_role(camera.role),
            crossings=tuple(self._counter.crossings) if self._counter else (),
            shots=tuple(
                Shot(
                    key=f"{prefix}shot-{number}.jpg",
                    at=shot.at,
                    box=shot.box,
                    landmarks=tuple((float(x), float(y)) for x, y in shot.landmarks),  # type: ignore[arg-type]
                    detection_score=min(1.0, max(0.0, shot.score)),
                    quality=min(1.0, max(0.0, shot.quality)),
                )
                for number, shot in enumerate(shots)
            ),
            detections=self._detections,
            lost_because=self._lost_because(),
            frame_width=self._size[0],
            frame_height=self._size[1],
            detector_digest=detector_digest,
        )
        return FinishedTrack(manifest, tuple(shot.jpeg() for shot in shots))

    def _lost_because(self) -> Reason | None:
        """Return the worst fault of most looks at a face that was never seen well."""
        if self._well_seen:
            return None
        # Without one look that the detector was sure of, nothing else was measured.
        return self._faults.most_common(1)[0][0] if self._faults else "unsure_detection"


def _recorded_track_id(camera: LeasedCamera, at: datetime, ordinal: int) -> UUID:
    """Return a UUIDv7 (RFC 9562) whose random bits follow from what is in the recording.

    A recording is read again from its start after a crash: the same tracks get the same ids, and recognize takes a
    track_id only once.
    """
    seed = f"{camera.camera_id}/{camera.file_starts_at}/{at.isoformat()}/{ordinal}"
    random = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10])
    value = int(at.timestamp() * 1000) << 80 | random
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0x3 << 62) | 2 << 62)
