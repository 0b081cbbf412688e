"""What this process knows of live view: which cameras are watched here, their newest picture, who was recognized."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from functions.gateway.live.ear import Ear
from functions.gateway.watching.bells import Bells
from functions.gateway.watching.shown import pack_recognized, pack_shown
from regulars.domain.watching import WATCHED_FOR_S
from regulars.errors import DependencyAway
from regulars.ids import new_id
from regulars.store import watching
from regulars.store.just_recognized import just_recognized
from regulars.store.live import CHANNEL
from regulars.store.session import Engine, transaction
from regulars.store.watching import WatchedCamera
from regulars.tenancy import Tenancy

RENEW_EVERY_S = WATCHED_FOR_S / 3
RECOGNIZED_WITHIN = timedelta(seconds=15)
REMEMBERED = 50
One = TypeVar("One")
_log = logging.getLogger("regulars.gateway.watching")


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest picture, packed once for all viewers; a greater `number` is a newer one."""

    number: int
    packed: bytes


@dataclass(slots=True)
class Watched:
    """One camera watched at this process. `recognized` are the latest, packed, each with a rising number."""

    camera: WatchedCamera
    viewers: int = 0
    picture: Shown | None = None
    recognized: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    tracks: deque[UUID] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    told: int = 0
    since: datetime | None = None


class Lookout:
    """Keeps the cameras that are watched here wanted, and reads each newest picture once for all viewers.

    A slow viewer finds the newest picture when it looks again: none waits for it.
    """

    def __init__(self, ear: Ear, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.bells, self.closed = Bells(), False
        self._ear, self._engine, self._clock = ear, engine, clock
        self._replica_id = new_id()
        self._watched: dict[UUID, Watched] = {}
        self._left: list[WatchedCamera] = []
        self._pictured, self._happened = set[UUID](), set[UUID]()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        ear.on(watching.WATCHING, self._heard)
        ear.on(CHANNEL, self._something_happened)

    def listen(self) -> None:
        """Let bells be rung: from now on this process hears what the others say."""
        self._ear.open()

    def join(self, cameras: Iterable[WatchedCamera]) -> list[Watched]:
        """Let a viewer watch these cameras, which the caller has said to PostgreSQL (`say`)."""
        with self._changed:
            joined = [self._watched.setdefault(camera.camera_id, Watched(camera)) for camera in cameras]
            for one in joined:
                one.viewers += 1
                one.since = one.since or self._clock()
                self._pictured.add(one.camera.camera_id)
            if self._thread is None and not self.closed:
                self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)
                self._thread.start()
            self._changed.notify()
        self._ear.open()
        return joined

    def leave(self, cameras: Iterable[WatchedCamera]) -> None:
        """End a viewer's watching; what nobody here watches any more is let go of at once."""
        with self._changed:
            for camera in cameras:
                one = self._watched.get(camera.camera_id)
                if one is None:
                    continue
                one.viewers -= 1
                if one.viewers <= 0:
                    del self._watched[camera.camera_id]
                    self._left.append(camera)
            self._changed.notify()

    def say(self, cameras: Iterable[WatchedCamera]) -> None:
        """Say in PostgreSQL that these are watched here; raises DependencyAway."""
        for camera in cameras:
            with transaction(self._engine, Tenancy(camera.tenant_id)) as connection:
                watching.watch(connection, camera, self._replica_id, self._clock())

    def newest(self, camera: WatchedCamera) -> Shown | None:
        """Read the newest picture of a watched camera; raises DependencyAway."""
        with transaction(self._engine, Tenancy(camera.tenant_id)) as connection:
            kept = watching.newest_picture(connection, camera.tenant_id, camera.camera_id)
        return Shown(kept.number, pack_shown(camera.camera_id, kept)) if kept else None

    def close(self) -> None:
        """End all watching here: the workers are told before the process ends."""
        with self._changed:
            self.closed = True
            self._changed.notify()
        self.bells.ring_all()
        if self._thread is not None:
            self._thread.join(timeout=2)

    def _heard(self, message: str | None) -> None:
        """Note what is new; runs in the listening thread."""
        if message is None:
            with self._changed:
                self._pictured.update(self._watched)
                self._changed.notify()
            self.bells.ring_all()
            return
        kind, *ids = message.split(" ")
        if kind == "wish":
            self.bells.ring(("wish", UUID(ids[0])), ("wish", None))
        elif kind == "trial":
            self.bells.ring(UUID(ids[0]))
        else:
            with self._changed:
                if UUID(ids[1]) in self._watched:
                    self._pictured.add(UUID(ids[1]))
                    self._changed.notify()

    def _something_happened(self, message: str | None) -> None:
        tenant, *rest = message.split(" ") if message else ("",)
        if tenant and rest[0] != "camera":
            with self._changed:
                self._happened.add(UUID(tenant))
                self._changed.notify()

    def _run(self) -> None:
        renewed_s = time.monotonic()
        while not self.closed:
            with self._changed:
                self._changed.wait_for(lambda: self.closed or self._pictured or self._happened or self._left, 1.0)
                left, self._left = self._left, []
                pictured, self._pictured = self._pictured & set(self._watched), set[UUID]()
                happened, self._happened = self._happened, set[UUID]()
                held = list(self._watched.values())
            self._try(self._let_go, left)
            self._try(self._read_pictures, [one for one in held if one.camera.camera_id in pictured])
            self._try(self._read_recognized, [one for one in held if one.camera.tenant_id in happened])
            if time.monotonic() - renewed_s >= RENEW_EVERY_S:
                renewed_s = time.monotonic()
                self._try(self.say, [one.camera for one in held])
        self._try(self._let_go, [one.camera for one in self._watched.values()])

    def _try(self, act: Callable[[list[One]], None], on: list[One]) -> None:
        try:
            act(on)
        except DependencyAway:
            _log.warning("PostgreSQL is away; live view stands still until it is back")
        except Exception:  # noqa: BLE001 - one thread looks for every viewer: what it cannot read must not end it
            _log.exception("live view could not go on")

    def _let_go(self, cameras: list[WatchedCamera]) -> None:
        for camera in cameras:
            if camera.camera_id not in self._watched or self.closed:
                with transaction(self._engine, Tenancy(camera.tenant_id)) as connection:
                    watching.unwatch(connection, camera, self._replica_id, self._clock())

    def _read_pictures(self, cameras: list[Watched]) -> None:
        for one in cameras:
            one.picture = self.newest(one.camera) or one.picture
            self.bells.ring(one.camera.camera_id)

    def _read_recognized(self, cameras: list[Watched]) -> None:
        for one in cameras:
            since = max(one.since or self._clock(), self._clock() - RECOGNIZED_WITHIN)
            with transaction(self._engine, Tenancy(one.camera.tenant_id)) as connection:
                found = just_recognized(connection, one.camera.tenant_id, [one.camera.camera_id], since)
            for person in found:
                if person.track_id not in one.tracks:
                    one.told += 1
                    one.tracks.append(person.track_id)
                    one.recognized.append((one.told, pack_recognized(person)))
            self.bells.ring(one.camera.camera_id)
