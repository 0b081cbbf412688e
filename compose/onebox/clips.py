"""Between `./run count` and the running system: a clip becomes a file camera, and its end is waited for."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from compose.onebox.box import Onebox
from compose.onebox.clip_report import ClipReport, report_clip
from compose.onebox.first_start import open_chain
from compose.onebox.portal import Portal
from regulars.errors import RegularsError
from regulars.steps.enroll_staff import Photograph, enroll_staff
from regulars.store.footage import last_seen_at, tracks_recognized
from regulars.store.session import connect, transaction
from regulars.store.set_aside import list_set_aside
from regulars.tenancy import Tenancy
from regulars.wiring import recognizer

_ASK_EVERY_S = 0.1
_TELL_EVERY_S = 5.0
_QUIET_LIMIT_S = 180.0
"""A clip in which nothing has moved on for so long will not come to an end: recognize catches up within 60 s."""


class ClipFailed(RegularsError):
    """A clip could not be counted; what was counted before it stays."""

    code = "clip_failed"


class Clips:
    """One chain with one site, to which every clip is a camera."""

    def __init__(
        self, box: Onebox, *, gap_minutes: float, line: dict[str, float] | None, say: Callable[[str], None]
    ) -> None:
        self._box = box
        self._line = line
        self._say = say
        self._engine = connect(box.database_url, pool_size=2)
        self._chain = open_chain(
            box.place,
            self._engine,
            name="Count",
            site_name="Clips",
            time_zone="UTC",
            visit_gap_minutes=gap_minutes,
        )
        self._tenancy = Tenancy(self._chain.tenant.tenant_id)
        self._portal = Portal(box.gateway_url, self._chain.email, self._chain.password)
        self._apart = timedelta(minutes=gap_minutes, hours=1)
        for left in self._portal.cameras():
            self._switch_off(left["camera_id"])

    def enroll_staff(self, folder: Path) -> None:
        """Enroll a member of staff per folder in `folder`. Raises InputRefused when a folder has too few good faces."""
        recognizes = recognizer(self._box.settings())
        for person in sorted(path for path in folder.iterdir() if path.is_dir()):
            files = sorted(path for path in person.iterdir() if path.is_file())
            enrolled = enroll_staff(
                person.name,
                [Photograph(file.name, file.read_bytes()) for file in files],
                tenant=self._chain.tenant,
                recognizer=recognizes,
            )
            for name, _, why in enrolled.refused:
                self._say(f"staff {person.name}: {name} was not used: {why}")
            self._say(f"staff {person.name}: known from {enrolled.photographs} photographs")
        recognizes.engine.dispose()

    def count(self, clip: str) -> ClipReport:
        """Send one clip through the system and return what came out. Raises ClipFailed with the reason."""
        began = self._next_beginning()
        camera = self._portal.add_camera(
            {
                "site_id": str(self._chain.site.site_id),
                "name": Path(clip).name[:80],
                "type": "file",
                "file_path": str(Path(clip).absolute()),
                "file_starts_at": began.isoformat(),
                "line": self._line,
            }
        )
        camera_id = UUID(camera["camera_id"])
        try:
            tracks = self._wait_until_played(camera_id, clip)
            self._wait_until_recognized(camera_id, tracks, clip)
        finally:
            self._switch_off(camera["camera_id"])
        with transaction(self._engine, self._tenancy) as connection:
            return report_clip(connection, self._chain.site, camera_id, clip, began, tracks)

    def _switch_off(self, camera_id: str) -> None:
        """A clip that failed or was interrupted is not played again."""
        self._portal.change_camera(camera_id, {"wanted_state": "stopped"})

    def _next_beginning(self) -> datetime:
        """Return a time (UTC) after everything seen here, by more than the gap."""
        with transaction(self._engine, self._tenancy) as connection:
            latest = last_seen_at(connection, self._chain.tenant.tenant_id)
        now = datetime.now(UTC)
        return now if latest is None else max(now, latest + self._apart)

    def _wait_until_played(self, camera_id: UUID, clip: str) -> int:
        """Return the number of tracks once the worker has played the clip and handed all of them over."""
        moved = _Progress(self._say, Path(clip).name)
        while True:
            camera = self._portal.camera(str(camera_id))
            counters = camera["counters"]
            if camera["state"] == "failed":
                raise ClipFailed(camera["detail"] or camera["reason"])
            done = camera["state"] == "stopped" and camera["reason"] == "finished"
            if done and counters["tracks_sent"] + counters["tracks_lost"] >= counters["tracks"]:
                if counters["tracks_lost"]:
                    raise ClipFailed(f"{counters['tracks_lost']} tracks were lost on the way.")
                return int(counters["tracks"])
            moved.note(counters, f"{counters['frames_decoded']} pictures, {counters['tracks']} tracks")
            time.sleep(_ASK_EVERY_S)

    def _wait_until_recognized(self, camera_id: UUID, tracks: int, clip: str) -> None:
        moved = _Progress(self._say, Path(clip).name)
        while True:
            with transaction(self._engine, self._tenancy) as connection:
                recognized = tracks_recognized(connection, self._chain.tenant.tenant_id, camera_id)
                aside = [one for one in list_set_aside(connection) if str(camera_id) in one.object_key]
            if aside:
                raise ClipFailed(f"{len(aside)} tracks were set aside: {aside[0].detail}")
            if recognized >= tracks:
                return
            moved.note(recognized, f"{recognized} of {tracks} tracks recognized")
            time.sleep(_ASK_EVERY_S)


class _Progress:
    """Tells now and then how far a clip is, and notices when nothing moves any more."""

    def __init__(self, say: Callable[[str], None], name: str) -> None:
        self._say = say
        self._name = name
        self._last: Any = None
        self._moved_s = self._told_s = time.monotonic()

    def note(self, state: Any, words: str) -> None:
        """Note how far it is. Raises ClipFailed after `_QUIET_LIMIT_S` without any change."""
        now_s = time.monotonic()
        if state != self._last:
            self._last, self._moved_s = state, now_s
        if now_s - self._told_s > _TELL_EVERY_S:
            self._told_s = now_s
            self._say(f"{self._name}: {words}")
        if now_s - self._moved_s > _QUIET_LIMIT_S:
            raise ClipFailed(f"Nothing has moved for {_QUIET_LIMIT_S:.0f} s ({words}).")
