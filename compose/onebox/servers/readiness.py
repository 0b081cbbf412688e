"""A server is up when it answers, not when its process runs: ask it until it does, or say why not."""

import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from compose.onebox.processes import Supervisor
from regulars.errors import DependencyAway

_ASK_EVERY_S = 0.05
_DEATHS_ALLOWED = 3
_LINES_SHOWN = 15


def last_lines(log: Path, count: int = _LINES_SHOWN) -> str:
    """Return the end of a log file, indented."""
    if not log.exists():
        return "  (no log was written)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return "\n".join(f"  {line[:300]}" for line in lines[-count:]) or "  (the log is empty)"


def wait_until_ready(
    supervisor: Supervisor, name: str, log: Path, ask: Callable[[], str | None], within_s: float = 60.0
) -> None:
    """Return once `ask` answers None; otherwise it says what is still missing.

    Raises DependencyAway with the last answer and the last log lines when the time is over, or as soon as the process
    has died three times since it was launched.
    """
    begun = time.monotonic()
    while True:
        missing = ask()
        if missing is None:
            return
        died = supervisor.deaths(name)
        waited_s = time.monotonic() - begun
        if died >= _DEATHS_ALLOWED or waited_s > within_s:
            why = f"died {died} times" if died >= _DEATHS_ALLOWED else f"was not ready after {waited_s:.0f} s"
            raise DependencyAway(f"{name} {why}: {missing}. The end of its log ({log}):\n{last_lines(log)}")
        time.sleep(_ASK_EVERY_S)


def http_answers(url: str, *good: int) -> str | None:
    """Return None when the http:// URL answers with one of these status codes, else what it answered.

    It is asked twenty times a second beside what is starting: a client that reads certificates each time takes a core.
    """
    asked = urlsplit(url)
    connection = HTTPConnection(asked.netloc, timeout=2.0)
    try:
        connection.request("GET", asked.path)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        return f"{url} does not answer ({type(error).__name__})"
    finally:
        connection.close()
    return None if status in good else f"{url} answers {status}"


def port_answers(port: int) -> str | None:
    """Return None when something listens on this port of 127.0.0.1, else what is missing."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2.0).close()
    except OSError as error:
        return f"port {port} does not answer ({type(error).__name__})"
    return None
