"""Between a finished track and the gateway: a folder, so that neither an outage nor a kill loses a track.

SPOOL/ready/    finished tracks that wait to be sent, one zip file each
SPOOL/ongoing/  tracks that wait to be sent while their person is still followed; the finished track takes their place
SPOOL/open/     checkpoints of tracks still running, closed and made ready when the worker starts again
SPOOL/refused/  tracks that the gateway will never take, each with a .reason beside it
"""

import fcntl
import logging
import os
import threading
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO
from uuid import UUID

from realtime_workers.track_record import FinishedTrack
from regulars.domain.tracks import TrackManifest
from regulars.errors import ConfigurationRefused

log = logging.getLogger(__name__)

MANIFEST = "track.json"
RAW_FACE_MAX_AGE_S = 30 * 86_400.0
"""Faces are kept 30 days at most, also on a worker that nobody looks after."""
REFUSED_SHARE = 0.1
"""How much of the spool's bytes refused tracks may hold; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a spool is; `oldest_s` is how long the oldest track has waited."""

    tracks: int
    bytes: int
    max_bytes: int
    oldest_s: float


class Spool:
    """Finished tracks on disk, at most `max_bytes` of them: when full the oldest stay and new ones are turned away."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        parts = [folder / name for name in ("ready", "ongoing", "open", "refused")]
        self._ready, self._ongoing, self._open, self._refused = parts
        self._lock = threading.Lock()
        for part in parts:
            part.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._holder = _hold(folder / "lock")
        self._bytes = self._held()

    def close(self) -> None:
        """Let another worker process have the folder."""
        self._holder.close()

    def recover(self) -> None:
        """Make the tracks ready that were running when the last worker process on this spool died."""
        for part in (self._ready, self._ongoing, self._open):
            for leftover in part.glob("*.part"):
                leftover.unlink()
        for checkpoint in sorted(self._open.glob("*.zip")):
            ready = self._ready / checkpoint.name
            if ready.exists():
                checkpoint.unlink()
                continue
            checkpoint.rename(ready)
            log.info("open_track_recovered", extra={"track_id": checkpoint.stem})
        self._bytes = self._held()

    def add(self, track: FinishedTrack) -> bool:
        """Keep a finished track, safe on disk when this returns True; False when the spool is full.

        Raises OSError when the disk takes nothing.
        """
        kept = self._keep(track, self._ready, durable=True)
        if kept:
            _sync_folder(self._ready)
            self.sent(self._ongoing / f"{track.manifest.track_id}.zip")
        self.forget_checkpoint(track.manifest.track_id)
        return kept

    def add_ongoing(self, track: FinishedTrack) -> bool:
        """Keep a track whose person is still followed until it is sent or `add`ed; False when the spool is full.

        A power cut may lose it, so it is a checkpoint as well. Raises OSError when the disk takes nothing.
        """
        self.checkpoint(replace(track, manifest=track.manifest.model_copy(update={"ongoing": False})))
        return self._keep(track, self._ongoing, durable=False)

    def _keep(self, track: FinishedTrack, folder: Path, *, durable: bool) -> bool:
        name = f"{track.manifest.track_id}.zip"
        part = folder / f"{name}.part"
        try:
            size = _write(part, track, durable=durable)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        with self._lock:
            before = _size_of(folder / name)  # a recording read again finds the same tracks again
            if self._bytes + size - before > self._max_bytes:
                part.unlink()
                return False
            self._bytes += size - before
            part.replace(folder / name)
        return True

    def checkpoint(self, track: FinishedTrack) -> None:
        """Note a track still running, as far as it is known now."""
        name = f"{track.manifest.track_id}.zip"
        part = self._open / f"{name}.part"
        _write(part, track, durable=False)
        part.replace(self._open / name)

    def forget_checkpoint(self, track_id: UUID) -> None:
        """The running track was finished, or was noise."""
        (self._open / f"{track_id}.zip").unlink(missing_ok=True)

    def waiting(self) -> list[Path]:
        """Return the tracks that wait, oldest first (a UUIDv7 begins with its time)."""
        waiting = [*self._ongoing.glob("*.zip"), *self._ready.glob("*.zip")]
        return sorted(waiting, key=lambda file: file.name)

    def fill(self) -> Fill:
        """Return how full it is now; from any thread."""
        waiting, oldest_s = self.waiting(), 0.0
        with suppress(IndexError, FileNotFoundError):  # sent while this looks
            oldest_s = max(0.0, time.time() - waiting[0].stat().st_mtime)
        return Fill(len(waiting), self._bytes, self._max_bytes, oldest_s)

    def read(self, waiting: Path) -> FinishedTrack | None:
        """Return a waiting track; None for a file that cannot be read, which is set aside, or whose end has come.

        Raises OSError when it cannot be set aside.
        """
        try:
            with zipfile.ZipFile(waiting) as archive:
                manifest = TrackManifest.model_validate_json(archive.read(MANIFEST))
                shots = tuple(archive.read(f"shot-{number}.jpg") for number in range(len(manifest.shots)))
                return FinishedTrack(manifest, shots)
        except FileNotFoundError:
            return None
        except Exception as broken:  # noqa: BLE001 - whatever is wrong with it, the others must not wait for it
            self.refuse(waiting, f"unreadable: {type(broken).__name__}")
            return None

    def sent(self, waiting: Path) -> None:
        """The track is in the object store, or its end will be."""
        with self._lock:
            self._bytes -= _size_of(waiting)
            waiting.unlink(missing_ok=True)

    def refuse(self, waiting: Path, reason: str) -> None:
        """Set a track aside that will never be taken, with the reason. Raises OSError: then it waits on."""
        with self._lock:
            size = _size_of(waiting)
            (self._refused / f"{waiting.stem}.reason").write_text(reason + "\n", encoding="utf-8")
            waiting.replace(self._refused / waiting.name)
            self._bytes -= size
        log.warning("track_set_aside", extra={"track_id": waiting.stem, "reason": reason})
        self._bound_refused()

    def purge_old_faces(self, now_s: float | None = None) -> int:
        """Delete whatever has lain here for 30 days; return how many finished tracks were lost by it."""
        oldest_s = (time.time() if now_s is None else now_s) - RAW_FACE_MAX_AGE_S
        old = [file for file in self.waiting() if file.stat().st_mtime < oldest_s]
        for file in old:
            self.sent(file)
        for file in self._refused.iterdir():
            if file.stat().st_mtime < oldest_s:
                file.unlink(missing_ok=True)
        return len(old)

    def _held(self) -> int:
        return sum(file.stat().st_size for part in (self._ready, self._ongoing) for file in part.iterdir())

    def _bound_refused(self) -> None:
        files = sorted(self._refused.glob("*.zip"), key=lambda file: file.stat().st_mtime)
        held = sum(file.stat().st_size for file in files)
        for file in files:
            if held <= REFUSED_SHARE * self._max_bytes:
                return
            held -= file.stat().st_size
            file.unlink()
            file.with_suffix(".reason").unlink(missing_ok=True)


def _hold(lock: Path) -> IO[bytes]:
    """Take the folder for this process alone: two would send each other's tracks. The kernel frees it on a kill."""
    holder = lock.open("wb")
    try:
        fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder.close()
        raise ConfigurationRefused(
            f"Another worker already uses the spool {lock.parent}. Nothing was started; set REGULARS_SPOOL_DIR."
        ) from None
    return holder


def _write(part: Path, track: FinishedTrack, *, durable: bool) -> int:
    """Write a track to `part` and return its bytes; `durable` waits until the disk has it."""
    with part.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(MANIFEST, track.manifest.model_dump_json())
            for number, jpeg in enumerate(track.shots):
                archive.writestr(f"shot-{number}.jpg", jpeg)
        file.flush()
        if durable:
            os.fsync(file.fileno())
        return file.tell()


def _size_of(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
