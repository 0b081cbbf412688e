"""A child process that feeds cases until its seconds are over: what crashes it or hangs it, its parent sees.

`python -m tests.torture.bad_input.feeding SEED SECONDS KIND…` prints one JSON list of tallies.
"""

import json
import logging
import math
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.torture.bad_input.cameras import camera
from tests.torture.bad_input.documents import DOCUMENTS
from tests.torture.bad_input.pictures import PICTURES
from tests.torture.bad_input.tally import Tally
from tests.torture.bad_input.texts import TEXTS

AT_ONCE = {"cameras": 6}
"""Kinds whose cases mostly wait."""
KINDS: dict[str, Callable[[random.Random], str]] = DOCUMENTS | PICTURES | TEXTS | {"cameras": camera}


def feed(kind: str, seed: int, seconds: float = math.inf, most: float = math.inf) -> list[Tally]:
    """Feed cases of one kind until the seconds are over or there were enough; return a tally for each who fed."""
    at_once = AT_ONCE.get(kind, 1)
    until_s = time.monotonic() + seconds

    def fed(number: int) -> Tally:
        tally = Tally(kind)
        while tally.cases == 0 or (time.monotonic() < until_s and tally.cases < most / at_once):
            tally.feed(KINDS[kind], seed * 1_000_003 + number + tally.cases * at_once)
        return tally

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(fed, range(at_once)))


def main(words: Sequence[str]) -> int:
    """Feed every kind for its share of the seconds; print the tallies."""
    seed, seconds, kinds = int(words[0]), float(words[1]), words[2:]
    logging.disable(logging.CRITICAL)
    tallies = [tally for kind in kinds for tally in feed(kind, seed, seconds / len(kinds))]
    sys.stdout.write(json.dumps([tally.as_json() for tally in tallies]) + "\n")
    sys.stdout.flush()
    os._exit(0)  # what a decoder's library does at its end is none of ours


if __name__ == "__main__":
    main(sys.argv[1:])
