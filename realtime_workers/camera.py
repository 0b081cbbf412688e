"""One camera's pipeline: capture, motion, lookout, detect, track, count, shots, emit; once for each picture."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from realtime_workers.capture import Capture
from realtime_workers.detect import FaceFinder
from realtime_workers.emit import Emitter
from realtime_workers.frame_buffer import Frame
from realtime_workers.live_view import LiveView, PictureSink
from realtime_workers.lookout import Lookout
from realtime_workers.motion import Thumbnail, same_scene, small_brightness, thumbnail
from realtime_workers.picture_watch import PictureWatch
from realtime_workers.side_by_side import note_side_by_side
from realtime_workers.source import Picture, Source
from realtime_workers.track import LOST_AFTER_S, STRONG_SCORE, Face, FaceTracker, Track
from realtime_workers.track_record import TrackRecord
from regulars.domain.cameras import CameraCounters, CameraState, LeasedCamera, StateName, StateReason
from regulars.domain.companions import Glimpse
from regulars.domain.faces import Image
from regulars.vision.quality import quality_of

log = logging.getLogger(__name__)

WAIT_S = 0.5
ALL_LOOKED_AT_WITHIN_S = 1.0
"""A camera at rest waits so long for its last picture's look; later, it counts as not at rest."""
CHECKPOINT_EVERY_S = 2.0
NEWEST_WITHIN_S = 5.0
WARNINGS: dict[StateReason, str] = {
    "black_picture": "The stream runs, but the picture is black: is the lens covered, or the light out?",
    "frozen_picture": "The stream runs, but the picture stands still: the camera itself may hang.",
}


@dataclass(frozen=True, slots=True)
class _Compared:
    """A picture whose thumbnail was made."""

    frame: Frame
    size: tuple[int, int]
    small: Thumbnail

    def continues(self, before: "_Compared") -> bool:
        """Say whether it goes on where the last one ended: same size, later, same scene."""
        return before.frame.at < self.frame.at and before.size == self.size and same_scene(before.small, self.small)


def _compared(frame: Frame) -> _Compared:
    known = frame.picture.brightness()
    small = small_brightness(known) if known else thumbnail(frame.image)
    height, width = (known.plane if known else frame.image).shape[:2]
    return _Compared(frame, (width, height), small)


class CameraRunner:
    """Runs one leased camera in a thread until stopped or its file has ended."""

    def __init__(
        self,
        camera: LeasedCamera,
        worker_id: str,
        finder: FaceFinder,
        emitter: Emitter,
        open_source: Callable[[LeasedCamera], Source],
        pictures: PictureSink,
    ) -> None:
        self.camera = camera
        self.live_view = LiveView(camera, pictures)
        self._worker_id, self._finder, self._emitter = worker_id, finder, emitter
        self._capture = Capture(camera, open_source, self.live_view.decoded, self._is_wanted, self)
        self._tracker, self._lookout, self._watch = FaceTracker(), Lookout(), PictureWatch()
        self._records: dict[int, TrackRecord] = {}
        self._last: _Compared | None = None
        self._warning: StateReason = "none"
        self._detected = self._tracks = self._crossings_in = self._crossings_out = self._noise = 0
        self._checkpoint_s = self._frame_s = time.monotonic()
        self._stopped = threading.Event()
        self._broken = False
        self._thread = threading.Thread(target=self._run, name=f"camera-{camera.camera_id}", daemon=True)

    def start(self) -> None:
        """Open the camera and begin."""
        self._capture.start()
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to finish its open tracks and end."""
        self._stopped.set()
        self.live_view.watch(wanted=False)
        self._capture.stop()

    def join(self, timeout_s: float) -> bool:
        """Wait until the open tracks are in the spool, and say whether the thread has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def broken(self) -> bool:
        """It ended by an error of its own, and may be started anew."""
        return self._broken and not self._thread.is_alive()

    def state(self) -> CameraState:
        """Return what the gateway is told. A file is `finished` only when all its tracks are delivered."""
        sent = self._emitter.counts(self.camera.lease_id)
        source = self._capture.state
        name: StateName = source.state
        reason, detail = source.reason, source.detail
        if self._broken:
            name, reason, detail = "failed", "internal", "The worker met an error of its own and restarts."
        elif reason == "finished" and (self._thread.is_alive() or sent.waiting):
            name, reason, detail = "running", "none", ""
        elif name == "running" and self._warning != "none":
            reason, detail = self._warning, WARNINGS[self._warning]
        counters = CameraCounters(
            frames_decoded=self._capture.decoded,
            frames_dropped=self._capture.buffer.dropped,
            frames_detected=self._detected,
            tracks=self._tracks,
            tracks_sent=sent.sent,
            tracks_spooled=sent.waiting,
            tracks_lost=sent.lost,
            crossings_in=self._crossings_in,
            crossings_out=self._crossings_out,
        )
        return CameraState(
            camera_id=self.camera.camera_id,
            lease_id=self.camera.lease_id,
            state=name,
            reason=reason,
            detail=detail,
            counters=counters,
        )

    def newest_picture(self) -> Image | None:
        """Return the picture looked at last (BGR uint8), None when there is none of these seconds."""
        last = self._last
        return last.frame.image if last and time.monotonic() - self._frame_s < NEWEST_WITHIN_S else None

    def _run(self) -> None:
        try:
            while not self._stopped.is_set() and not self._capture.buffer.drained:
                frame = self._capture.buffer.get(WAIT_S)
                if frame is not None:
                    self._frame_s = time.monotonic()
                    self._look(frame)
                elif time.monotonic() - self._frame_s > LOST_AFTER_S:
                    self._end(self._tracker.finish())
                self._checkpoint()
            self._end(self._tracker.finish())
        except Exception:
            log.exception("camera_broke", extra={"camera_id": str(self.camera.camera_id)})
            self._broken = True
            self._capture.stop()
        log.info(
            "camera_ended",
            extra={"camera_id": str(self.camera.camera_id), "tracks": self._tracks, "noise": self._noise},
        )

    def _is_wanted(self, at_s: float) -> bool:
        """Say, in the capture's thread, whether the picture at `at_s` is to be looked at here, or shown after that."""
        return self.live_view.watched or not self._lookout.skips(at_s)

    def resting(self) -> bool:
        """Say, in the capture's thread, whether nothing goes on here and nobody watches."""
        return self._lookout.resting and not self.live_view.watched

    def unchanged(self, picture: Picture) -> bool:
        """Say, in the capture's thread, whether that is so still and `picture` shows nothing new."""
        if not (self._capture.buffer.all_looked_at(ALL_LOOKED_AT_WITHIN_S) and self.resting() and self._last):
            return False
        now = _compared(Frame(self._last.frame.at, picture))
        return now.size == self._last.size and not self._lookout.sees_new(now.small, rough=picture.rough)

    def _look(self, frame: Frame) -> None:
        at_s = frame.at.timestamp()
        if self._lookout.skips(at_s):
            self.live_view.offer(frame, ())
            return
        last, self._last = self._last, _compared(frame)
        (width, height), small = self._last.size, self._last.small
        if last is not None and not self._last.continues(last):
            self._end(self._tracker.finish())
            self._tracker, self._lookout, self._watch = FaceTracker(), Lookout(), PictureWatch()
        self._warning = self._watch.judge(at_s, small)
        looks = self._lookout.looks(at_s, small, self._tracker.places(at_s), width, height)
        if not looks:
            self.live_view.offer(frame, ())
            self._hand_over(frame.at)
            return
        self._detected += 1
        step = self._tracker.update(at_s, self._finder.find(frame.image, looks), width, height)
        for ordinal, (track, face) in enumerate(step.seen):
            self._keep(frame, ordinal, track, face)
        seen = [(self._records[track.number], face.detection) for track, face in step.seen]
        note_side_by_side([(record, Glimpse(frame.at, face.box)) for record, face in seen])
        self.live_view.offer(frame, [(record.track_id, face) for record, face in seen])
        self._end(step.ended)
        self._hand_over(frame.at)

    def _keep(self, frame: Frame, ordinal: int, track: Track, face: Face) -> None:
        record = self._records.get(track.number)
        if record is None:
            height, width = frame.image.shape[:2]
            record = self._records[track.number] = TrackRecord(self.camera, frame.at, width, height, ordinal)
        record.saw(frame.at, face.detection)
        if face.score >= STRONG_SCORE:
            record.offer_shot(frame.image, face.detection, quality_of(frame.image, face.detection), frame.at)

    def _hand_over(self, at: datetime) -> None:
        """Send whoever is decided and still followed; nobody waits for a recording, which is sent when it has ended."""
        if self.camera.file_starts_at is not None:
            return
        for track in self._tracker.confirmed():
            record = self._records[track.number]
            if record.is_decided(at):
                self._emitter.hand_over(record.hand_over(self._worker_id, self._finder.digest))

    def _end(self, ended: list[Track]) -> None:
        for track in ended:
            record = self._records.pop(track.number)
            if not track.confirmed:
                self._noise += 1
                continue
            record.end()
            finished = record.finished(self._worker_id, self._finder.digest)
            self._crossings_in += sum(crossing.direction == "in" for crossing in finished.manifest.crossings)
            self._crossings_out += sum(crossing.direction == "out" for crossing in finished.manifest.crossings)
            self._emitter.finish(finished)
            self._tracks += 1

    def _checkpoint(self) -> None:
        """Write the confirmed running tracks down; a recording is read again instead, it gives the same tracks."""
        if self.camera.file_starts_at is not None or time.monotonic() - self._checkpoint_s < CHECKPOINT_EVERY_S:
            return
        self._checkpoint_s = time.monotonic()
        for track in self._tracker.confirmed():
            self._emitter.checkpoint(self._records[track.number].finished(self._worker_id, self._finder.digest))
