"""The demo's chain with a past, made beside a running onebox at its first start: nothing waits for it."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from compose.onebox.box import Onebox, Say
from compose.onebox.first_start import Chain
from compose.onebox.past_login import is_made, login
from compose.onebox.processes import child_environment
from regulars.errors import DependencyAway
from regulars.settings import CHECKOUT
from regulars.store.session import connect, transaction
from regulars.store.sightings import sightings_between
from regulars.tenancy import Tenancy

_ASK_EVERY_S = 1.0
_LONGEST_WAIT_S = 60.0
_LOWEST_PRIORITY = 19


class PastBeside:
    """Waits for the first visit of the demo's own chain, or a minute, and then has the past made by a child process."""

    def __init__(self, box: Onebox, chain: Chain, say: Say) -> None:
        self._box = box
        self._chain = chain
        self._say = say
        self._closing = threading.Event()
        self._making: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._make, name="past-beside", daemon=True)
        self.login = login(box.place)

    def start(self) -> bool:
        """Begin, unless it is there; return at once whether it is."""
        engine = connect(self._box.database_url, pool_size=1)
        there = is_made(engine)
        engine.dispose()
        if not there:
            self._thread.start()
        return there

    def close(self) -> None:
        """Give up what is not made: the next start makes it anew."""
        self._closing.set()
        if self._making and self._making.poll() is None:
            self._making.terminate()
        if self._thread.ident is not None:
            self._thread.join(3.0)

    def _make(self) -> None:
        self._wait_for_a_visit()
        if self._closing.is_set():
            return
        log = self._box.place.log("past")
        with log.open("ab") as written:
            self._making = subprocess.Popen(
                [sys.executable, "-m", "compose.onebox.past"],
                cwd=CHECKOUT,
                env=child_environment(REGULARS_DATA_DIR=str(self._box.place.root)),
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        os.setpriority(os.PRIO_PROCESS, self._making.pid, _LOWEST_PRIORITY)
        if self._making.wait() == 0:
            self._say(f"the chain with a simulated past is there: log in as {self.login.email}")
        elif not self._closing.is_set():
            self._say(f"the chain with a simulated past could not be made, all else runs on; see {log}")

    def _wait_for_a_visit(self) -> None:
        engine, tenant_id = connect(self._box.database_url, pool_size=1), self._chain.tenant.tenant_id
        since = datetime.now(UTC) - timedelta(minutes=1)
        seen = False
        for _ in range(round(_LONGEST_WAIT_S / _ASK_EVERY_S)):
            with suppress(DependencyAway), transaction(engine, Tenancy(tenant_id)) as connection:
                seen = bool(sightings_between(connection, tenant_id, since, datetime.now(UTC)))
            if seen or self._closing.wait(_ASK_EVERY_S):
                break
        engine.dispose()
