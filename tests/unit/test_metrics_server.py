"""Health and figures of a runtime that answers no other requests."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from regulars.errors import ConfigurationRefused
from regulars.metrics_server import MetricsServer

TOKEN = "t"


@dataclass
class Runtime:
    """What has figures and works or not."""

    alive: bool = True
    answers: bool = True

    def figures(self) -> bytes:
        if not self.answers:
            raise TimeoutError("nobody answers")
        return b"a 1\n"


@contextmanager
def asking(runtime: Runtime, token: str = TOKEN) -> Generator[Callable[[str], int]]:
    """Yield what asks for a path with the bearer token TOKEN and says the status of the answer."""
    server = MetricsServer("127.0.0.1:0", token, lambda: runtime.alive, runtime.figures)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers=headers, trust_env=False) as client:
            yield lambda path: client.get(path).status_code
    finally:
        server.close()


def test_it_is_healthy_while_its_work_goes_on_and_tells_its_figures_while_it_can() -> None:
    runtime = Runtime()
    with asking(runtime) as ask:
        assert (ask("/healthz"), ask("/metrics"), ask("/anything")) == (200, 200, 404)
        runtime.alive = False
        assert ask("/healthz") == 503
        runtime.answers = False
        assert ask("/metrics") == 503


@pytest.mark.parametrize("token", ["other", ""])
def test_without_the_token_there_are_no_figures(token: str) -> None:
    with asking(Runtime(), token) as ask:
        assert ask("/metrics") == 404


@pytest.mark.parametrize(
    "listen", ["9100", "127.0.0.1:", "127.0.0.1:port", "127.0.0.1:70000", "no-such-host.invalid:1"]
)
def test_an_address_that_cannot_be_listened_at_is_refused_by_its_name(listen: str) -> None:
    with pytest.raises(ConfigurationRefused, match="REGULARS_FIGURES_LISTEN"):
        MetricsServer(listen, "t", lambda: True, lambda: b"")
