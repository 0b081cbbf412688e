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


def named_film(text: str) -> Path:
    """Return the absolute path of the film. Raises ConfigurationRefused where no camera can be given it."""
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise ConfigurationRefused(f"There is no file {path}.")
    try:
        str(path).encode()
    except UnicodeEncodeError:  # what JSON and PostgreSQL hold is text
        raise ConfigurationRefused(f"The path of {path} is no UTF-8 text: rename it first.") from None
    return path


def read_camera_choice(text: str) -> CameraChoice:
    """Return the source that `text` names. Raises ConfigurationRefused with the forms that are understood."""
    kind, _, rest = text.partition(":")
    if kind in ("rtsp", "rtsps") and urlsplit(text).hostname:
        return CameraChoice("rtsp", rtsp_url=text)
    if kind == "webcam" and rest.isdecimal():
        return CameraChoice("webcam", webcam_index=int(rest))
    if kind == "file" and rest:
        return CameraChoice("file", file_path=str(named_film(rest)))
    raise ConfigurationRefused(f"A camera is rtsp://…, webcam:0 or file:clip.mp4, not {text!r}.")
