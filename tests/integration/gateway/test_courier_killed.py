"""The gateway as a process of its own: told within moments, and after kill -9 told again, at least once."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from compose.onebox.place import free_port
from compose.onebox.processes import child_environment
from regulars.settings import CHECKOUT
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.webhook_events import happen, make
from tests.waiting import wait_for
from tests.webhook_receiver import WebhookReceiver

StartGateway = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_gateway(world: World, tmp_path: Path) -> Iterator[StartGateway]:
    """Start a gateway process on the test's database; ended at the end of the test."""
    settings = world.settings
    told = {
        f"REGULARS_{name.upper()}": str(getattr(settings, name))
        for name in ("database_url", "objects_url", "secret_key", "sealing_keys")
    }
    told |= {"REGULARS_RECOGNIZE_URL": "http://127.0.0.1:1", "REGULARS_EVENTS_TOKEN": "of-the-tests"}
    environment = child_environment(REGULARS_DATA_DIR=str(tmp_path), **told)
    with ExitStack() as ending:

        def start() -> "subprocess.Popen[bytes]":
            command = [sys.executable, "-m", "functions.gateway.main", "--port", str(free_port())]
            process = ending.enter_context(subprocess.Popen(command, cwd=CHECKOUT, env=environment))
            ending.callback(process.kill)
            return process

        yield start


def test_a_gateway_killed_between_and_within_tries_loses_nothing(
    world: World, chain: Chain, start_gateway: StartGateway
) -> None:
    owner = world.logged_in(chain.emails["owner"])
    with WebhookReceiver() as receiver:
        path = f"/v1/webhooks/{make(owner, receiver)['webhook_id']}"
        receiver.answers = [500]
        receiver.hold.clear()
        first = start_gateway()
        events = {str(happen(world, chain)) for _ in range(2)}
        receiver.wait_for(1)
        first.kill()  # within the first try, whose answer nobody will hear
        receiver.hold.set()
        first.wait()
        second = start_gateway()
        receiver.answers = [500]
        receiver.wait_for(2)
        second.kill()  # between two tries, or within one
        second.wait()
        start_gateway()
        wait_until_delivered(owner, path)
        assert {got.headers["webhook-id"] for got in receiver.received} == events
        before = len(receiver.received)
        event_id = str(happen(world, chain))
        received = receiver.wait_for(before + 1)
        assert received[-1].headers["webhook-id"] == event_id
        wait_until_delivered(owner, path)


def wait_until_delivered(owner: httpx.Client, path: str) -> None:
    """Return when nothing waits."""

    def states() -> set[str]:
        return {one["state"] for one in owner.get(f"{path}/deliveries").json()["items"]}

    wait_for(lambda: states() == {"delivered"}, "everything was delivered", within_s=200.0)
