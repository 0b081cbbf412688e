"""A camera that should run and does not is told once, after a moment's patience, and so is that it runs again."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from regulars.domain.cameras import HeartbeatAnswer
from regulars.domain.webhooks import EVENT_TYPES
from regulars.ids import new_id
from regulars.steps.watch_cameras import PATIENCE, watch_cameras
from regulars.store.session import transaction
from regulars.store.webhooks import Webhook, add_webhook, remove_webhook
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World


@pytest.fixture
def camera_id(world: World, chain: Chain) -> Iterator[UUID]:
    """A camera of a chain that wants to be told everything, until the end of the test."""
    webhook = Webhook(
        chain.tenant_id, new_id(), "all", "http://127.0.0.1:1/", [*EVENT_TYPES], None, False, True, b"", world.clock()
    )
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        add_webhook(connection, webhook)
    yield world.add_camera(chain)
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        remove_webhook(connection, chain.tenant_id, webhook.webhook_id)


def beat(world: World, chain: Chain, answer: HeartbeatAnswer | None, **state: Any) -> HeartbeatAnswer:
    told = [
        {"camera_id": str(held.camera_id), "lease_id": str(held.lease_id), **state}
        for held in (answer.cameras if answer else ())
    ]
    return world.beat(chain.worker_key, "box", 4, told)


def told(world: World, chain: Chain) -> list[tuple[str, dict[str, Any]]]:
    """Look after the cameras, then return all that was put into the outbox."""
    watch_cameras(engine=world.parts.courier.engine, now=world.clock())
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        rows = connection.execute(
            text("select type, data from webhook_deliveries where tenant_id = :own order by created_at"),
            {"own": chain.tenant_id},
        )
        return [(row.type, row.data) for row in rows]


def test_a_camera_that_was_given_up_is_told_at_once_and_that_it_runs_again(
    world: World, chain: Chain, camera_id: UUID
) -> None:
    held = beat(world, chain, None)
    held = beat(world, chain, held, state="running")
    assert told(world, chain) == []
    held = beat(world, chain, held, state="failed", reason="wrong_password")
    ((kind, data),) = told(world, chain)
    assert (kind, data["camera_id"], data["reason"]) == ("camera.failed", str(camera_id), "wrong_password")
    assert len(told(world, chain)) == 1
    world.clock.pass_by(10)
    beat(world, chain, held, state="running")
    kind, data = told(world, chain)[-1]
    assert (kind, data["failed_for_s"], len(told(world, chain))) == ("camera.recovered", 10, 2)


def test_a_stream_that_comes_back_soon_is_not_told_and_one_that_does_not_is(
    world: World, chain: Chain, camera_id: UUID
) -> None:
    held = beat(world, chain, None)
    held = beat(world, chain, held, state="reconnecting", reason="unreachable")
    assert told(world, chain) == []
    world.clock.pass_by(PATIENCE.total_seconds() - 1)
    held = beat(world, chain, held, state="running")
    assert told(world, chain) == []
    held = beat(world, chain, held, state="reconnecting", reason="unreachable")
    assert told(world, chain) == []
    world.clock.pass_by(PATIENCE.total_seconds())
    beat(world, chain, held, state="reconnecting", reason="unreachable")
    assert [(kind, data["reason"]) for kind, data in told(world, chain)] == [("camera.failed", "unreachable")]


def test_a_worker_that_died_is_told_and_a_camera_that_nobody_wants_is_not(
    world: World, chain: Chain, camera_id: UUID
) -> None:
    held = beat(world, chain, None)
    beat(world, chain, held, state="running")
    world.clock.pass_by(PATIENCE.total_seconds())
    assert told(world, chain) == []
    world.clock.pass_by(PATIENCE.total_seconds())
    assert [(kind, data["reason"]) for kind, data in told(world, chain)] == [("camera.failed", "no_worker")]
    owner = world.logged_in(chain.emails["owner"])
    assert owner.patch(f"/v1/cameras/{camera_id}", json={"wanted_state": "stopped"}).status_code == 200
    assert [kind for kind, _ in told(world, chain)] == ["camera.failed"]
