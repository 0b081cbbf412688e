"""Passwords: argon2id, with the same work done for an account that does not exist."""

import secrets
from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from regulars.errors import InputRefused

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 1024
_AT_ONCE = 4


class Passwords:
    """Hashes and checks with argon2's defaults (RFC 9106, low memory: 64 MiB), four at once to bound the memory."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turns = BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        with self._turns:
            return self._hasher.hash(password)

    def match(self, stored: str | None, password: str) -> bool:
        """Say whether this is the password; `stored` None (no such account) takes as long and is never a match."""
        with self._turns:
            try:
                return self._hasher.verify(stored or self._nobodys, password) and stored is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, stored: str) -> bool:
        """Say whether a hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(32))


def check_new_password(password: str, email: str) -> None:
    """Return when this may be a password: long enough to be not guessed, and not the account's own name.

    No rule on what it is made of: those make people write `Password1!`. Raises InputRefused.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        raise InputRefused("password_too_short", f"A password has at least {MIN_PASSWORD_LENGTH} characters.")
    if password.casefold() in (email.casefold(), email.casefold().partition("@")[0]):
        raise InputRefused("password_is_email", "A password must not be the e-mail address.")
    if len(set(password)) == 1:
        raise InputRefused("password_too_simple", "A password must be more than one character repeated.")
