"""The one way in which a test waits for what another thread, process or server does in its own time."""

import inspect
import time
from collections.abc import Callable
from typing import TypeVar

import httpx
import pytest

PATIENCE_S = 120.0
"""Longer than two cores take that are asked for ten times what they can do; where all is well nobody waits so long."""
_FIRST_LOOK_S, _LOOKS_EVERY_S = 0.005, 0.2

_Found = TypeVar("_Found")


def wait_for(
    happened: Callable[[], _Found | None],
    what: str,
    within_s: float = PATIENCE_S,
    despite: tuple[type[Exception], ...] = (),
) -> _Found:
    """Return the first true answer of `happened()`; fail naming `what` when none comes within the limit.

    An exception of `despite` is no answer yet, as of a server that is away.
    """
    deadline_s, pause_s, last = time.monotonic() + within_s, _FIRST_LOOK_S, ""
    while True:
        try:
            if found := happened():
                return found
        except despite as failure:
            last = f" ({type(failure).__name__}: {failure})"
        if time.monotonic() > deadline_s:
            pytest.fail(f"it never came about that {what}{last}")
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, _LOOKS_EVERY_S)


def make_httpx_patient() -> None:
    """Let every client of this process that is given no limit wait as long: httpx's own 5 s pass on a busy machine."""
    shared: httpx.Timeout = inspect.signature(httpx.Client).parameters["timeout"].default
    shared.connect = shared.read = shared.write = shared.pool = PATIENCE_S
