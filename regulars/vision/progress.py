"""For commands that take a while: where they say what they are doing."""

import sys
import threading
from collections.abc import Callable

Say = Callable[[str], None]


def on_stderr(prefix: str) -> Say:
    """Return what writes a line to stderr at once, whole lines only, from any thread."""
    one_line_at_a_time = threading.Lock()

    def say(line: str) -> None:
        with one_line_at_a_time:
            sys.stderr.write(f"{prefix}: {line}\n")
            sys.stderr.flush()

    return say
