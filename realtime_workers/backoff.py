"""How long to wait before trying again: cameras, the gateway and the object store are all asked at this pace."""

import random


class Backoff:
    """Doubles from `first_s` to `cap_s`, each wait cut by up to half at random: many must not ask at once."""

    def __init__(self, first_s: float = 0.5, cap_s: float = 30.0) -> None:
        self._first_s, self._cap_s = first_s, cap_s
        self._failures = 0

    def next_s(self) -> float:
        """Return the seconds to wait after one more failure."""
        whole_s = min(self._cap_s, self._first_s * 2 ** min(self._failures, 20))
        self._failures += 1
        return whole_s * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, protects nothing

    def reset(self) -> None:
        """It worked: the next failure is a first one."""
        self._failures = 0
