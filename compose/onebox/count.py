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
from compose.onebox.count_options import parser
from compose.onebox.words import quiet_libraries, timed_progress
from regulars.errors import RegularsError
from regulars.settings import Settings


def main(words: Sequence[str] | None = None) -> int:
    """Run the command. The exit code is 0 when every clip was counted, 1 when one was not, 2 for a wrong call."""
    quiet_libraries()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = parser().parse_args(words)
    try:
        if arguments.state:
            return _count(arguments, arguments.state)
        with tempfile.TemporaryDirectory(prefix="regulars-count-", ignore_cleanup_errors=True) as folder:
            return _count(arguments, Path(folder))
    except RegularsError as refused:
        print(f"count: {refused}", file=sys.stderr)
        return 1
    except OSError as failure:  # a full disk, above all
        print(f"count: {failure}", file=sys.stderr)
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


if __name__ == "__main__":
    sys.exit(main())
