"""A POST with an idempotency key is carried out once, however often and wherever it is sent."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import text

from functions.gateway.app import create_app
from functions.gateway.auth.caller import Caller, may
from functions.gateway.envelope import MAX_BODY_BYTES
from functions.gateway.idempotency import MOST_KEPT_BYTES
from functions.gateway.parts import PartsDep
from regulars.ids import new_id
from regulars.store import idempotency
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import PASSWORD, Chain, World, serving

SITE = {"name": "Quận 3", "time_zone": "Asia/Ho_Chi_Minh"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": new_id().hex}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def sites_of(owner: httpx.Client) -> int:
    return owner.get("/v1/sites").text.count('"site_id"')


@pytest.fixture
def owner(world: World, chain: Chain) -> httpx.Client:
    return world.logged_in(chain.emails["owner"])


@pytest.fixture
def replica(world: World) -> Iterator[httpx.Client]:
    """A second gateway on the same database."""
    app = create_app(world.settings, clock=world.clock)
    with serving(app) as url, httpx.Client(base_url=url) as client:
        yield client


def test_what_is_sent_again_is_answered_again_and_not_done_again(owner: httpx.Client) -> None:
    sent = key()
    first, again = (owner.post("/v1/sites", json=SITE, headers=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert (again.headers["idempotency-replayed"], again.headers["content-type"]) == ("true", "application/json")
    assert sites_of(owner) == 2


def test_without_a_key_or_with_another_it_is_done_again(owner: httpx.Client) -> None:
    made = [owner.post("/v1/sites", json=SITE, headers=headers) for headers in ({}, {}, key(), key())]
    assert [one.status_code for one in made] == [201] * 4
    assert sites_of(owner) == 5


def test_the_same_key_with_another_request_is_refused(owner: httpx.Client) -> None:
    sent = key()
    owner.post("/v1/sites", json=SITE, headers=sent)
    other_body = owner.post("/v1/sites", json=SITE | {"name": "Quận 4"}, headers=sent)
    other_path = owner.post("/v1/cameras", json=SITE, headers=sent)
    other_query = owner.post("/v1/sites?x=1", json=SITE, headers=sent)
    for refused in (other_body, other_path, other_query):
        assert code(refused) == (422, "idempotency_key_reused")
    assert sites_of(owner) == 2


def test_a_key_belongs_to_its_caller(world: World, owner: httpx.Client) -> None:
    sent = key()
    other = world.logged_in(world.add_chain("Bún Chả").emails["owner"])
    first, second = (client.post("/v1/sites", json=SITE, headers=sent) for client in (owner, other))
    assert first.json()["site_id"] != second.json()["site_id"]


def test_who_may_no_longer_do_it_gets_no_answer_again(world: World, chain: Chain, owner: httpx.Client) -> None:
    sent = key()
    owner.post("/v1/sites", json=SITE, headers=sent)
    assert world.client().post("/v1/sites", json=SITE, headers=sent).status_code == 401
    assert world.logged_in(chain.emails["analyst"]).post("/v1/sites", json=SITE, headers=sent).status_code == 403


def test_what_was_refused_leaves_its_key_free(owner: httpx.Client) -> None:
    sent = key()
    assert code(owner.post("/v1/sites", json={"name": ""}, headers=sent)) == (422, "invalid_request")
    assert owner.post("/v1/sites", json=SITE, headers=sent).status_code == 201


def test_a_fault_of_ours_leaves_its_key_free(owner: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = key()

    def fail(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("regulars.store.tenants.add_site", fail)
        assert owner.post("/v1/sites", json=SITE, headers=sent).status_code == 500
    assert owner.post("/v1/sites", json=SITE, headers=sent).status_code == 201


def test_of_many_at_once_on_two_replicas_one_is_carried_out(
    world: World, chain: Chain, owner: httpx.Client, replica: httpx.Client
) -> None:
    replica.post("/v1/auth/login", json={"email": chain.emails["owner"], "password": PASSWORD}).raise_for_status()
    sent = key()

    def send(number: int) -> httpx.Response:
        return (owner, replica)[number % 2].post("/v1/sites", json=SITE, headers=sent)

    with ThreadPoolExecutor(12) as several:
        answers = list(several.map(send, range(12)))
    made = {answer.json()["site_id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    for refused in [answer for answer in answers if answer.status_code != 201]:
        assert code(refused) == (409, "request_running")
        assert refused.headers["retry-after"]
    assert sites_of(owner) == 2


def claimed_by_a_gateway_that_died(world: World, chain: Chain, *, carried_out: bool) -> None:
    """Leave the row of the last key as a gateway leaves it that is killed before (or right after) it has committed."""
    with transaction(world.parts.engine, PLATFORM) as connection:
        connection.execute(
            text(
                "update idempotency_keys set status = null, headers = null, body_sealed = null, carried_out = :done"
                " where tenant_id = :tenant"
            ),
            {"done": carried_out, "tenant": chain.tenant_id},
        )


def test_a_request_whose_gateway_died_before_the_change_can_be_sent_again_after_a_minute(
    world: World, chain: Chain, owner: httpx.Client
) -> None:
    sent = key()
    owner.post("/v1/sites", json=SITE, headers=sent)
    claimed_by_a_gateway_that_died(world, chain, carried_out=False)
    assert code(owner.post("/v1/sites", json=SITE, headers=sent)) == (409, "request_running")
    world.clock.pass_by(61)
    assert code(owner.post("/v1/sites", json=SITE | {"name": "x"}, headers=sent)) == (422, "idempotency_key_reused")
    assert owner.post("/v1/sites", json=SITE, headers=sent).status_code == 201


def test_a_request_whose_gateway_died_after_the_change_is_not_carried_out_twice(
    world: World, chain: Chain, owner: httpx.Client
) -> None:
    sent = key()
    owner.post("/v1/sites", json=SITE, headers=sent)
    claimed_by_a_gateway_that_died(world, chain, carried_out=True)
    assert code(owner.post("/v1/sites", json=SITE, headers=sent)) == (409, "request_running")
    world.clock.pass_by(61)
    lost = owner.post("/v1/sites", json=SITE, headers=sent)
    assert code(lost) == (409, "answer_lost")
    assert lost.json()["retry"] is False
    assert sites_of(owner) == 2


def test_one_that_runs_too_long_cannot_commit_after_another_took_over(
    world: World, chain: Chain, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, real = key(), idempotency.carry_out
    second: list[httpx.Response] = []

    def slowly(connection: Any, claim: idempotency.Claim) -> bool:
        monkeypatch.setattr(idempotency, "carry_out", real)
        world.clock.pass_by(61)
        second.append(owner.post("/v1/sites", json=SITE, headers=sent))
        return real(connection, claim)

    monkeypatch.setattr(idempotency, "carry_out", slowly)
    first = owner.post("/v1/sites", json=SITE, headers=sent)
    assert (code(first), second[0].status_code) == ((409, "request_running"), 201)
    assert sites_of(owner) == 2


def test_a_key_is_forgotten_after_a_day_and_its_row_purged(world: World, chain: Chain) -> None:
    at = world.clock()
    tomorrow = at + timedelta(hours=24)

    def claim(now: datetime, request: bytes) -> idempotency.Claim | idempotency.Earlier:
        return idempotency.claim_key(connection, f"user:{chain.site_id}", chain.tenant_id, b"key", request, now)

    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        assert isinstance(claim(at, b"first"), idempotency.Claim)
        assert isinstance(claim(tomorrow - timedelta(seconds=1), b"other"), idempotency.Earlier)
        assert isinstance(claim(tomorrow, b"other"), idempotency.Claim)
        assert idempotency.purge_answers(connection, tomorrow + timedelta(hours=23)) == 0
        assert idempotency.purge_answers(connection, tomorrow + timedelta(hours=24)) == 1


def test_the_kept_answer_is_not_readable_in_the_database(world: World, chain: Chain, owner: httpx.Client) -> None:
    owner.post("/v1/sites", json=SITE, headers=key())
    with transaction(world.parts.engine, PLATFORM) as connection:
        rows = connection.execute(
            text("select body_sealed, headers from idempotency_keys where tenant_id = :tenant"),
            {"tenant": chain.tenant_id},
        ).all()
    assert len(rows) == 1
    assert b"Qu" not in bytes(rows[0].body_sealed)
    assert set(rows[0].headers) <= {"content-type", "location", "etag"}


@pytest.mark.parametrize("bad", ["", "with space", "x" * 201])
def test_a_key_that_is_none_is_refused(owner: httpx.Client, bad: str) -> None:
    refused = owner.post("/v1/sites", json=SITE, headers={"Idempotency-Key": bad})
    assert (code(refused), refused.json()["reason"]) == ((422, "input_refused"), "bad_idempotency_key")


def test_the_bodys_limit_holds_with_a_key(owner: httpx.Client) -> None:
    assert code(owner.post("/v1/sites", content=iter([bytes(MAX_BODY_BYTES + 1)]), headers=key())) == (413, "too_large")


def test_a_stream_goes_out_as_it_comes_and_is_not_kept(world: World, chain: Chain) -> None:
    app, runs = create_app(world.settings, clock=world.clock), list[str]()
    app.include_router(streaming(runs))
    with serving(app) as url, httpx.Client(base_url=url) as client:
        client.post("/v1/auth/login", json={"email": chain.emails["owner"], "password": PASSWORD}).raise_for_status()
        for path, told in (("/events", "data: one\n\n"), ("/much", "x" * (MOST_KEPT_BYTES + 10))):
            sent = key()
            assert client.post(path, headers=sent).text == told
            assert code(client.post(path, headers=sent)) == (409, "answer_lost")
    assert runs == ["/events", "/much"]


def streaming(runs: list[str]) -> APIRouter:
    """Routes like none that there is today: a POST that answers with a stream."""
    router = APIRouter()

    @router.post("/events")
    def events(parts: PartsDep, caller: Annotated[Caller, may("visits.see")]) -> StreamingResponse:
        runs.append("/events")
        return StreamingResponse(iter(["data: one\n\n"]), media_type="text/event-stream")

    @router.post("/much")
    def much(parts: PartsDep, caller: Annotated[Caller, may("visits.see")]) -> StreamingResponse:
        runs.append("/much")
        return StreamingResponse(iter(["x"] * 10 + ["x" * MOST_KEPT_BYTES]), media_type="text/plain")

    return router
