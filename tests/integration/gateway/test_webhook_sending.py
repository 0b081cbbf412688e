"""What is sent leaves over TLS that is verified, in production to nobody inside, and waits for nobody long."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from functions.gateway.app import create_app
from regulars.adapters.webhooks_http import EXCERPT_BYTES, HttpWebhooks
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.webhook_events import make
from tests.webhook_receiver import WebhookReceiver, write_certificate


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as listening:
        yield listening


@pytest.fixture
def owner(world: World, chain: Chain) -> httpx.Client:
    return world.logged_in(chain.emails["owner"])


def test_a_certificate_is_verified(
    owner: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    certificate = write_certificate(tmp_path / "own.pem")
    with WebhookReceiver(certificate) as safe:
        path = f"/v1/webhooks/{make(owner, safe)['webhook_id']}"
        assert owner.post(f"{path}/test").json()["attempts"][0]["failure"] == "tls"
        assert safe.received == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    app = create_app(world.settings, clock=world.clock)
    with WebhookReceiver(certificate) as safe:
        sent = app.state.parts.out.post(safe.url, b"{}", {})
        assert (sent.status, sent.failure) == (204, None)
        wrong_name = app.state.parts.out.post(safe.url.replace("localhost", "127.0.0.1"), b"{}", {})
        assert wrong_name.failure == "tls"
    app.state.parts.close()


def test_production_sends_nothing_inside_whatever_a_name_says(
    world: World, monkeypatch: pytest.MonkeyPatch, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    production = create_app(world.settings.model_copy(update={"mode": "production"}), clock=world.clock)
    out = production.state.parts.out
    with WebhookReceiver(write_certificate(tmp_path / "own.pem")) as safe:
        outside_and_inside = [(2, 1, 6, "", (address, safe.port)) for address in ("93.184.216.34", "127.0.0.1")]

        def resolve(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
            return outside_and_inside

        monkeypatch.setattr("socket.getaddrinfo", resolve)
        assert out.post(f"https://rebound.example.com:{safe.port}/hook", b"{}", {}).failure == "address_refused"
        assert out.post(receiver.url, b"{}", {}).failure == "address_refused"
        assert safe.received == receiver.received == []
    monkeypatch.undo()
    production.state.parts.close()


def test_an_endless_or_dripping_answer_is_cut_off(receiver: WebhookReceiver) -> None:
    receiver.answers = [b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3_000_000]
    long = HttpWebhooks(inside_too=True).post(receiver.url, b"{}", {})
    assert (long.status, len(long.excerpt)) == (200, EXCERPT_BYTES)
    receiver.hold.clear()
    slow = HttpWebhooks(inside_too=True, within_s=0.2).post(receiver.url, b"{}", {})
    assert (slow.status, slow.failure) == (None, "timeout")
