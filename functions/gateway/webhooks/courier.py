"""Beside the routes, in the gateway's process: delivers webhooks within a second, and looks after the cameras' outages.

Every replica has one; what one of them has in hand, the others leave alone.
"""

import logging
import threading
from datetime import timedelta

from regulars.errors import RegularsError
from regulars.steps.deliver_webhooks import AT_ONCE, OF_A_CHAIN, Courier
from regulars.steps.watch_cameras import watch_cameras
from regulars.store.listening import notifications
from regulars.store.outbox import CHANNEL, WebhookKey, next_due_at
from regulars.store.outbox_log import forget_old
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM

LOOK_EVERY_S = 5.0
FORGET_EVERY = timedelta(hours=1)
_log = logging.getLogger("regulars.gateway.courier")


class CourierThreads:
    """Wakes at a notification, when the next try is due, and every 5 s for the cameras.

    Its threads end with the process: what is on its way then is sent again by whoever comes next.
    """

    def __init__(self, courier: Courier, database_url: str) -> None:
        self._courier = courier
        self._database_url = database_url
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._in_hand: set[WebhookKey] = set()
        self._lock = threading.Lock()
        self._forgot_at = courier.clock() - FORGET_EVERY
        self._threads = [
            threading.Thread(target=run, name=name, daemon=True)
            for run, name in ((self._run, "courier"), (self._listen, "courier-listens"))
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, within_s: float = 3.0) -> None:
        """End; a message that is on its way is not waited for."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(within_s)

    def _listen(self) -> None:
        for _ in notifications(self._database_url, self._stop, [CHANNEL]):
            self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            wait_s = LOOK_EVERY_S
            try:
                wait_s = self._look()
            except RegularsError as failure:
                _log.warning("%s: %s", failure.code, failure)
            except Exception:  # noqa: BLE001 - nobody else tells the webhooks: what goes wrong once must not end it
                _log.exception("webhooks could not be looked after")
            self._wake.wait(wait_s)

    def _look(self) -> float:
        """Hand out what is due; return how long nothing else will be."""
        now = self._courier.clock()
        watch_cameras(engine=self._courier.engine, now=now)
        if now - self._forgot_at >= FORGET_EVERY:
            with transaction(self._courier.engine, PLATFORM) as connection:
                forget_old(connection, now)
            self._forgot_at = now
        for key in self._courier.due():
            with self._lock:
                of_it = sum(one.tenant_id == key.tenant_id for one in self._in_hand)
                if key in self._in_hand or len(self._in_hand) >= AT_ONCE or of_it >= OF_A_CHAIN:
                    continue
                self._in_hand.add(key)
            threading.Thread(target=self._serve, args=(key,), name="webhook", daemon=True).start()
        with transaction(self._courier.engine, PLATFORM) as connection:
            next_at = next_due_at(connection)
        left_s = (next_at - self._courier.clock()).total_seconds() if next_at else LOOK_EVERY_S
        return min(max(left_s, 0.2), LOOK_EVERY_S)

    def _serve(self, key: WebhookKey) -> None:
        tried = 0
        try:
            tried = self._courier.serve(key)
        except RegularsError as failure:
            _log.warning("%s: %s", failure.code, failure)
        except Exception:  # noqa: BLE001 - told in the log; the next look tries again
            _log.exception("a webhook could not be served")
            self._stop.wait(LOOK_EVERY_S)
        finally:
            with self._lock:
                self._in_hand.discard(key)
        if tried:
            self._wake.set()
