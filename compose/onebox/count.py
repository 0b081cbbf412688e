"""`./run count`: clips through the whole path, one after another, and the people and visits that come out.

Each clip is a fresh arrival: it gets a file camera of its own, and a time further from the clip before than the visit
gap. It is the path of production: worker, object store, event, recognize, PostgreSQL, Milvus.
"""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from compose.onebox.box import Onebox
from compose.onebox.clip_report import ClipReport
from compose.onebox.clips import ClipFailed, Clips
from compose.onebox.words import quiet_libraries, timed_progress
from regulars.errors import RegularsError
from regulars.settings import Settings


def main(words: Sequence[str] | None = None) -> int:
    """Run the command. The exit code is 0 when every clip was counted, 1 when one was not, 2 for a wrong call."""
    quiet_libraries()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = _parser().parse_args(words)
    try:
        if arguments.state:
            return _count(arguments, arguments.state)
        with tempfile.TemporaryDirectory(prefix="regulars-count-", ignore_cleanup_errors=True) as folder:
            return _count(arguments, Path(folder))
    except RegularsError as refused:
        print(f"count: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("count: stopped.", file=sys.stderr)
        return 130


def _count(arguments: argparse.Namespace, folder: Path) -> int:
    say = timed_progress()
    failed = 0
    reports: list[ClipReport] = []
    with Onebox(folder, Settings().models_dir, say, heartbeat_every_s=0.25) as box:
        box.start()
        clips = Clips(box, gap_minutes=arguments.gap, line=arguments.line, say=say)
        if arguments.staff:
            clips.enroll_staff(arguments.staff)
        for clip in arguments.clips:
            try:
                report = clips.count(clip)
            except ClipFailed as failure:
                print(f"count: {clip}: {failure}", file=sys.stderr, flush=True)
                failed += 1
                continue
            reports.append(report)
            if arguments.json:
                print(json.dumps(report.as_json()), flush=True)
    total = _total(reports)
    if arguments.json:
        print(json.dumps({"total": total}), flush=True)
    else:
        _print_table(reports, total)
    return 1 if failed else 0


def _total(reports: Sequence[ClipReport]) -> dict[str, int]:
    """Return the sums. Staff are not visits; a customer seen in several clips is one."""
    visits = [visit for report in reports for visit in report.visits if visit.status != "staff"]
    return {
        "clips": len(reports),
        "tracks": sum(report.tracks for report in reports),
        "visits": len(visits),
        "customers": len({visit.customer_id for visit in visits if visit.customer_id}),
        "in": sum(report.crossings["in"] for report in reports),
        "out": sum(report.crossings["out"] for report in reports),
    }


def _print_table(reports: Sequence[ClipReport], total: dict[str, int]) -> None:
    names: dict[str, str] = {}
    print(f"{'clip':<36} {'at':>8}  {'who':<14} {'status':<13} {'gender':<8} {'direction':<9}")
    for report in reports:
        for visit in report.visits:
            who = "-"
            if visit.customer_id:
                who = names.setdefault(visit.customer_id, f"customer {len(names) + 1}")
            at = str(timedelta(seconds=int(visit.at)))
            name = Path(report.clip).name[:36]
            print(f"{name:<36} {at:>8}  {who:<14} {visit.status:<13} {visit.gender:<8} {visit.direction:<9}")
        if not report.visits:
            print(f"{Path(report.clip).name[:36]:<36} nobody")
    print(", ".join(f"{value} {name}" for name, value in total.items()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run count", description=__doc__, allow_abbrev=False)
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
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
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
    sys.exit(main())
