"""Health and figures of a runtime that answers no other requests."""

from collections.abc import Callable

import httpx
import pytest

from regulars.errors import ConfigurationRefused
from regulars.metrics_server import MetricsServer

TOKEN = "t"


def asked(path: str, *, alive: bool = True, token: str = TOKEN, text: Callable[[], bytes] = lambda: b"a 1\n") -> int:
    server = MetricsServer("127.0.0.1:0", token, lambda: alive, text)
    try:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.get(f"http://127.0.0.1:{server.port}{path}", headers=headers, trust_env=False).status_code
    finally:
        server.close()


def away() -> bytes:
    raise TimeoutError("nobody answers")


def test_it_is_healthy_while_its_work_goes_on() -> None:
    assert asked("/healthz") == 200
    assert asked("/healthz", alive=False) == 503


def test_figures_are_told_to_who_has_the_token_and_otherwise_there_are_none() -> None:
    assert asked("/metrics") == 200
    assert asked("/metrics", token="other") == 404
    assert asked("/metrics", token="") == 404
    assert asked("/anything") == 404


def test_figures_that_cannot_be_read_are_no_reason_to_end() -> None:
    assert asked("/metrics", text=away) == 503


@pytest.mark.parametrize(
    "listen", ["9100", "127.0.0.1:", "127.0.0.1:port", "127.0.0.1:70000", "no-such-host.invalid:1"]
)
def test_an_address_that_cannot_be_listened_at_is_refused_by_its_name(listen: str) -> None:
    with pytest.raises(ConfigurationRefused, match="REGULARS_FIGURES_LISTEN"):
        MetricsServer(listen, "t", lambda: True, lambda: b"")
