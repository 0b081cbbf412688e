"""What the launcher tells the person at the terminal: progress to stderr, so that stdout stays free for `--json`."""

import logging
import sys
import time
from collections.abc import Callable


def timed_progress() -> Callable[[str], None]:
    """Return a function that prints a line with the seconds since now, like the lines of `./run` before it."""
    begun_s = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - begun_s:4.0f} s] {line}", file=sys.stderr, flush=True)

    return say


def quiet_libraries() -> None:
    """Keep what libraries say while a server is still starting away from the terminal; our own warnings stay."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    for name in ("urllib3", "pymilvus"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
