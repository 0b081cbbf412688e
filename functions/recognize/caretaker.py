"""Beside the events: a thread that checks the index once, then finds the tracks whose events were lost.

Another one forgets who left the galleries held in memory, however busy the first is.
"""

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta

from regulars.errors import DependencyAway, RegularsError
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.drop_shots import drop_counted_shots
from regulars.steps.index_templates import index_pending
from regulars.steps.lost_tracks import YOUNGEST
from regulars.steps.make_looks import make_looks
from regulars.steps.recognize import Recognizer
from regulars.steps.reconcile import reconcile

RETRY_S = 2.0
FORGET_EVERY_S = 60.0
"""So long at most is somebody held in memory who was erased from a gallery that nobody searches meanwhile."""
SOON_S = YOUNGEST.total_seconds() + 2
"""After the first look: what was too young for it, because it was written while this process started."""
_log = logging.getLogger(__name__)


class Caretaker:
    """Works at the start, and every `every_s` when no event is being handled; 0: only at the start.

    A store that does not repeat its events (SeaweedFS) loses them whenever recognize is away, so each start looks for
    what is left over from yesterday and today. Where stores do repeat them, a flow does this by the clock.
    """

    def __init__(self, recognizer: Recognizer, every_s: float) -> None:
        self._index_checked = threading.Event()
        self._recognizer = recognizer
        self._every_s = every_s
        self._stopping = threading.Event()
        self._counting = threading.Lock()
        self._in_hand = 0
        self._threads = [
            threading.Thread(target=self._run, name="caretaker", daemon=True),
            threading.Thread(target=self._forget_gone, name="forgetting", daemon=True),
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, within_s: float = 3.0) -> None:
        """End after the track in hand; what is cut off was not committed and is found again."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(within_s)

    def refuse_before_check(self) -> None:
        """Raise DependencyAway until the index was compared: whom it lost could be enrolled a second time."""
        if not self._index_checked.is_set():
            raise DependencyAway("The vector index is still being compared with PostgreSQL; send it again.")

    @contextmanager
    def busy(self) -> Generator[None]:
        """Say that an event is in hand."""
        with self._counting:
            self._in_hand += 1
        try:
            yield
        finally:
            with self._counting:
                self._in_hand -= 1

    def _run(self) -> None:
        while not self._stopping.is_set() and not self._tried(self._recognizer.repair):
            self._stopping.wait(RETRY_S)
        self._index_checked.set()
        wait_s = min(self._every_s, SOON_S)
        while not self._stopping.is_set():
            done = self._tried(self._catch_up)
            if done and not self._every_s:
                return
            self._stopping.wait(wait_s if done else RETRY_S)
            wait_s = self._every_s if done else wait_s
            while self._in_hand and not self._stopping.is_set():
                self._stopping.wait(RETRY_S)

    def _forget_gone(self) -> None:
        while not self._stopping.wait(FORGET_EVERY_S):
            self._tried(lambda: self._recognizer.held.forget_gone(self._recognizer.engine))

    def _catch_up(self) -> None:
        catch_up(self._recognizer, self._stopping.is_set)

    def _tried(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except RegularsError as failure:
            _log.warning("%s: %s", failure.code, failure)
            return False
        except Exception:  # noqa: BLE001 - nobody else looks for what was lost: what goes wrong once must not end it
            _log.exception("a defect beside the events")
            return False
        return True


def catch_up(recognizer: Recognizer, stopping: Callable[[], bool]) -> None:
    """Do what crashes, outages and corrections have left, and find yesterday's and today's lost tracks.

    Ends early, between two pieces of work, once `stopping` says so; the next time goes on. Raises DependencyAway.
    """
    recognizer.held.forget_gone(recognizer.engine)
    pack = recognizer.pack
    for _ in index_pending(
        engine=recognizer.engine, vectors=recognizer.vectors, pack=pack.digest, dimension=pack.dimension
    ):
        if stopping():
            return
    if made := make_looks(recognizer):
        _log.info("%d looks made for customers who were put right by hand", made)
    if dropped := drop_counted_shots(engine=recognizer.engine, objects=recognizer.objects):
        _log.info("pictures of %d tracks that were only counted deleted", dropped)
    for done in carry_out_erasures(
        engine=recognizer.engine,
        objects=recognizer.objects,
        vectors=recognizer.vectors,
        actor="recognize",
        now=recognizer.clock(),
    ):
        _log.info("erasure %s carried out", done.erasure_id)
    today = recognizer.clock().date()
    for found in reconcile(recognizer, today - timedelta(days=1), today, recorded_too=True):
        if found.handled:
            _log.info("%d tracks whose events were lost, camera %s", len(found.handled), found.place.camera_id)
        if stopping():
            return
