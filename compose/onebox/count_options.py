"""What `./run count` may be told. The standard library is enough: asked before anything is installed."""

import argparse
from pathlib import Path

from compose.onebox.camera_choice import named_film
from regulars.errors import ConfigurationRefused


def parser() -> argparse.ArgumentParser:
    """Return what reads the words after `./run count`."""
    parser = argparse.ArgumentParser(
        prog="./run count",
        description="Clips through the whole path, one after another, and the people and visits that come out.",
        allow_abbrev=False,
    )
    parser.add_argument("clips", nargs="+", metavar="CLIP", type=_clip, help="video files, in the order they happened")
    parser.add_argument(
        "--gap", type=_minutes, default=30.0, metavar="MINUTES", help="a return sooner is the same visit; 0: never"
    )
    parser.add_argument(
        "--line", type=_line, metavar="X1,Y1,X2,Y2", help="counting line A to B in 0..1; to its right-hand side is in"
    )
    parser.add_argument("--staff", type=_folder, metavar="DIR", help="a folder per person with at least 2 photographs")
    parser.add_argument("--state", type=Path, metavar="DIR", help="keep (and go on with) the data in this folder")
    parser.add_argument("--json", action="store_true", help="one object per line and clip, then the total")
    return parser


def _clip(text: str) -> str:
    try:
        named_film(text)
    except ConfigurationRefused as refused:
        raise argparse.ArgumentTypeError(str(refused)) from refused
    return text


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return Path(text)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes <= 1440:
        raise argparse.ArgumentTypeError("minutes from 0 to 1440")
    return minutes


def _line(text: str) -> dict[str, float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(0 <= number <= 1 for number in numbers) or numbers[:2] == numbers[2:]:
        raise argparse.ArgumentTypeError("X1,Y1,X2,Y2: two different points, each number from 0 to 1")
    return dict(zip(("x1", "y1", "x2", "y2"), numbers, strict=True))


if __name__ == "__main__":
    parser().parse_args()
