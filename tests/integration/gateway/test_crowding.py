"""What one chain's people do must not take the gateway from the others: what is slow elsewhere has few threads here."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pytest

from functions.gateway.app import create_app
from functions.gateway.auth.limits import RULES
from functions.gateway.faces import client as faces
from regulars.steps.deliver_webhooks import AT_ONCE, OF_A_CHAIN
from tests.integration.gateway.conftest import Chain, World, serving
from tests.integration.gateway.webhook_events import happen, make
from tests.webhook_receiver import WebhookReceiver


@pytest.fixture
def hanging() -> Iterator[socket.socket]:
    """A server that takes every connection and answers nobody."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        yield listening


def test_a_recognize_that_hangs_leaves_the_gateway_its_threads(
    world: World, chain: Chain, hanging: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "ANSWER_WITHIN_S", 3.0)
    update = {"recognize_url": f"http://127.0.0.1:{hanging.getsockname()[1]}"}
    owner = world.logged_in(chain.emails["owner"])
    staff_id = owner.post("/v1/staff", json={"name": "Lan"}).json()["staff_id"]
    with serving(create_app(world.settings.model_copy(update=update), clock=world.clock)) as url:
        path, headers = f"{url}/v1/staff/{staff_id}/photographs", {"Content-Type": "image/jpeg"}
        send = partial(httpx.post, content=b"\xff\xd8", headers=headers, cookies=owner.cookies, timeout=60)
        with ThreadPoolExecutor(3 * faces.AT_ONCE) as pool:
            answers = list(pool.map(send, [path] * (3 * faces.AT_ONCE)))
    assert {one.status_code for one in answers} == {503}
    assert {one.json()["retry"] for one in answers} == {True}
    hanging.settimeout(0)
    asked = 0
    while True:
        try:
            hanging.accept()[0].close()
        except BlockingIOError:
            break
        asked += 1
    assert asked == faces.AT_ONCE


def test_a_chain_with_many_webhooks_leaves_the_others_their_turn(world: World, chain: Chain) -> None:
    other = world.add_chain("Bún Chả")
    with WebhookReceiver() as receiver:
        owner = world.logged_in(chain.emails["owner"])
        many = {make(owner, receiver)["webhook_id"] for _ in range(2 * AT_ONCE * 4)}
        happen(world, chain)
        world.clock.pass_by(1)
        others = make(world.logged_in(other.emails["owner"]), receiver)["webhook_id"]
        happen(world, other)
        due = [str(one.webhook_id) for one in world.parts.courier.due()]
        assert others in due
        assert len(many & set(due)) == OF_A_CHAIN
        world.parts.courier.run()
        assert len(receiver.received) == len(many) + 1, "it takes longer, and nothing is left out"


def test_a_chain_tries_its_webhooks_now_and_then(world: World, chain: Chain) -> None:
    most, window_s = RULES["webhook_tests"]
    owner = world.logged_in(chain.emails["owner"])
    with WebhookReceiver() as receiver:
        path = f"/v1/webhooks/{make(owner, receiver)['webhook_id']}/test"
        for _ in range(most - 1):
            world.parts.limits.count("webhook_tests", str(chain.tenant_id))
        assert owner.post(path).status_code == 200
        key = owner.post("/v1/keys", json={"name": "till", "scopes": ["webhooks.change"]}).json()["key"]
        refused = world.client().post(path, headers={"Authorization": f"Bearer {key}"})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
        world.clock.pass_by(window_s + 1)
        assert owner.post(path).status_code == 200
