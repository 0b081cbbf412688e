"""Slows down guessing of passwords; asked by the login route before a password is looked at."""

from collections import OrderedDict, deque
from datetime import datetime
from threading import Lock

MAX_PLACES = 10_000


class AttemptLimit:
    """Counts failed attempts per key within a sliding window, in this process; bounded, the longest silent go first."""

    def __init__(self, failures: int, window_s: float) -> None:
        self._failures = failures
        self._window_s = window_s
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, key: str, now: datetime) -> float:
        """Return how long this key must wait for its next attempt; 0 when it may try now."""
        with self._lock:
            seen = self._recent(key, now)
            if len(seen) < self._failures:
                return 0.0
            return self._window_s - (now - seen[0]).total_seconds()

    def failed(self, key: str, now: datetime) -> None:
        """Count a failed attempt."""
        with self._lock:
            seen = self._recent(key, now)
            seen.append(now)
            self._seen[key] = seen
            self._seen.move_to_end(key)
            while len(self._seen) > MAX_PLACES:
                self._seen.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of this key."""
        with self._lock:
            self._seen.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        seen = self._seen.get(key, deque[datetime]())
        while seen and (now - seen[0]).total_seconds() >= self._window_s:
            seen.popleft()
        if not seen:
            self._seen.pop(key, None)
        return seen
