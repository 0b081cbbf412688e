"""`./run torture`: faults and bad input against the real parts, from a seed; exit code 1 when anything broke."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from compose.onebox.words import quiet_libraries
from tests.torture.loading import load, soak
from tests.torture.outcome import ENOUGH_FAULTS, ENOUGH_TRACKS, Outcome
from tests.torture.runners import BAD_INPUT
from tests.torture.storming import endure

MINUTES = 25.0
"""Enough for 200 faults and 2,000 tracks on two cores, and for bad input."""
BAD_INPUT_SHARE = 0.2
"""How much of the minutes goes to bad input, after the faults."""
PARTS = ("all", "faults", "bad-input", "load", "soak")
LOAD_MINUTES = 30.0
"""How long ten times the rush is held, and in which time a working day's tracks come."""


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return 0 when nothing was lost, doubled or broken."""
    quiet_libraries()
    arguments = _parser().parse_args(words)
    usual = LOAD_MINUTES if arguments.part in ("load", "soak") else MINUTES
    outcome, minutes = Outcome(arguments.seed), arguments.minutes or usual
    if arguments.part in ("all", "faults"):
        share = minutes / MINUTES
        seconds = 60 * minutes * (1 - BAD_INPUT_SHARE)
        flows = not arguments.no_flows
        endure(outcome, seconds, round(ENOUGH_FAULTS * share), round(ENOUGH_TRACKS * share), flows=flows)
    if arguments.part in ("all", "bad-input"):
        if BAD_INPUT is None:
            outcome.left_out.append("bad input: there is no runner for it yet")
        else:
            outcome.refusals = BAD_INPUT(arguments.seed, minutes * 60 * BAD_INPUT_SHARE)
    if arguments.part == "load":
        load(outcome, minutes)
    if arguments.part == "soak":
        soak(outcome, minutes)
    outcome.show()
    if arguments.json:
        outcome.write(arguments.json)
    return 1 if outcome.wrong() else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run torture", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "part", nargs="?", choices=PARTS, default="all", help="one of its parts; load and soak run only so"
    )
    usual = f"how long, in all ({MINUTES:.0f}; load and soak: {LOAD_MINUTES:.0f})"
    parser.add_argument("--minutes", type=float, metavar="N", help=usual)
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="chooses the faults and their times (1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--no-flows", action="store_true", help="leave Prefect out")
    return parser


if __name__ == "__main__":
    sys.exit(main())
