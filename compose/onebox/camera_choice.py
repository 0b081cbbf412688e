"""What `--camera` means: rtsp://…, webcam:0 or file:clip.mp4."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from regulars.errors import ConfigurationRefused


@dataclass(frozen=True, slots=True)
class CameraChoice:
    """A source the user named; exactly the field of its type is set."""

    type: Literal["rtsp", "webcam", "file"]
    rtsp_url: str | None = None
    webcam_index: int | None = None
    file_path: str | None = None


def read_camera_choice(text: str) -> CameraChoice:
    """Return the source that `text` names. Raises ConfigurationRefused with the forms that are understood."""
    kind, _, rest = text.partition(":")
    if kind in ("rtsp", "rtsps") and urlsplit(text).hostname:
        return CameraChoice("rtsp", rtsp_url=text)
    if kind == "webcam" and rest.isdecimal():
        return CameraChoice("webcam", webcam_index=int(rest))
    if kind == "file" and rest:
        path = Path(rest).expanduser().absolute()
        if not path.is_file():
            raise ConfigurationRefused(f"There is no file {path}.")
        return CameraChoice("file", file_path=str(path))
    raise ConfigurationRefused(f"A camera is rtsp://…, webcam:0 or file:clip.mp4, not {text!r}.")
