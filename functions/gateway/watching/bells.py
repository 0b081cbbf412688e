"""Wakes the coroutines of this process that wait for news of something; rung from any thread."""

import asyncio
import threading
from collections.abc import Generator, Hashable
from contextlib import contextmanager, suppress


class Bell:
    """One waiting coroutine's; rung once or more often, it wakes once."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake who waits, or the next one to wait."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits there
            self._loop.call_soon_threadsafe(self._rung.set)

    async def rung(self, within_s: float) -> bool:
        """Wait for a ring; return whether there was one."""
        try:
            async with asyncio.timeout(max(within_s, 0)):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bells:
    """Who waits for what."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, set[Bell]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def waiting(self, *keys: Hashable) -> Generator[Bell]:
        """Give a bell that is rung with any of these keys."""
        bell = Bell()
        with self._lock:
            for key in keys:
                self._waiting.setdefault(key, set()).add(bell)
        try:
            yield bell
        finally:
            with self._lock:
                for key in keys:
                    self._waiting[key].discard(bell)
                    if not self._waiting[key]:
                        del self._waiting[key]

    def ring(self, *keys: Hashable) -> None:
        """Wake all who wait for any of these keys."""
        with self._lock:
            bells = {bell for key in keys for bell in self._waiting.get(key, ())}
        for bell in bells:
            bell.ring()

    def ring_all(self) -> None:
        """Wake everybody."""
        with self._lock:
            keys = list(self._waiting)
        self.ring(*keys)
