"""Webhooks by their routes and by a real receiver: signed, tried again, logged, told again, switched off."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from regulars.domain.webhooks import FAILING_FOR, LOG_FOR, MOST_TRIES, SECRET_OVERLAP
from regulars.ids import new_id
from regulars.store.audit import entries
from regulars.store.outbox_log import forget_customer, forget_old
from regulars.store.people import change_customer
from regulars.store.session import transaction
from regulars.tenancy import NETWORK_SCOPE_ID, PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_person
from tests.integration.gateway.webhook_events import happen, make, next_try_of, signed_with
from tests.webhook_receiver import WebhookReceiver


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as listening:
        yield listening


@pytest.fixture
def owner(world: World, chain: Chain) -> httpx.Client:
    return world.logged_in(chain.emails["owner"])


def test_an_event_arrives_signed_and_the_owner_reads_how_it_went(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    made = make(owner, receiver)
    event_id = happen(world, chain)
    assert world.parts.courier.run() == 1
    (got,) = receiver.received
    assert (got.path, got.headers["content-type"]) == ("/hook", "application/json")
    assert got.headers["webhook-id"] == str(event_id)
    assert got.headers["webhook-timestamp"] == str(int(world.clock().timestamp()))
    assert signed_with(made["secret"], got)
    assert not signed_with("whsec_AAAA", got)
    body = json.loads(got.body)
    assert (body["type"], body["data"]) == ("visit.started", {"visit_id": "v"})
    path = f"/v1/webhooks/{made['webhook_id']}"
    (listed,) = owner.get(f"{path}/deliveries").json()["items"]
    assert (listed["state"], listed["tries"], listed["next_at"]) == ("delivered", 1, None)
    log = owner.get(f"{path}/deliveries/{event_id}").json()
    assert [(one["status"], one["failure"]) for one in log["attempts"]] == [(204, None)]
    assert str(event_id) in owner.get(f"{path}/deliveries", params={"format": "csv"}).text
    assert "secret" not in owner.get(path).json()
    assert made["secret"] not in owner.get("/v1/webhooks").text


def test_what_is_refused_is_tried_again_for_a_day_and_can_then_be_replayed(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    made = make(owner, receiver)
    path = f"/v1/webhooks/{made['webhook_id']}"
    event_id = happen(world, chain)
    receiver.answers = [500] * MOST_TRIES
    begun = world.clock()
    while world.parts.courier.run():
        if due := next_try_of(world, chain):
            world.clock.now = due
    assert timedelta(hours=19) < world.clock() - begun < timedelta(hours=32)
    owner = world.logged_in(chain.emails["owner"])
    log = owner.get(f"{path}/deliveries/{event_id}").json()
    assert [one["status"] for one in log["attempts"]] == [500] * MOST_TRIES
    assert log["attempts"][0]["response_excerpt"] == "no <b> [2Jthanks"
    assert (log["state"], log["tries"], log["next_at"]) == ("failed", MOST_TRIES, None)
    assert owner.get(path).json()["failing_since"]
    assert world.parts.courier.run() == 0
    assert owner.post(f"{path}/replay").json() == {"replayed": 1}
    world.parts.courier.run()
    log = owner.get(f"{path}/deliveries/{event_id}").json()
    assert (log["state"], log["tries"], len(log["attempts"])) == ("delivered", 1, MOST_TRIES + 1)
    assert {got.headers["webhook-id"] for got in receiver.received} == {str(event_id)}
    assert owner.get(path).json()["failing_since"] is None
    assert owner.post(f"{path}/deliveries/{event_id}/replay").json()["state"] == "waiting"
    assert world.parts.courier.run() == 1


def test_one_that_takes_nothing_for_days_is_switched_off_with_a_notice(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    made = make(owner, receiver)
    path = f"/v1/webhooks/{made['webhook_id']}"
    receiver.answers = [500, 500]
    happen(world, chain)
    world.parts.courier.run()
    assert owner.get(path).json()["active"] is True
    world.clock.pass_by(FAILING_FOR.total_seconds())
    owner = world.logged_in(chain.emails["owner"])
    late = happen(world, chain)
    world.parts.courier.run()
    told = owner.get(path).json()
    assert (told["active"], told["disabled_because"]) == (False, "failing")
    assert told["disabled_at"]
    assert owner.get(f"{path}/deliveries/{late}").json()["state"] == "failed"
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        assert "webhook.disabled" in {entry.action for entry in entries(connection, chain.tenant_id)}
    receiver.answers = []
    again = owner.patch(path, json={"active": True}).json()
    assert (again["active"], again["disabled_at"], again["failing_since"]) == (True, None, None)
    assert owner.post(f"{path}/replay").json() == {"replayed": 2}
    assert world.parts.courier.run() == 2


def test_one_that_is_gone_is_switched_off_at_once(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    made = make(owner, receiver)
    receiver.answers = [410]
    happen(world, chain)
    world.parts.courier.run()
    told = owner.get(f"/v1/webhooks/{made['webhook_id']}").json()
    assert (told["active"], told["disabled_because"]) == (False, "gone")


def test_only_what_was_chosen_is_told(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    other_site = owner.post("/v1/sites", json={"name": "two", "time_zone": "Asia/Ho_Chi_Minh"}).json()["site_id"]
    make(owner, receiver, site_ids=[other_site])
    happen(world, chain)
    happen(world, chain, type="report.ready", site_id=None)
    wanted = {str(happen(world, chain, site_id=UUID(other_site)))}
    off = make(owner, receiver, active=False)
    world.parts.courier.run()
    assert {got.headers["webhook-id"] for got in receiver.received} == wanted
    assert owner.get(f"/v1/webhooks/{off['webhook_id']}/deliveries").json()["items"] == []


def test_an_event_that_is_put_there_twice_is_told_once(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    make(owner, receiver)
    event_id = happen(world, chain)
    happen(world, chain, event_id=event_id)
    assert world.parts.courier.run() == 1
    happen(world, chain, event_id=event_id)
    assert world.parts.courier.run() == 0


def test_a_name_is_told_only_where_its_owner_wants_it_and_lies_nowhere(
    world: World, chain: Chain, owner: httpx.Client
) -> None:
    customer_id = add_person(world, chain, world.clock())
    with transaction(world.parts.engine, Tenancy(chain.tenant_id, NETWORK_SCOPE_ID)) as connection:
        change_customer(connection, NETWORK_SCOPE_ID, customer_id, name="Lan", phone="0901")
    with WebhookReceiver() as plain, WebhookReceiver() as named:
        make(owner, plain)
        made = make(owner, named, include_names=True)
        event_id = happen(world, chain, customer_id=customer_id)
        world.parts.courier.run()
        assert b"Lan" not in plain.received[0].body
        assert json.loads(named.received[0].body)["data"]["name"] == "Lan"
        assert b"0901" not in named.received[0].body
    path = f"/v1/webhooks/{made['webhook_id']}/deliveries/{event_id}"
    assert "Lan" not in owner.get(path).text
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        assert forget_customer(connection, chain.tenant_id, customer_id) == 2
    assert owner.get(path).status_code == 404


def test_after_a_rotation_both_secrets_verify_for_a_day(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    old = make(owner, receiver)
    new = owner.post(f"/v1/webhooks/{old['webhook_id']}/secret").json()
    assert new["secret"] != old["secret"]
    happen(world, chain)
    world.parts.courier.run()
    world.clock.pass_by(SECRET_OVERLAP.total_seconds())
    happen(world, chain)
    world.parts.courier.run()
    first, second = receiver.received
    assert signed_with(new["secret"], first)
    assert signed_with(old["secret"], first)
    assert signed_with(new["secret"], second)
    assert not signed_with(old["secret"], second)


def test_a_test_is_sent_at_once_and_told(owner: httpx.Client, receiver: WebhookReceiver) -> None:
    made = make(owner, receiver, active=False)
    path = f"/v1/webhooks/{made['webhook_id']}/test"
    told = owner.post(path).json()
    assert (told["state"], told["attempts"][0]["status"]) == ("delivered", 204)
    assert json.loads(receiver.received[0].body)["type"] == "webhook.test"
    assert signed_with(made["secret"], receiver.received[0])
    receiver.answers = [b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", b"nonsense\r\n\r\n"]
    told = owner.post(path).json()
    assert (told["state"], told["attempts"][0]["status"], len(receiver.received)) == ("failed", 302, 2)
    assert owner.post(path).json()["attempts"][0]["failure"] == "connection_broken"
    gone = owner.patch(path.removesuffix("/test"), json={"url": "http://127.0.0.1:1/"})
    assert gone.status_code == 200
    assert owner.post(path).json()["attempts"][0]["failure"] == "unreachable"


def test_the_routes_take_what_makes_sense_and_are_the_owners(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    made = make(owner, receiver)
    path = f"/v1/webhooks/{made['webhook_id']}"
    assert owner.post("/v1/webhooks", json={"name": "x", "url": "ftp://x/", "events": ["visit.started"]}).json()[
        "reason"
    ] == ("webhook_url")
    assert owner.patch(path, json={"events": []}).status_code == 422
    assert owner.patch(path, json={"name": None}).json()["reason"] == "webhook_setup"
    assert owner.patch(path, json={"site_ids": [str(new_id())]}).status_code == 404
    assert owner.patch(path, json={"events": ["report.ready"], "site_ids": None}).json()["events"] == ["report.ready"]
    tag = owner.get(path).headers["etag"]
    owner.patch(path, json={"name": "other"})
    assert owner.delete(path, headers={"If-Match": tag}).status_code == 412
    for role in ("manager", "analyst"):
        assert world.logged_in(chain.emails[role]).get("/v1/webhooks").status_code == 403
    stranger = world.logged_in(world.add_chain("Bún").emails["owner"])
    for method, below in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/test"),
                          ("POST", "/replay"), ("GET", "/deliveries"), ("GET", f"/deliveries/{new_id()}"),
                          ("POST", f"/deliveries/{new_id()}/replay")):  # fmt: skip
        assert stranger.request(method, path + below, json={}).status_code == 404, below
    assert stranger.get("/v1/webhooks").json() == {"items": [], "next_cursor": None}
    assert owner.get("/v1/webhooks", params={"q": "OTHER", "sort": "-name"}).json()["items"][0]["name"] == "other"
    assert owner.delete(path).status_code == 204
    assert owner.get(path).status_code == 404


def test_the_log_is_forgotten_after_a_month(
    world: World, chain: Chain, owner: httpx.Client, receiver: WebhookReceiver
) -> None:
    make(owner, receiver)
    happen(world, chain)
    with transaction(world.parts.engine, PLATFORM) as connection:
        assert forget_old(connection, world.clock()) == 0
        assert forget_old(connection, world.clock() + LOG_FOR + timedelta(seconds=1)) >= 1
