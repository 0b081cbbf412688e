"""What `./run demo` may be told. The standard library is enough: asked before anything is installed."""

import argparse
from pathlib import Path

from compose.onebox.camera_choice import CameraChoice, read_camera_choice
from regulars.errors import ConfigurationRefused


def parser() -> argparse.ArgumentParser:
    """Return what reads the words after `./run demo`; `data` is None where no folder is named."""
    parser = argparse.ArgumentParser(
        prog="./run demo",
        description="The whole system on this machine, with a sample camera or your own, until Ctrl-C.",
        allow_abbrev=False,
    )
    camera = parser.add_mutually_exclusive_group()
    camera.add_argument(
        "--camera",
        type=_camera,
        metavar="SOURCE",
        help="rtsp://…, webcam:0 or file:clip.mp4 instead of the sample",
    )
    camera.add_argument("--no-camera", action="store_true", help="start without the sample camera")
    camera.add_argument(
        "--for-good",
        action="store_true",
        help="without the sample camera and the simulated chain; only the first start makes a chain and an"
        " owner, and no start prints the password",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="data folder (.regulars/data)")
    parser.add_argument("--port", type=_port_number, metavar="P", help="the portal's port (8080, or a free one)")
    parser.add_argument("--json", action="store_true", help="print one line with portal, email and password when ready")
    return parser


def _camera(text: str) -> CameraChoice:
    try:
        return read_camera_choice(text)
    except ConfigurationRefused as refused:
        raise argparse.ArgumentTypeError(str(refused)) from refused


def _port_number(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 (any that is free) to 65535, not {text!r}")
    return int(text)


if __name__ == "__main__":
    parser().parse_args()
