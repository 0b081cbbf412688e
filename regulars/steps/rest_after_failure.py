"""Beside recognize: what failed just now is left alone for a while, so that not every track waits for a timeout."""

import time
from collections.abc import Callable


class RestAfterFailure:
    """Remembers the last failure for `rest_s` seconds; one for all threads of a process."""

    def __init__(self, rest_s: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest_s, self._clock, self._until_s = rest_s, clock, 0.0

    @property
    def is_over(self) -> bool:
        """Whether it may be tried."""
        return self._clock() >= self._until_s

    def begin(self) -> None:
        """Say that it failed."""
        self._until_s = self._clock() + self._rest_s
