"""Beside the supervisor: no log of a child grows without end, however long the child runs."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LIMIT_BYTES = 20_000_000


def turn_the_long(logs: Iterable[Path]) -> None:
    """Empty each log that is longer than LIMIT_BYTES; what was in it replaces its predecessor, `NAME.1.log`.

    A child appends to the file that it was given, so that file stays: it is copied and emptied, and what is written
    between the two is lost. On a full disk, which cannot hold the copy, it is emptied all the same.
    """
    for log in logs:
        with suppress(OSError):
            if log.stat().st_size > LIMIT_BYTES:
                with suppress(OSError):
                    shutil.copyfile(log, log.with_suffix(".1.log"))
                os.truncate(log, 0)
