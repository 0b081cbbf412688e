"""Whether what a process leans on answers: asked beside its requests, and told within a second or two."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait

from anyio import CapacityLimiter, to_thread

from regulars.errors import DependencyAway, RegularsError

_LOOKERS_AT_ONCE = 8


class Dependencies:
    """Asks each dependency in a thread of its own, all at once; threads may share it.

    `within_s` is shorter than any probe waits (two seconds in the onebox, ten in Kubernetes), to which a late answer is
    none. What has not answered yet is not asked a second time: however often somebody looks, one call hangs at most.
    """

    def __init__(self, checks: Mapping[str, Callable[[], None]], within_s: float) -> None:
        self._checks, self._within_s = checks, within_s
        self._guard = threading.Lock()
        self._asking: dict[str, Future[str]] = {}
        self._lookers = CapacityLimiter(_LOOKERS_AT_ONCE)

    async def told(self) -> dict[str, str]:
        """Return `answers` by threads apart: behind a queue of requests a probe would take busy for dead."""
        return await to_thread.run_sync(self.answers, limiter=self._lookers)

    def answers(self) -> dict[str, str]:
        """Return `ok` or the error's code of each; who does not answer in time is `dependency_away`."""
        asked = {name: self._ask(name) for name in self._checks}
        wait(asked.values(), self._within_s)
        return {name: answer.result() if answer.done() else DependencyAway.code for name, answer in asked.items()}

    def _ask(self, name: str) -> Future[str]:
        with self._guard:
            answer = self._asking.get(name)
            if answer is None or answer.done():
                answer = self._asking[name] = Future()
                threading.Thread(target=self._wait_for, args=(name, answer), name=f"ask {name}", daemon=True).start()
            return answer

    def _wait_for(self, name: str, answer: Future[str]) -> None:
        try:
            self._checks[name]()
        except RegularsError as failure:
            answer.set_result(failure.code)
        except Exception as fault:  # noqa: BLE001 - it belongs to who asked
            answer.set_exception(fault)
        else:
            answer.set_result("ok")
