"""Last in the worker: every finished track goes to the spool first, and from there to the object store."""

import logging
import math
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from realtime_workers.backoff import Backoff
from realtime_workers.gateway_client import GatewayClient
from realtime_workers.put_track import TrackWriter
from realtime_workers.spool import Spool
from realtime_workers.track_record import FinishedTrack
from regulars.errors import DependencyAway, InputRefused, LeaseLost, NotAuthenticated

log = logging.getLogger(__name__)

LINK_ATTEMPTS = 3
"""A signed link may expire between being made and used; three refused in a row are no accident."""
PURGE_EVERY_S = 3600.0
IDLE_S = 1.0
HELD_MAX_BYTES = 64_000_000
"""How much may wait in memory while the spool's disk takes nothing: some hundreds of tracks."""


@dataclass(frozen=True, slots=True)
class SentCounts:
    """What became of the finished tracks of one lease: sent + waiting + lost = finished."""

    sent: int
    waiting: int
    lost: int


class Emitter:
    """Owns the spool; a thread of its own sends what is in it, oldest first.

    While the disk takes nothing, finished tracks wait in memory and are sent from there: only a kill loses those.
    """

    def __init__(self, spool: Spool, gateway: GatewayClient) -> None:
        self._spool, self._writer = spool, TrackWriter(gateway)
        self._stopped, self._wake = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._sent, self._waiting, self._lost = Counter[UUID](), Counter[UUID](), Counter[UUID]()
        self._link_refusals = Counter[str]()
        self._held, self._held_bytes = deque[FinishedTrack](), 0
        self._fates = Counter(sent=0, lost=0, refused=0)
        self._thread = threading.Thread(target=self._run, name="emit", daemon=True)

    def start(self) -> None:
        """Take up what an earlier process left, and begin sending."""
        self._spool.recover()
        self._thread.start()

    def stop(self, within_s: float) -> None:
        """Go on sending for at most `within_s`, then end; what is left stays in the spool."""
        deadline_s = time.monotonic() + within_s
        while (self._held or self._spool.waiting()) and time.monotonic() < deadline_s and self._thread.is_alive():
            self._wake.set()
            time.sleep(0.05)
        self._stopped.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(max(0.0, deadline_s - time.monotonic()) + 0.2)

    def hand_over(self, track: FinishedTrack) -> None:
        """Send a track whose person is still followed. What cannot be kept now is told when it is finished."""
        try:
            self._spool.add_ongoing(track)
        except OSError as broken:
            log.warning("spool_cannot_write", extra={"error": type(broken).__name__})
        self._wake.set()

    def finish(self, track: FinishedTrack) -> None:
        """Take a finished track: on disk when this returns, in memory when the disk is full, or counted as lost."""
        lease_id = track.manifest.lease_id
        with self._lock:
            self._waiting[lease_id] += 1
        try:
            kept = self._spool.add(track)
        except OSError as broken:
            log.error("spool_cannot_write", extra={"error": type(broken).__name__})
            kept = self._hold(track)
        if not kept:
            self._lose(track)
        self._wake.set()

    def checkpoint(self, track: FinishedTrack) -> None:
        """Note a track that still runs, against a kill of this process."""
        try:
            self._spool.checkpoint(track)
        except OSError as broken:
            log.warning("checkpoint_failed", extra={"error": type(broken).__name__})

    def counts(self, lease_id: UUID) -> SentCounts:
        """Return the fate of the tracks finished under a lease, as far as this process knows."""
        with self._lock:
            return SentCounts(self._sent[lease_id], self._waiting[lease_id], self._lost[lease_id])

    def fates(self) -> dict[str, int]:
        """Return how many tracks of any lease this process has sent, lost, or had refused for good."""
        return dict(self._fates)

    def forget(self, lease_id: UUID) -> None:
        """Nobody asks for this lease's counts any more."""
        with self._lock:
            for counter in (self._sent, self._waiting, self._lost):
                counter.pop(lease_id, None)

    def _run(self) -> None:
        backoff, purged_s = Backoff(), -math.inf
        while not self._stopped.is_set():
            self._wake.clear()
            try:
                if time.monotonic() - purged_s > PURGE_EVERY_S:
                    purged_s = time.monotonic()
                    self._fates["lost"] += self._spool.purge_old_faces()
                complete = self._send_held() and self._send_all()
            except Exception:
                log.exception("sending_broke")
                complete = False
            if complete:
                backoff.reset()
                self._wake.wait(IDLE_S)
            else:
                self._stopped.wait(backoff.next_s())

    def _hold(self, track: FinishedTrack) -> bool:
        """Keep a track in memory until there is room on the disk or it is sent; False when that is full as well."""
        size = sum(map(len, track.shots))
        with self._lock:
            if self._held_bytes + size > HELD_MAX_BYTES:
                return False
            self._held.append(track)
            self._held_bytes += size
        return True

    def _lose(self, track: FinishedTrack) -> None:
        log.error("track_lost_spool_full", extra={"track_id": str(track.manifest.track_id)})
        self._fates["lost"] += 1
        self._settle(track.manifest.lease_id, self._lost)

    def _send_held(self) -> bool:
        """Put what waits in memory on the disk, or send it from here; False when some of it has to wait on."""
        while self._held:
            track = self._held[0]
            try:
                if not self._spool.add(track):
                    self._lose(track)
            except OSError:
                if not self._send_without_disk(track):
                    return False
            with self._lock:
                self._held.popleft()
                self._held_bytes -= sum(map(len, track.shots))
        return True

    def _send_without_disk(self, track: FinishedTrack) -> bool:
        try:
            self._writer.put(track)
        except (DependencyAway, NotAuthenticated) as away:
            log.warning("tracks_wait_in_memory", extra={"code": away.code, "detail": str(away)})
            return False
        except (LeaseLost, InputRefused) as refused:
            log.warning("track_refused", extra={"track_id": str(track.manifest.track_id), "reason": str(refused)})
            self._fates["refused"] += 1
            self._settle(track.manifest.lease_id, self._lost)
        else:
            self._fates["sent"] += 1
            self._settle(track.manifest.lease_id, self._sent)
        self._spool.forget_checkpoint(track.manifest.track_id)
        return True

    def _send_all(self) -> bool:
        """Try each waiting track once; return False when some must be tried again later."""
        complete = True
        for waiting in self._spool.waiting():
            if self._stopped.is_set():
                return False
            try:
                if (track := self._spool.read(waiting)) is not None:
                    complete = self._send_one(waiting, track) and complete
            except (DependencyAway, NotAuthenticated) as away:
                log.warning("tracks_wait_in_spool", extra={"code": away.code, "detail": str(away)})
                return False
            except OSError as broken:
                log.error("spool_cannot_write", extra={"error": type(broken).__name__})
                complete = False
        return complete

    def _send_one(self, waiting: Path, track: FinishedTrack) -> bool:
        """Send one track; False when it waits for new links. Raises DependencyAway or NotAuthenticated."""
        if track.manifest.ongoing:
            return self._send_ongoing(waiting, track)
        lease_id = track.manifest.lease_id
        try:
            self._writer.put(track)
        except LeaseLost as lost:
            self._spool.refuse(waiting, lost.code)
        except InputRefused as refused:
            self._link_refusals[waiting.stem] += 1
            if refused.reason == "link_refused" and self._link_refusals[waiting.stem] < LINK_ATTEMPTS:
                return False
            self._spool.refuse(waiting, f"{refused.reason}: {refused.detail}")
        else:
            self._spool.sent(waiting)
            self._fates["sent"] += 1
            self._link_refusals.pop(waiting.stem, None)
            self._settle(lease_id, self._sent)
            log.info("track_sent", extra={"track_id": waiting.stem, "shots": len(track.shots)})
            return True
        self._link_refusals.pop(waiting.stem, None)
        self._fates["refused"] += 1
        self._settle(lease_id, self._lost)
        return True

    def _send_ongoing(self, waiting: Path, track: FinishedTrack) -> bool:
        """Send what is known of a track already; a refusal is the finished track's to tell, as is every count."""
        try:
            self._writer.put(track)
        except (LeaseLost, InputRefused) as refused:
            log.info("ongoing_track_refused", extra={"track_id": str(track.manifest.track_id), "reason": str(refused)})
        self._spool.sent(waiting)
        return True

    def _settle(self, lease_id: UUID, fate: Counter[UUID]) -> None:
        with self._lock:
            if self._waiting[lease_id] > 0:
                self._waiting[lease_id] -= 1
                fate[lease_id] += 1
