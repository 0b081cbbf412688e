"""The demo's camera: a real RTSP server that plays a scene composed on this machine, over and over."""

import json
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from compose.onebox.box import Say
from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.rtsp import RtspServer
from regulars.settings import Settings

MEDIA = "sample-camera"
"""The folder of the data directory that its film lies in."""
_FILM, _TRUTH = "cafe.mp4", "cafe.json"


class SampleCamera:
    """Composes the film, where it is absent, and starts the camera, while all else starts: it takes longer than that.

    Leaving the context, or `given_up`, gives an unfinished film up: whoever stops a start does not wait for it.
    """

    def __init__(
        self, place: Place, supervisor: Supervisor, settings: Settings, say: Say, given_up: threading.Event
    ) -> None:
        self._media = place.folder(MEDIA)
        self._server = RtspServer(place, supervisor, self._media)
        self._settings = settings
        self._say = say
        self._told: set[int] = set()
        self._given_up = given_up
        self._pool = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        """Begin; returns at once."""
        self._done = self._pool.submit(self._start)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Return as soon as the picture in hand is drawn."""
        self._given_up.set()
        self._pool.shutdown()

    def setup(self) -> dict[str, object]:
        """Wait until it runs and return its setup for the portal; raises what composing or starting it raised."""
        self._done.result()
        x1, y1, x2, y2 = json.loads((self._media / _TRUTH).read_text(encoding="utf-8"))["line"]
        return {
            "name": "Sample door",
            "type": "rtsp",
            "rtsp_url": self._server.url(_FILM),
            "line": {"x1": x1, "y1": y1, "x2": x2, "y2": y2},
            "wanted_state": "running",
        }

    def _start(self) -> None:
        if not (self._media / _FILM).exists():
            # What draws and encodes takes a fifth of the launcher's time to import, and is needed this once.
            from compose.onebox.scene.sample import compose_scene
            from regulars.wiring import model_pack

            unfinished = self._media / f"unfinished-{_FILM}"
            samples, detector = self._settings.models_dir / "samples", model_pack(self._settings).detector
            compose_scene(samples, unfinished, self._media / _TRUTH, detector, progress=self._go_on)
            unfinished.rename(self._media / _FILM)
        self._server.start()
        self._say("sample camera (RTSP)")

    def _go_on(self, done: float) -> None:
        """Tell each fifth of the film."""
        if self._given_up.is_set():
            raise CancelledError("the film is composed at the next start")
        percent = int(done * 5) * 20
        if percent not in self._told:
            self._told.add(percent)
            self._say(f"composing the sample camera's film, this once: {percent} %")
