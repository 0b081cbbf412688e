"""How often somebody may try: counted in PostgreSQL, for all replicas together; asked before the costly or secret part.

A route that is dear takes one at its beginning: `parts.limits.take("search", caller)`.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal, Protocol

from functions.gateway.errors import TooManyAttempts
from regulars.store import limits
from regulars.store.session import Engine, transaction
from regulars.tenancy import PLATFORM

Limited = Literal[
    "login",
    "login_of_account",
    "login_from_address",
    "second_factor",
    "reset_of_account",
    "reset_from_address",
    "link_from_address",
    "password",
    "search",
    "uploads",
    "webhook_tests",
    "keys",
    "reports_made",
]

# How many within how many seconds. Of an account from one address; of an account from anywhere, so that many addresses
# do not help; from an address, so that many accounts do not help (a shop's people share one).
# Of a chain: keys, since revoked ones stay in the list and how many live is not all that counts, and reports by hand.
RULES: dict[Limited, tuple[int, float]] = {
    "login": (5, 300.0),
    "login_of_account": (50, 3600.0),
    "login_from_address": (100, 300.0),
    "second_factor": (5, 300.0),
    "reset_of_account": (3, 3600.0),
    "reset_from_address": (30, 3600.0),
    "link_from_address": (30, 300.0),
    "password": (5, 300.0),
    "search": (30, 60.0),
    "uploads": (120, 60.0),
    "webhook_tests": (10, 60.0),
    "keys": (10_000, 86400.0),
    "reports_made": (60, 3600.0),
}


class Actor(Protocol):
    """Whoever has a name under which the audit log knows them."""

    @property
    def actor(self) -> str:
        """The name."""
        ...


class Limits:
    """Counts tries. Every method is one short transaction of its own, so what is refused afterwards stays counted."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def take(self, what: Limited, caller: Actor) -> None:
        """Count a try of the caller's; raise TooManyAttempts when the window has no more of them."""
        self.count(what, caller.actor)

    def count(self, what: Limited, subject: str) -> None:
        """Count a try of `subject` (an account, an address); raise TooManyAttempts when there are no more."""
        (most, window_s), now = RULES[what], self._clock()
        with transaction(self._engine, PLATFORM) as connection:
            taken, ends_at = limits.take(connection, _key(what, subject), timedelta(seconds=window_s), now)
        if taken > most:
            raise TooManyAttempts((ends_at - now).total_seconds())

    def give_back(self, what: Limited, subject: str) -> None:
        """Let a try not count: it was a right one."""
        with transaction(self._engine, PLATFORM) as connection:
            limits.give_back(connection, _key(what, subject))

    def forget(self, what: Limited, subject: str) -> None:
        """Let the subject begin anew."""
        with transaction(self._engine, PLATFORM) as connection:
            limits.forget(connection, _key(what, subject))


def _key(what: Limited, subject: str) -> bytes:
    """Return what is stored: no e-mail and no address can be read from it."""
    return hashlib.sha256(f"{what}\0{subject}".encode()).digest()
