"""How commands speak: a line at a time on stdout, tables with what could move a terminal's cursor taken out."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

ACTOR = "platform"
"""Who stands in audit logs for what is done by hand."""


class Verbs(Protocol):
    """The commands of a command line, as argparse keeps them."""

    def add_parser(self, name: str, **how: Any) -> argparse.ArgumentParser:
        """Add a command."""
        ...


def say(line: str) -> None:
    """Print a line, at once: a long command is watched."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their names, or `nothing`."""
    if not rows:
        say("nothing")
        return
    texts = [[_printable(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *texts, strict=True)]
    for row in ([*names], ["-" * width for width in widths], *texts):
        say(_line(row, widths))


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _printable(value: object) -> str:
    """Return a cell without control characters: keys come from outside."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))
