"""Entry point and first start: the platform's first account, `python -m functions.gateway.first_operator [--again]`.

In production the gateway does this by itself when it starts: it makes the operator's account with a one-time password,
printed once, that is good for choosing another one and nothing else. While one that was printed more than 24 h ago is
unchanged, production does not start.
"""

import argparse
import logging
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

from functions.gateway.app import create_app
from functions.gateway.parts import Parts
from regulars.errors import ConfigurationRefused, DependencyAway, InputRefused, RegularsError
from regulars.ids import new_id
from regulars.logs import configure_logs
from regulars.settings import GATEWAY_NEEDS, load_settings
from regulars.store.sessions import end_sessions
from regulars.store.users import User, add_user, an_operator, set_password_hash, temporary_passwords_since
from regulars.tenancy import PLATFORM

TO_CHANGE_WITHIN = timedelta(hours=24)
_AGAIN_AFTER_S = 2.0
_log = logging.getLogger("regulars.gateway")


def ensure_operator(parts: Parts) -> str | None:
    """Make the first operator where there is none; return what to print then, None when there was one.

    Raises ConfigurationRefused in production when a printed password has been left unchanged for too long.
    """
    now = parts.clock()
    with parts.transaction(PLATFORM) as connection:
        since = temporary_passwords_since(connection)
        there_is_one = an_operator(connection) is not None
    if there_is_one:
        if parts.settings.mode == "production" and since is not None and now - since > TO_CHANGE_WITHIN:
            raise ConfigurationRefused(
                f"The operator's printed password of {since:%Y-%m-%d %H:%M} UTC was never changed. Print another with"
                " python -m functions.gateway.first_operator --again, log in and choose your own."
            )
        return None
    email, password = parts.settings.operator_email, secrets.token_urlsafe(15)
    user = User(new_id(), None, email, parts.passwords.hash(password), "operator", now, password_temporary_since=now)
    with parts.transaction(PLATFORM) as connection:
        made = add_user(connection, user)
    return _to_print(email, password) if made else None  # another replica came first and prints its own


def print_again(parts: Parts) -> str:
    """Give the operator another one-time password, because the printed one was lost; return what to print.

    Raises InputRefused when there is no operator yet.
    """
    password = secrets.token_urlsafe(15)
    password_hash = parts.passwords.hash(password)
    with parts.transaction(PLATFORM) as connection:
        user = an_operator(connection)
        if user is None:
            raise InputRefused("no_operator", "There is no operator yet; start without --again.")
        set_password_hash(connection, user.user_id, password_hash, temporary_since=parts.clock())
        end_sessions(connection, user.user_id)
    return _to_print(user.email, password)


class FirstStart(threading.Thread):
    """Makes the operator as soon as PostgreSQL answers, while the gateway starts; calls `refuse` when it must not."""

    def __init__(self, parts: Parts, refuse: Callable[[ConfigurationRefused], None]) -> None:
        super().__init__(name="first-start", daemon=True)
        self._parts, self._refuse = parts, refuse

    def run(self) -> None:
        """Try until it is done."""
        waiting = threading.Event()
        while True:
            try:
                told = ensure_operator(self._parts)
            except DependencyAway:
                waiting.wait(_AGAIN_AFTER_S)
            except ConfigurationRefused as refused:
                self._refuse(refused)
                return
            except Exception:  # noqa: BLE001 - the schema may still be on its way
                _log.warning("the operator's account cannot be looked for yet", exc_info=True)
                waiting.wait(_AGAIN_AFTER_S)
            else:
                if told:
                    sys.stdout.write(told)
                    sys.stdout.flush()
                return


def _to_print(email: str, password: str) -> str:
    return (
        "\n  The platform's operator logs in once with this password and then chooses another:\n\n"
        f"    e-mail    {email}\n    password  {password}\n\n"
    )


def main(words: Sequence[str] | None = None) -> int:
    """Make the first operator, or with --again print another one-time password; 2 for what could not be done."""
    parser = argparse.ArgumentParser(prog="functions.gateway.first_operator", description=__doc__)
    parser.add_argument("--again", action="store_true", help="the printed password was lost: print another")
    arguments = parser.parse_args(words)
    configure_logs()
    try:
        parts: Parts = create_app(load_settings(GATEWAY_NEEDS)).state.parts
        try:
            told = print_again(parts) if arguments.again else ensure_operator(parts)
        finally:
            parts.close()
    except RegularsError as failure:
        sys.stderr.write(f"{failure.code}: {failure}\n")
        return 2
    sys.stdout.write(told or "There is an operator already; nothing was changed.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
