"""`./run torture`: faults and bad input against the real parts, from a seed; exit code 1 when anything broke."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from compose.onebox.words import quiet_libraries
from tests.torture.outcome import Outcome
from tests.torture.runners import BAD_INPUT

MINUTES = 20.0
"""Enough for 200 faults and 2,000 tracks on two cores."""
BAD_INPUT_SHARE = 0.2
"""How much of the minutes goes to bad input, after the faults."""


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return 0 when nothing was lost, doubled or broken."""
    quiet_libraries()
    arguments = _parser().parse_args(words)
    outcome = Outcome(arguments.seed)
    if BAD_INPUT is None:
        outcome.left_out.append("bad input: there is no runner for it yet")
    else:
        outcome.refusals = BAD_INPUT(arguments.seed, arguments.minutes * 60 * BAD_INPUT_SHARE)
    outcome.show()
    if arguments.json:
        outcome.write(arguments.json)
    return 1 if outcome.wrong() else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run torture", description=__doc__, allow_abbrev=False)
    parser.add_argument("--minutes", type=float, default=MINUTES, metavar="N", help=f"how long, in all ({MINUTES:.0f})")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same faults (1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
