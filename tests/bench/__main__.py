"""`./run bench [NAME…]`: every benchmark beside its peer and its limit, taken in turns in one run.

Peers come from package registries into an environment of their own. Nothing here is asserted: it tells what this
machine did now.
"""

import argparse
import importlib
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from compose.onebox.words import quiet_libraries, timed_progress
from tests.bench.machine import this_machine
from tests.bench.measuring import Row
from tests.bench.past import HOME
from tests.bench.table import as_table, draw, write_json

BENCHMARKS = {
    "gateway.routes": "the gateway's hot routes at 64 clients; bare FastAPI with the same SQL",
    "recognize": "tracks a second and core from shots to a vector; picture by picture, and the networks alone",
    "replicas": "two replicas of recognize beside one, on two processors, with real servers",
    "capacity": "what 10 to 100,000 cameras need, from unit costs measured now, and the queues of rush hour",
    "camera": "pictures a second and core from a camera's stream to tracks; plain detector loops, and decoding alone",
    "search": "the gallery's nearest templates, held in memory; faiss, hnswlib, pgvector, Milvus Lite",
    "search_million": "the same among a million: a quarter of an hour",
    "journey": "from a picture that leaves the camera to the visit on an open page, over live RTSP",
    "start": "./run demo the second time; its servers started one after another",
    "memory": "of each process of an idle system, and of a worker for each camera more",
    "scaling": "two workers on two cores beside one on one",
    "reports": "the page of reports over 13 months of 12 sites; plain SQL, and DuckDB's bare scan of the same rows",
    "rollups": "a day of 100, 300 and 1,000 sites rolled up; one pass of DuckDB over the same rows",
    "rollups_large": "the same of 11,700 sites, ten million visits: an hour the first time",
}
Run = Callable[[int | None, Callable[[str], None]], list[Row]]


def main(words: Sequence[str] | None = None) -> int:
    """Run those that are named, or all; the exit code, 1 where one of them was broken off."""
    arguments = _parser().parse_args(words)
    quiet_libraries()
    say, machine, rows = timed_progress(), this_machine(), list[Row]()
    broken_off: list[str] = []
    for name in arguments.name or BENCHMARKS:
        say(f"{name}: {BENCHMARKS[name]}")
        try:
            run: Run = importlib.import_module(f"tests.bench.{name}").run
            rows += run(arguments.rounds, say)
        except Exception:  # noqa: BLE001 - hours of others' figures are not lost with it
            traceback.print_exc()
            broken_off.append(name)
        if arguments.json:
            write_json(rows, arguments.json)
    sys.stdout.write(f"\n{as_table(rows)}\n{machine.told()}\n")
    for file in draw(rows, HOME / "plots", machine.name):
        say(f"drawn: {file}")
    if broken_off:
        say(f"broken off, see above: {', '.join(broken_off)}")
    return 1 if broken_off else 0


def _parser() -> argparse.ArgumentParser:
    about = "\n".join(f"  {name:<14} {told}" for name, told in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description=f"{__doc__}\n{about}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("name", nargs="*", choices=[[], *BENCHMARKS], metavar="NAME", help="all of them if left out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as a JSON list")
    parser.add_argument("--rounds", type=int, metavar="N", help="turns of each case, instead of each benchmark's own")
    return parser


if __name__ == "__main__":
    sys.exit(main())
