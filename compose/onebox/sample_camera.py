"""The demo's camera: a real RTSP server that plays a scene composed on this machine, over and over."""

from compose.onebox.box import Onebox, Say
from compose.onebox.scene.sample import SAMPLE_LINE, compose_scene
from compose.onebox.servers.rtsp import RtspServer
from regulars.wiring import model_pack

_FILM, _TRUTH = "cafe.mp4", "cafe.json"


def start_sample_camera(box: Onebox, say: Say) -> dict[str, object]:
    """Start it, its film composed first where it is absent; return the camera's setup for the portal."""
    media = box.place.folder("sample-camera")
    settings = box.settings()
    if not (media / _FILM).exists():
        say("composing the sample camera's film, once")
        unfinished = media / f"unfinished-{_FILM}"
        compose_scene(settings.models_dir / "samples", unfinished, media / _TRUTH, model_pack(settings).detector)
        unfinished.rename(media / _FILM)
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
