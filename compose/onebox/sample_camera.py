"""The demo's camera: a real RTSP server that plays a scene composed on this machine, over and over."""

from collections.abc import Callable
from pathlib import Path

from compose.onebox.box import Onebox, Say
from compose.onebox.place import Place
from compose.onebox.scene.sample import SAMPLE_LINE, compose_scene
from compose.onebox.servers.rtsp import RtspServer
from regulars.settings import Settings
from regulars.wiring import model_pack

_FILM, _TRUTH = "cafe.mp4", "cafe.json"


def ensure_film(place: Place, settings: Settings, say: Say) -> Path:
    """Return the folder of the film, composed where it is absent; that takes longer than all else a start does."""
    media = place.folder("sample-camera")
    if not (media / _FILM).exists():
        unfinished = media / f"unfinished-{_FILM}"
        samples, detector = settings.models_dir / "samples", model_pack(settings).detector
        compose_scene(samples, unfinished, media / _TRUTH, detector, progress=_tell_fifths(say))
        unfinished.rename(media / _FILM)
    return media


def start_sample_camera(box: Onebox, media: Path, say: Say) -> dict[str, object]:
    """Start it, and return its setup for the portal."""
    server = RtspServer(box.place, box.supervisor, media)
    server.start()
    say("sample camera (RTSP)")
    x1, y1, x2, y2 = SAMPLE_LINE
    return {
        "name": "Sample door",
        "type": "rtsp",
        "rtsp_url": server.url(_FILM),
        "line": {"x1": x1, "y1": y1, "x2": x2, "y2": y2},
        "wanted_state": "running",
    }


def _tell_fifths(say: Say) -> Callable[[float], None]:
    told: set[int] = set()

    def tell(done: float) -> None:
        percent = int(done * 5) * 20
        if percent not in told:
            told.add(percent)
            say(f"composing the sample camera's film, this once: {percent} %")

    return tell
