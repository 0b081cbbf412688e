"""The one way in which a test waits for what another thread, process or server does in its own time."""

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

# A machine with two cores that is overloaded takes this long at times; where it is not, nobody waits for the end of it.
PATIENCE_S = 90.0
_LOOKED_EVERY_S = 0.05

_Found = TypeVar("_Found")


def wait_for(happened: Callable[[], _Found], what: str, within_s: float = PATIENCE_S) -> _Found:
    """Return the first true answer of `happened()`; fail naming `what` when none comes within the limit."""
    deadline_s = time.monotonic() + within_s
    while not (found := happened()):
        if time.monotonic() > deadline_s:
            pytest.fail(f"it never came about that {what}")
        time.sleep(_LOOKED_EVERY_S)
    return found
