"""The operator's command line: every chore of the night shift under its flow's name, and what is only done by hand.

Each command says on stdout what it did; a chore's last line is its numbers as JSON. The exit code is 0, 1 when
something needs a look (still set aside, a backup of no use), 2 for what could not be done, with the reason on stderr.
"""

import argparse
import sys
from collections.abc import Sequence

from regulars.commands.backups import add_backups
from regulars.commands.night_shift import add_chores
from regulars.commands.people import add_people
from regulars.commands.set_aside import add_set_aside
from regulars.errors import RegularsError
from regulars.logs import configure_logs


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line; `run` of what it read does it."""
    made = argparse.ArgumentParser(
        prog="regulars", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    verbs = made.add_subparsers(required=True, metavar="COMMAND")
    for add in (add_chores, add_backups, add_set_aside, add_people):
        add(verbs)
    return made


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    arguments = parser().parse_args(words)
    configure_logs()
    try:
        done: int = arguments.run(arguments)
    except RegularsError as failure:
        sys.stderr.write(f"{failure.code}: {failure}\n")
        return 2
    return done
