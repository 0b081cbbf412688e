"""Beside every question: tells a person at the terminal how far it is; stdout is for the tables."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

SAY_EVERY_S = 5.0
_Step = TypeVar("_Step")


def say(text: str) -> None:
    """Write one line to stderr."""
    print(text, file=sys.stderr, flush=True)


def followed(steps: Sequence[_Step] | Iterable[_Step], title: str, total: int) -> Iterator[_Step]:
    """Yield the steps and say every few seconds how many of `total` are done."""
    began_s = said_s = time.monotonic()
    for done, step in enumerate(steps):
        now_s = time.monotonic()
        if now_s - said_s >= SAY_EVERY_S:
            said_s = now_s
            left_s = (now_s - began_s) / max(done, 1) * (total - done)
            say(f"{title}: {done} of {total}, about {left_s:.0f} s left")
        yield step
