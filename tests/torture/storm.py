"""Lets faults happen, one after another and several at a time, and watches each until its part works again."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.torture.faults import KILL, Fault
from tests.torture.outcome import Suffered
from tests.torture.readiness import Readiness

RECOVERS_WITHIN_S = 120.0
LOOKED_EVERY_S = 0.25
MOST_AT_ONCE = 4


class Storm:
    """`every_s` is the mean time between two faults; what is struck is left alone until it works again.

    Every part is killed once before chance alone chooses. `say` is told of each fault when it is over.
    """

    def __init__(
        self,
        faults: Sequence[Fault],
        readiness: Readiness,
        chance: random.Random,
        every_s: float,
        say: Callable[[str], None],
    ) -> None:
        self._faults, self._readiness, self._chance, self._every_s = faults, readiness, chance, every_s
        self._say = say
        self._kills = [fault for fault in faults if fault.kind == KILL]
        self._begun_s = time.monotonic()
        self._guard = threading.Lock()
        self._struck = set[str]()
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, "fault")
        self.suffered: list[Suffered] = []

    @property
    def opening(self) -> bool:
        """Say whether some part was not killed yet."""
        return bool(self._kills)

    def blow(self, goes_on: Callable[[], bool]) -> None:
        """Strike while `goes_on`, then wait until everything works again."""
        while goes_on():
            time.sleep(min(self._chance.expovariate(1 / self._every_s), 3 * self._every_s))
            if fault := self._next():
                self._pool.submit(self._suffer, fault, self._chance.uniform(*fault.lasts_s))
        self.wait()

    def wait(self) -> None:
        """Wait until no fault is going on."""
        while self._struck:
            time.sleep(LOOKED_EVERY_S)

    def note(self, kind: str, part: str, work: Callable[[], None], watched: str) -> None:
        """Do something once, with nothing else going on, and note it as a fault."""
        self.wait()
        at_s = time.monotonic()
        work()
        self._note(kind, part, at_s, self._recovered(at_s, watched))

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    def _next(self) -> Fault | None:
        with self._guard:
            if len(self._struck) >= MOST_AT_ONCE:
                return None
            free = [one for one in self._kills or self._faults if one.part not in self._struck]
            if not free:
                return None
            fault = self._chance.choices(free, [one.weight for one in free])[0]
            if fault in self._kills:
                self._kills.remove(fault)
            self._struck.add(fault.part)
            return fault

    def _suffer(self, fault: Fault, lasts_s: float) -> None:
        at_s, recovered_s = time.monotonic(), None
        try:
            try:
                fault.begin()
                time.sleep(lasts_s)
            finally:
                fault.end()
            recovered_s = self._recovered(at_s, fault.watched)
        finally:
            self._note(fault.kind, fault.part, at_s, recovered_s)
            with self._guard:
                self._struck.discard(fault.part)

    def _recovered(self, at_s: float, part: str) -> float | None:
        """Return how long after `at_s` the part worked; None when it did not within the limit."""
        time.sleep(LOOKED_EVERY_S)  # a kill is not seen before the supervisor has looked
        while not self._readiness.works(part):
            if time.monotonic() - at_s > RECOVERS_WITHIN_S:
                return None
            time.sleep(LOOKED_EVERY_S)
        return time.monotonic() - at_s

    def _note(self, kind: str, part: str, at_s: float, recovered_s: float | None) -> None:
        with self._guard:
            told = None if recovered_s is None else round(recovered_s, 1)
            self.suffered.append(Suffered(kind, part, round(at_s - self._begun_s, 1), told))
            after = "never worked again" if told is None else f"worked again after {told} s"
            self._say(f"{len(self.suffered)}. {kind} of {part}: {after}")
